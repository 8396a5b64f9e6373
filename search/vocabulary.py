"""The facets of a process: titles, values in their neutral order, and how people write them.

Some facets every process has; the others are questions of its questionnaires, and come from what
those publish.
"""

import json
import re
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from django.db import connection, models

from cms.catalogs.models import Office, PoliticalActor, Process, Sex, Territory
from cms.catalogs.names import written_out
from cms.catalogs.remembered import Remembered
from cms.catalogs.search_parameters import FIXED_FACETS
from cms.catalogs.spanish import fold
from cms.published.models import PublishedCandidacy
from search.coalitions import Memberships, parties_in_coalitions
from search.query import AGE_BANDS
from search.words import NO_LISTS, WordLists, word_lists

MOST_BYTES = 16 * 1024 * 1024
# What a value takes in memory with its spellings: so much, and so much for each letter.
BYTES_OF_A_TERM = 2500
BYTES_OF_A_LETTER = 8
# So long a process's vocabulary is remembered; a value that is not in it is asked for at once.
SECONDS = 60

M = TypeVar("M", bound=models.Model)
# Territories that are no municipality: no value of a facet, but where some candidacies stand.
_ELSEWHERE = "(otro)"
# The lists of words of the CMS, which are no facet; they come along in the same query.
_WORDS = "(palabras)"

# Their values are the same in every process.
CONSTANT_FACETS = frozenset({"sexo", "edad"})
TITLES = {
    "municipio": "Municipio",
    "cargo": "Cargo",
    "actor": "Quién postula",
    "sexo": "Sexo o género",
    "edad": "Edad",
}
_SEXES = {
    Sex.WOMAN.value: "Mujeres",
    Sex.MAN.value: "Hombres",
    Sex.NON_BINARY.value: "Personas no binarias",
}
_AGES = {band: f"{band.replace('-', ' a ')} años" for band in AGE_BANDS} | {"60+": "60 años o más"}
# (facet, title, version, value, label, another spelling, catalogue row as JSON, question's key) in
# order: first the questionnaires that are asked now, then the versions before them.
_SQL = """
select facet, title, version, value, label, other, catalogued::text, asked_as from (
    select 'cargo' as facet, '' as title, 0 as version, o.code as value, o.name as label,
        o.code as other, lpad(o.ballot_order::text, 6, '0') as position, to_jsonb(o) as catalogued,
        '' as asked_as
    from catalogs_processoffice po join catalogs_office o on o.id = po.office_id
    where po.process_id = %(process)s
    union all
    select 'actor', '', 0, a.key, a.name, a.acronym, lpad(a.ballot_order::text, 6, '0') || a.key,
        to_jsonb(a), ''
    from catalogs_politicalactor a where a.process_id = %(process)s
    union all
    select case t.kind when 'municipio' then 'municipio' else '(otro)' end, '', 0,
        coalesce(nullif(t.cvegeo, ''), t.slug), t.name, t.slug, t.sort_key, to_jsonb(t), ''
    from catalogs_territory t
    where t.id in (
        select territory_id from published_publishedcandidacy where process_id = %(process)s)
    union all
    select question ->> 'faceta', question ->> 'faceta_etiqueta', q.id, option ->> 'valor',
        option ->> 'etiqueta', '', (not q.is_current)::int || lpad((10 ^ 9 - q.id)::text, 10, '0')
            || lpad(place::text, 6, '0') || lpad(rank::text, 6, '0'), null,
        question ->> 'pregunta'
    from published_publishedquestionnaire q
    cross join jsonb_array_elements(q.questions) with ordinality as asked (question, place)
    cross join jsonb_array_elements(question -> 'opciones') with ordinality as said (option, rank)
    where q.process_id = %(process)s and question ->> 'faceta' <> ''
    union all
    select '(palabras)', '', 0, '', '', '', '', jsonb_build_object(
        'synonyms', coalesce((select jsonb_agg(terms)
            from catalogs_synonymgroup where active), '[]'),
        'familiar', coalesce((select jsonb_object_agg(familiar, names)
            from catalogs_hypocoristic where active), '{}'),
        'protected', coalesce((select jsonb_agg(word) from catalogs_protectedword), '[]')), ''
) terms
order by position collate "C"
"""


# What people call whoever holds an office, which is how many ask for it: «cargo:alcaldesa».
HOLDERS = {
    "gubernatura": "gobernador gobernadora",
    "jefatura_gobierno": "jefe_de_gobierno jefa_de_gobierno",
    "presidencia_municipal": (
        "presidente presidenta presidente_municipal presidenta_municipal alcalde alcaldesa alcaldía"
    ),
    "alcaldia": "alcalde alcaldesa",
    "sindicatura": "síndico síndica",
    "regiduria": "regidor regidora",
    "concejalia": "concejal concejala",
    "diputacion_local": "diputado diputada diputado_local diputada_local diputación",
    "diputacion_migrante": "diputado_migrante diputada_migrante",
    "diputacion_federal": "diputado diputada diputado_federal diputada_federal diputación",
}


@dataclass(frozen=True)
class Term:
    """A value of a facet: what the parameter takes, and what people read."""

    value: str
    label: str


@dataclass(frozen=True)
class Facet:
    """A facet, its values in order, and every way to write one of them.

    `question` is the key of the question that it is; empty for the facets of every process.
    """

    name: str
    title: str
    question: str
    terms: tuple[Term, ...]
    spellings: Mapping[str, str] = field(repr=False)

    def value_of(self, spelling: str) -> str | None:
        """The value meant by its value, name, slug or acronym; None when there is none.

        Capitals and accents do not count, and names may be abbreviated: «Gral. Cepeda».
        """
        return self.spellings.get(fold(spelling)) or self.spellings.get(_plain(spelling))

    def label_of(self, value: str) -> str:
        """What people read of a value; the value itself when it is none of the facet."""
        return next((term.label for term in self.terms if term.value == value), value)


@dataclass(frozen=True)
class Catalogues:
    """What the catalogues hold of one process: its offices, actors and territories, by key.

    They are remembered because a page of results would join them to each of its rows: 20 rows take
    11 ms with their catalogues, and 4 ms without (the best of many turns on the same machine).
    """

    process: Process
    offices: Mapping[int, Office]
    actors: Mapping[int, PoliticalActor]
    territories: Mapping[int, Territory]

    def hold(self, rows: Iterable[PublishedCandidacy]) -> bool:
        """Whether everything that these rows refer to is here."""
        return all(
            row.office_id in self.offices
            and row.actor_id in self.actors
            and row.territory_id in self.territories
            for row in rows
        )

    def complete(self, row: PublishedCandidacy) -> PublishedCandidacy:
        """The row with what it refers to, so that reading its names asks the database nothing."""
        row.process = self.process
        row.office = self.offices[row.office_id]
        row.actor = self.actors[row.actor_id]
        row.territory = self.territories[row.territory_id]
        return row


@dataclass(frozen=True)
class Vocabulary:
    """The facets of one process, by name, in order: the fixed ones and those of its questions.

    `memberships` are the coalitions of each party, by their keys; `words` are synonyms, familiar
    names and protected words, which all processes share.
    """

    facets: Mapping[str, Facet]
    memberships: Memberships
    catalogues: Catalogues = field(repr=False)
    words: WordLists = field(repr=False, default=NO_LISTS)
    size: int = field(repr=False, default=0)

    def knows(self, counts: Mapping[str, Iterable[str]]) -> bool:
        """Whether every value that was counted is here."""
        return all(
            name in self.facets and set(values) <= {term.value for term in self.facets[name].terms}
            for name, values in counts.items()
        )


# Process → until when, and what.
_remembered: Remembered[int, tuple[float, Vocabulary]] = Remembered(
    MOST_BYTES, lambda _process, entry: entry[1].size
)


def forget() -> None:
    """Forget every vocabulary."""
    _remembered.forget()


def words_changed(sender: Any = None, **kwargs: Any) -> None:
    """Receiver of changes to the lists of words: this process of the server reads them anew.

    The others do when what they remember is a minute old.
    """
    forget()


def vocabulary(process: Process, *, fresh: bool = False) -> Vocabulary:
    """The vocabulary of a process (one query, remembered for a minute; `fresh` asks again)."""
    until, known = _remembered.get(process.pk) or (0.0, None)
    if known is not None and not fresh and time.monotonic() < until:
        return known
    with connection.cursor() as cursor:
        cursor.execute(_SQL, {"process": process.pk})
        made = _from_rows(process, cursor.fetchall())
    _remembered.keep(process.pk, (time.monotonic() + SECONDS, made))
    return made


def _plain(spelling: str) -> str:
    """The folded words alone, abbreviations in full: «60+» is «60», as «+» is lost in addresses."""
    return written_out(spelling) or " ".join(re.findall(r"[^\W_]+", fold(spelling)))


_Row = tuple[str, str, int, str, str, str, str | None, str]


def facets_of_every_process() -> Mapping[str, Facet]:
    """The fixed facets without the values that each process has of its own."""
    return _facets([])


def _from_rows(process: Process, found: list[_Row]) -> Vocabulary:
    letters = sum(len(row[3]) + len(row[4]) + len(row[6] or "") for row in found)
    size = BYTES_OF_A_TERM * len(found) + BYTES_OF_A_LETTER * letters
    facets, catalogues = _facets(found), _catalogues(process, found)
    parties = parties_in_coalitions(catalogues.actors.values())
    facets["actor"] = _with_parties(facets["actor"], parties)
    memberships = {key: tuple(coalitions) for key, (_label, coalitions) in parties.items()}
    lists = next((json.loads(row[6]) for row in found if row[0] == _WORDS and row[6]), None)
    words = NO_LISTS if lists is None else word_lists(lists)
    return Vocabulary(facets, memberships, catalogues, words, size)


def _with_parties(actors: Facet, parties: Mapping[str, tuple[str, list[str]]]) -> Facet:
    """The facet of the actors, in which a party says that its coalitions count.

    A party that postulates nobody by itself follows its first coalition.
    """
    own = {term.value for term in actors.terms}
    terms: list[Term] = []
    for term in actors.terms:
        terms.append(Term(term.value, parties.get(term.value, (term.label, []))[0]))
        terms += [
            Term(key, label)
            for key, (label, coalitions) in parties.items()
            if key not in own and coalitions[0] == term.value
        ]
    spellings = {**{_plain(key): key for key in parties}, **actors.spellings}
    return replace(actors, terms=tuple(terms), spellings=spellings)


def _facets(found: list[_Row]) -> dict[str, Facet]:
    rows: list[_Row] = [
        *(("sexo", "", 0, value, label, "", None, "") for value, label in _SEXES.items()),
        *(("edad", "", 0, value, label, "", None, "") for value, label in _AGES.items()),
        *(row for row in found if row[0] not in {_ELSEWHERE, _WORDS}),
    ]
    titles: dict[str, str] = dict(TITLES)
    questions: dict[str, str] = dict.fromkeys(TITLES, "")
    terms: dict[str, list[Term]] = {name: [] for name in FIXED_FACETS}
    spellings: dict[str, dict[str, str]] = {name: {} for name in FIXED_FACETS}
    before: dict[tuple[str, int], str] = {}
    for facet, title, version, value, label, other, _catalogued, question in rows:
        titles.setdefault(facet, title)
        questions.setdefault(facet, question)
        _insert(terms.setdefault(facet, []), Term(value, label), before.get((facet, version)))
        before[facet, version] = value
        known = spellings.setdefault(facet, {})
        for spelling in filter(None, (value, label, other, value.replace("_", "-"))):
            known.setdefault(fold(spelling), value)
            known.setdefault(_plain(spelling), value)
    for spelling, codes in _holders(term.value for term in terms["cargo"]).items():
        if len(codes) == 1:
            spellings["cargo"].setdefault(spelling, codes[0])
    return {
        name: Facet(name, titles[name], questions[name], tuple(of_facet), spellings[name])
        for name, of_facet in terms.items()
    }


def _holders(codes: Iterable[str]) -> dict[str, list[str]]:
    """What people call whoever holds one of these offices, folded → the offices that it may be."""
    found: dict[str, list[str]] = {}
    for code in codes:
        for called in HOLDERS.get(code, "").split():
            found.setdefault(fold(called.replace("_", " ")), []).append(code)
    return found


def _catalogues(process: Process, found: list[_Row]) -> Catalogues:
    """The rows of the catalogues that came with the values, in the same query.

    Asked for by themselves they would take three queries more, and a search page with nothing
    remembered is allowed five.
    """

    def rows_of(model: type[M], *facets: str) -> dict[int, M]:
        fields = [field.attname for field in model._meta.concrete_fields]
        columns = [json.loads(row[6]) for row in found if row[0] in facets and row[6]]
        return {
            row["id"]: model.from_db(connection.alias, fields, [row[name] for name in fields])
            for row in columns
        }

    return Catalogues(
        process=process,
        offices=rows_of(Office, "cargo"),
        actors=rows_of(PoliticalActor, "actor"),
        territories=rows_of(Territory, "municipio", _ELSEWHERE),
    )


def _insert(terms: list[Term], term: Term, before: str | None) -> None:
    """Put a value behind the one that precedes it in its version of the questionnaire.

    A value that several versions offer keeps the place and the label that the first gives it.
    """
    values = [known.value for known in terms]
    if term.value not in values:
        terms.insert(0 if before is None else values.index(before) + 1, term)
