"""What is suggested while somebody types: people, municipalities, offices and topics.

Municipalities and offices come from the vocabulary, which is remembered. People and topics are
asked for in one query of the public rows themselves, whichever engine searches: what is withdrawn
is not suggested from that moment on.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.db import connection
from django.utils import timezone

from cms.catalogs.models import CandidacyState, Process
from cms.catalogs.names import lower_raised, meanings, written_out
from cms.catalogs.public_paths import CANDIDACY, MUNICIPALITY, SEARCH
from cms.catalogs.spanish import clean_line, fold
from search.reading import read
from search.vocabulary import Facet, Vocabulary, vocabulary
from search.words import WordLists

PERSON, PLACE, OFFICE, TOPIC = "persona", "municipio", "cargo", "tema"
KINDS = (PLACE, OFFICE, TOPIC, PERSON)
# Fewer letters begin too many words, and no name has more words or letters.
FEWEST_LETTERS = 2
MOST_WORDS = 8
LONGEST_TYPED = 80
MOST_PLACES, MOST_OFFICES, MOST_TOPICS, MOST_PEOPLE = 3, 2, 3, 5
# So many topics are tried; some may be written by nobody.
MOST_TRIED = 2 * MOST_TOPICS

_WORD = re.compile(r"[^\W_]+")
_LETTERS = re.compile("[a-z]+")
# First the topics that public answers write, then the people: those whose name begins so, which an
# index gives in order and, only when they are few, those who have it further on.
# «offset 0» and «+ 0» keep the planner from comparing every candidacy with every topic: the index
# of the words is looked at for each topic.
_SQL = """
with tried as materialized (
    select topic ->> 0 as words, conoceles_search.asked(topic -> 1) as query, place
    from jsonb_array_elements(%(topics)s::jsonb) with ordinality as given (topic, place)
), topics as (
    select words from tried
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
select null, '', words, '' from topics
union all
select candidacy_id, slug, name, office || ', ' || territory from people
"""


@dataclass(frozen=True)
class Suggestion:
    """Something public that what was typed may mean, and its page.

    Attributes:
        kind: one of KINDS.
        text: what people read. detail: what tells it apart; may be empty.
        address: the path of its page; of an office or a topic, the search for it.
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
    known = vocabulary(process)
    kept = {"proceso": process.slug} if names_process else {}
    return [
        *_places(known, words, kept),
        *_offices(known, words, kept),
        *_topics_and_people(process, known.words, words, kept, at or timezone.now()),
    ]


def _words(typed: str) -> list[str]:
    """The folded words of what was typed; none when it is too short or too long for a name."""
    line = fold(lower_raised(clean_line(typed[: 2 * LONGEST_TYPED])))
    words = _WORD.findall(line)
    is_too_short = len("".join(words)) < FEWEST_LETTERS
    is_too_long = len(words) > MOST_WORDS or len(line) > LONGEST_TYPED
    return [] if is_too_short or is_too_long else words


def _begin(words: list[str], name: str) -> bool:
    """Whether a name, from any of its words on, begins with these words."""
    parts = _WORD.findall(fold(name))
    wanted = " ".join(words)
    return any(" ".join(parts[start:]).startswith(wanted) for start in range(len(parts)))


def _begun(facet: Facet, words: list[str], most: int) -> list[tuple[str, str]]:
    """(value, label) of the first values whose name begins so, also with abbreviations in full."""
    in_full = written_out(" ".join(words)).split()
    found = [
        (term.value, term.label)
        for term in facet.terms
        if _begin(words, term.label) or (in_full and _begin(in_full, term.label))
    ]
    return found[:most]


def _with(path: str, parameters: dict[str, str]) -> str:
    return f"{path}?{urlencode(parameters)}" if parameters else path


def _places(known: Vocabulary, words: list[str], kept: dict[str, str]) -> Iterator[Suggestion]:
    slugs = {place.public_key: place.slug for place in known.catalogues.territories.values()}
    for value, label in _begun(known.facets["municipio"], words, MOST_PLACES):
        address = _with(MUNICIPALITY.path(slugs[value]), kept)
        yield Suggestion(PLACE, label, "Su boleta", address)


def _offices(known: Vocabulary, words: list[str], kept: dict[str, str]) -> Iterator[Suggestion]:
    for value, label in _begun(known.facets["cargo"], words, MOST_OFFICES):
        address = _with(SEARCH.path(), {"cargo": value, **kept})
        yield Suggestion(OFFICE, label, "Todas sus candidaturas", address)


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


def _topics_and_people(
    process: Process, lists: WordLists, words: list[str], kept: dict[str, str], at: datetime
) -> Iterator[Suggestion]:
    asked: dict[str, Any] = {
        "process": process.pk,
        "instant": at,
        "topics": _tried(words, lists),
        "names": _names_asked(words, lists),
        "typed": " ".join(words),
        "active": CandidacyState.ACTIVE.value,
        "most_topics": MOST_TOPICS,
        "most_people": MOST_PEOPLE,
    }
    with connection.cursor() as cursor:
        cursor.execute(_SQL, asked)
        found = cursor.fetchall()
    for candidacy_id, slug, text, detail in found:
        if candidacy_id is None:
            address = _with(SEARCH.path(), {"q": text, **kept})
            yield Suggestion(TOPIC, text, "Lo que dicen las candidaturas", address)
        else:
            yield Suggestion(PERSON, text, detail, CANDIDACY.path(candidacy_id, slug))
