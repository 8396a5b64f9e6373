"""What is suggested while somebody types: municipalities, offices, parties, topics and people.

The names of municipalities, offices and parties come from the vocabulary, which is remembered.
Which of them somebody stands for now, the topics and the people are asked for in one query of the
public rows themselves, whichever engine searches: what is withdrawn is not suggested from that
moment on, and a suggestion always leads to somebody.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.db import connection
from django.utils import timezone

from cms.catalogs.models import CandidacyState, Process, TerritoryKind
from cms.catalogs.names import lower_raised, meanings, written_out
from cms.catalogs.public_paths import CANDIDACY, MUNICIPALITY, SEARCH
from cms.catalogs.spanish import clean_line, fold
from cms.published import selectors, versions
from search.coalitions import with_coalitions
from search.reading import read
from search.vocabulary import Facet, Vocabulary, vocabulary
from search.words import WordLists

# The first three are facets, by their names.
PLACE, OFFICE, ACTOR = "municipio", "cargo", "actor"
TOPIC, PERSON = "tema", "persona"
KINDS = (PLACE, OFFICE, ACTOR, TOPIC, PERSON)
# Fewer letters begin too many words, and no name has more words or letters.
FEWEST_LETTERS = 2
MOST_WORDS = 8
LONGEST_TYPED = 80
MOST = {PLACE: 3, OFFICE: 2, ACTOR: 2, TOPIC: 3, PERSON: 5}
# So many topics are tried; some may be written by nobody.
MOST_TRIED = 2 * MOST[TOPIC]
DETAILS = {
    PLACE: "Su boleta",
    OFFICE: "Todas sus candidaturas",
    ACTOR: "Todas sus candidaturas",
    TOPIC: "Lo que dicen las candidaturas",
}

_WORD = re.compile(r"[^\W_]+")
_LETTERS = re.compile("[a-z]+")
# First the values of facets that somebody public has, then the topics that public answers write,
# then the people: those whose name begins so, which an index gives in order and, only when they are
# few, those who have it further on.
# «offset 0» and «+ 0» keep the planner from comparing every candidacy with every topic: the index
# of the words is looked at for each topic.
_SQL = """
with listed as materialized (
    select kind, value, place
    from rows from (jsonb_to_recordset(%(values)s::jsonb)
            as (kind text, value text, keys bigint[]))
        with ordinality as given (kind, value, keys, place)
    where case kind
        when 'municipio' then exists (
            select from published_publishedcandidacy p
            join published_visibility v on v.process_office_id = p.process_office_id
            where p.process_id = %(process)s and p.territory_id = any (keys)
                and p.state = %(active)s and v.register_during @> %(instant)s)
        when 'cargo' then exists (
            select from published_publishedcandidacy p
            join published_visibility v on v.process_office_id = p.process_office_id
            where p.process_id = %(process)s and p.office_id = any (keys)
                and p.state = %(active)s and v.register_during @> %(instant)s)
        else exists (
            select from published_publishedcandidacy p
            join published_visibility v on v.process_office_id = p.process_office_id
            where p.process_id = %(process)s and p.actor_id = any (keys)
                and p.state = %(active)s and v.register_during @> %(instant)s)
        end
), tried as materialized (
    select topic ->> 0 as words, conoceles_search.asked(topic -> 1) as query, place
    from jsonb_array_elements(%(topics)s::jsonb) with ordinality as given (topic, place)
), topics as (
    select words, place from tried
    where exists (
        select from published_publishedcandidacy p
        join published_visibility v on v.process_office_id = p.process_office_id
        where p.search_vector @@ tried.query and p.process_id + 0 = %(process)s
            and v.answers_during @> %(instant)s and v.register_during @> %(instant)s
        offset 0)
    order by place
    limit %(most_topics)s
), beginning as (
    select p.candidacy_id from published_publishedcandidacy p
    join published_visibility v on v.process_office_id = p.process_office_id
    where p.process_id = %(process)s and p.state = %(active)s
        and v.register_during @> %(instant)s and starts_with(p.sort_key, %(typed)s)
    order by p.sort_key, p.candidacy_id
    limit %(most_people)s
), holding as (
    select p.candidacy_id from published_publishedcandidacy p
    join published_visibility v on v.process_office_id = p.process_office_id
    where (select count(*) from beginning) < %(most_people)s
        and p.process_id = %(process)s and p.state = %(active)s
        and v.register_during @> %(instant)s and p.register_vector @@ %(names)s::tsquery
    order by starts_with(conoceles_fold(p.name), %(typed)s) desc, p.sort_key, p.candidacy_id
    limit %(most_people)s
), people as (
    select p.candidacy_id, p.slug, p.name, o.name as office, t.name as territory
    from published_publishedcandidacy p
    join catalogs_office o on o.id = p.office_id
    join catalogs_territory t on t.id = p.territory_id
    where p.candidacy_id in (select * from beginning union select * from holding)
    order by starts_with(conoceles_fold(p.name), %(typed)s) desc, p.sort_key, p.candidacy_id
    limit %(most_people)s
)
select kind, value, null::bigint, '', '' from listed
union all
select 'tema', words, null, '', '' from topics
union all
select 'persona', name, candidacy_id, slug, office || ', ' || territory from people
"""


@dataclass(frozen=True)
class Suggestion:
    """Something public that what was typed may mean, and its page.

    Attributes:
        kind: one of KINDS.
        text: what people read. detail: what tells it apart; may be empty.
        address: the path of its page; of an office, a party or a topic, the search for it.
    """

    kind: str
    text: str
    detail: str
    address: str


def suggest(
    process: Process, typed: str, *, at: datetime | None = None, names_process: bool = False
) -> list[Suggestion]:
    """What a few letters may mean, one kind after the other; nothing for any other text.

    One query, and the vocabulary's when it is not remembered.

    Args:
        at: the instant whose public register and answers are looked at (now).
        names_process: whether the addresses must say the process, since it is not the current one.
    """
    words = _words(typed)
    if not words:
        return []
    instant = at or timezone.now()
    pk = process.pk
    selectors.depends_on_process(pk, instant, versions.rows(pk), versions.WORDS)
    known = vocabulary(process)
    kept = {"proceso": process.slug} if names_process else {}
    found: dict[str, list[Suggestion]] = {kind: [] for kind in KINDS}
    for kind, text, *person in _found(process, known, words, instant):
        if len(found[kind]) < MOST[kind]:
            found[kind].append(_suggestion(known, kind, text, person, kept))
    return [one for kind in KINDS for one in found[kind]]


def _words(typed: str) -> list[str]:
    """The folded words of what was typed; none when it is too short or too long for a name."""
    line = fold(lower_raised(clean_line(typed[: 2 * LONGEST_TYPED])))
    words = _WORD.findall(line)
    is_too_short = len("".join(words)) < FEWEST_LETTERS
    is_too_long = len(words) > MOST_WORDS or len(line) > LONGEST_TYPED
    return [] if is_too_short or is_too_long else words


def _found(
    process: Process, known: Vocabulary, words: list[str], at: datetime
) -> list[tuple[str, str, int | None, str, str]]:
    """(kind, value or text, candidacy, slug, detail) of what is public, each kind in its order."""
    asked: dict[str, Any] = {
        "process": process.pk,
        "instant": at,
        "values": json.dumps(list(_values(known, words))),
        "topics": _tried(words, known.words),
        "names": _names_asked(words, known.words),
        "typed": " ".join(words),
        "active": CandidacyState.ACTIVE.value,
        "most_topics": MOST[TOPIC],
        "most_people": MOST[PERSON],
    }
    with connection.cursor() as cursor:
        cursor.execute(_SQL, asked)
        return list(cursor.fetchall())


def _suggestion(
    known: Vocabulary, kind: str, text: str, person: list[Any], kept: dict[str, str]
) -> Suggestion:
    """A row that was found, as it is suggested; of a facet, `text` is the value."""
    if kind == PERSON:
        candidacy_id, slug, detail = person
        return Suggestion(kind, text, detail, CANDIDACY.path(candidacy_id, slug))
    if kind == TOPIC:
        return Suggestion(kind, text, DETAILS[kind], _with(SEARCH.path(), {"q": text, **kept}))
    if kind == PLACE:
        [slug] = {
            place.slug
            for place in known.catalogues.territories.values()
            if place.kind == TerritoryKind.MUNICIPALITY and place.public_key == text
        }
        address = _with(MUNICIPALITY.path(slug), kept)
    else:
        address = _with(SEARCH.path(), {kind: text, **kept})
    return Suggestion(kind, known.facets[kind].label_of(text), DETAILS[kind], address)


def _with(path: str, parameters: dict[str, str]) -> str:
    return f"{path}?{urlencode(parameters)}" if parameters else path


def _values(known: Vocabulary, words: list[str]) -> Iterator[dict[str, Any]]:
    """The values of facets whose name begins so, each with the keys of the rows that it is."""
    catalogues = known.catalogues
    rows: dict[str, list[tuple[str, int]]] = {
        PLACE: [
            (place.public_key, key)
            for key, place in catalogues.territories.items()
            if place.kind == TerritoryKind.MUNICIPALITY
        ],
        OFFICE: [(office.code, key) for key, office in catalogues.offices.items()],
        ACTOR: [(actor.key, key) for key, actor in catalogues.actors.items()],
    }
    for kind, keyed in rows.items():
        for value in _begun(known.facets[kind], words):
            meant = {value}
            if kind == ACTOR:
                meant |= set(with_coalitions((value,), known.memberships))
            yield {
                "kind": kind,
                "value": value,
                "keys": [key for name, key in keyed if name in meant],
            }


def _begun(facet: Facet, words: list[str]) -> list[str]:
    """The values with a name that begins so, also with abbreviations in full, in their order.

    Parties have their acronym too; municipalities and offices are known by their name alone.
    """
    in_full = written_out(" ".join(words)).split()

    def begins(names: Iterable[str]) -> bool:
        return any(_begin(words, name) or (in_full and _begin(in_full, name)) for name in names)

    spellings: dict[str, list[str]] = {term.value: [term.label] for term in facet.terms}
    if facet.name == ACTOR:
        for spelling, value in facet.spellings.items():
            spellings.get(value, []).append(spelling)
    return [term.value for term in facet.terms if begins(spellings[term.value])]


def _begin(words: list[str], name: str) -> bool:
    """Whether a name, from any of its words on, begins with these words."""
    parts = _WORD.findall(fold(name))
    wanted = " ".join(words)
    return any(" ".join(parts[start:]).startswith(wanted) for start in range(len(parts)))


def _names_asked(words: list[str], lists: WordLists) -> str | None:
    """The tsquery of the names each word begins, in any order; None when a word is no name.

    An abbreviation also stands for what it means, and so does a familiar form: «Gpe.» and «Lupita»
    are Guadalupe.
    """
    parts: list[str] = []
    for word, meant in zip(words, meanings(words), strict=True):
        if not _LETTERS.fullmatch(word):
            return None
        also = lists.familiar.get(word, ())
        begun = [f"'={one}':*" for one in (word, *meant, *also) if _LETTERS.fullmatch(one)]
        parts.append(f"({' | '.join(begun)})")
    return " & ".join(parts)


def _tried(words: list[str], lists: WordLists) -> str:
    """The topics that may be meant, each with its reading, as JSON."""
    typed = " ".join(words)
    begun = [topic for topic in lists.topics if _begin(words, topic)]
    begun.sort(key=lambda topic: not fold(topic).startswith(typed))
    return json.dumps([(topic, read(topic, lists).wanted) for topic in begun[:MOST_TRIED]])
