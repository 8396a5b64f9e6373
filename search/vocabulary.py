"""The facets of a process: titles, values in their neutral order, and how people write them.

Some facets every process has; the others are questions of its questionnaires, and come from what
those publish. What they are made of is remembered by its versions (`cms.published.by_version`), and
what was made of it by itself: an approval changes neither.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from operator import is_

from django.db import connection

from cms.catalogs.models import Process, Sex, TerritoryKind
from cms.catalogs.names import written_out
from cms.catalogs.remembered import Remembered
from cms.catalogs.search_parameters import FIXED_FACETS
from cms.catalogs.spanish import fold
from cms.published import catalogues, versions
from cms.published.by_version import RememberedByVersion
from cms.published.catalogues import Catalogues, Dates
from search import words
from search.coalitions import Memberships, parties_in_coalitions
from search.query import AGE_BANDS
from search.words import NO_LISTS, WordLists

MOST_BYTES = 16 * 1024 * 1024
# What a value takes in memory with its spellings.
BYTES_OF_A_TERM = 4000

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
# (facet, title, version, value, label, question's key) of the options of questions with a facet:
# first of the questionnaires that are asked now, then of the versions before them.
_OPTIONS = """
select question ->> 'faceta', question ->> 'faceta_etiqueta', q.id, option ->> 'valor',
    option ->> 'etiqueta', question ->> 'pregunta'
from published_publishedquestionnaire q
cross join jsonb_array_elements(q.questions) with ordinality as asked (question, place)
cross join jsonb_array_elements(question -> 'opciones') with ordinality as said (option, rank)
where q.process_id = %s and question ->> 'faceta' <> ''
order by not q.is_current, q.id desc, place, rank
"""
# The territories for which somebody stands, each looked up in the index after the one before it.
_STANDING = """
with recursive standing (id) as (
    select min(territory_id) from published_publishedcandidacy where process_id = %(process)s
    union all
    select (select min(territory_id) from published_publishedcandidacy
        where process_id = %(process)s and territory_id > standing.id)
    from standing where standing.id is not null
)
select id from standing where id is not null
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

    @cached_property
    def values(self) -> frozenset[str]:
        """What the parameter may take."""
        return frozenset(term.value for term in self.terms)

    def value_of(self, spelling: str) -> str | None:
        """The value meant by its value, name, slug or acronym; None when there is none.

        Capitals and accents do not count, and names may be abbreviated: «Gral. Cepeda».
        """
        return self.spellings.get(fold(spelling)) or self.spellings.get(_plain(spelling))

    def label_of(self, value: str) -> str:
        """What people read of a value; the value itself when it is none of the facet."""
        return next((term.label for term in self.terms if term.value == value), value)


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

    def knows(self, counts: Mapping[str, Iterable[str]]) -> bool:
        """Whether every value that was counted is here."""
        return all(
            name in self.facets and self.facets[name].values.issuperset(values)
            for name, values in counts.items()
        )


# (facet, title, version, value, label, other spellings, question's key)
_Row = tuple[str, str, int, str, str, tuple[str, ...], str]
_Made = tuple[Mapping[str, Facet], Memberships]

_options: RememberedByVersion[int, tuple[_Row, ...]] = RememberedByVersion(
    MOST_BYTES, lambda rows: BYTES_OF_A_TERM * len(rows)
)
_standing: RememberedByVersion[int, frozenset[int]] = RememberedByVersion(
    MOST_BYTES, lambda found: 100 * len(found)
)
# What was made of values: of the same ones it is the same.
_made: Remembered[tuple[object, ...], _Made] = Remembered(
    MOST_BYTES, lambda values, _made: BYTES_OF_A_TERM * (1 + len(values))
)


def vocabulary(process: Process) -> Vocabulary:
    """The vocabulary of a process (no query while what it is made of is remembered; five if not).

    The page that is being made depends on all of it.
    """
    pk = process.pk
    return _vocabulary(
        catalogues.of_process(pk),
        catalogues.dates_of(pk),
        _standing.get(pk, (versions.rows(pk),), lambda: _read_standing(pk)),
        _options.get(pk, (versions.process(pk),), lambda: _read_options(pk)),
    )


def newest(process: Process) -> Vocabulary:
    """The vocabulary with what was added after the page that is being made read its versions."""
    pk = process.pk
    return _vocabulary(
        catalogues.read(pk), catalogues.read_dates(pk), _read_standing(pk), _read_options(pk)
    )


# What facets were last made of, and what came of it: nearly always it is the very same objects, and
# then nothing has to be compared.
_last: tuple[tuple[Catalogues, Dates, frozenset[int], tuple[_Row, ...]], _Made] | None = None


def _vocabulary(
    found: Catalogues, dates: Dates, standing: frozenset[int], options: tuple[_Row, ...]
) -> Vocabulary:
    global _last  # noqa: PLW0603
    last, of = _last, (found, dates, standing, options)
    if last is not None and all(map(is_, last[0], of)):
        return Vocabulary(*last[1], found, words.lists())
    made = _made_of(*of)
    _last = (of, made)
    return Vocabulary(*made, found, words.lists())


def _made_of(
    found: Catalogues, dates: Dates, standing: frozenset[int], options: tuple[_Row, ...]
) -> _Made:
    values = (*_values_of(found, dates, standing), *options)
    actors = tuple((actor.key, tuple(actor.members)) for actor in found.actors.values())
    key = (*values, actors)
    made = _made.get(key)
    if made is None:
        made = _facets_and_memberships(values, found)
        _made.keep(key, made)
    return made


def _values_of(found: Catalogues, dates: Dates, standing: frozenset[int]) -> Iterator[_Row]:
    """The offices, the actors and the municipalities of a process, each kind in its order."""
    offices = {one.office_id for one in dates.offices.values()}
    for office in sorted(found.offices.values(), key=lambda office: office.ballot_order):
        if office.pk in offices:
            yield ("cargo", "", 0, office.code, office.name, (office.code,), "")
    for actor in sorted(found.actors.values(), key=lambda one: (one.ballot_order, one.key)):
        yield ("actor", "", 0, actor.key, actor.name, (actor.acronym,), "")
    for place in sorted(found.territories.values(), key=lambda place: place.sort_key):
        if place.kind == TerritoryKind.MUNICIPALITY and place.pk in standing:
            yield ("municipio", "", 0, place.public_key, place.name, (place.slug,), "")


def _read_options(process_pk: int) -> tuple[_Row, ...]:
    with connection.cursor() as cursor:
        cursor.execute(_OPTIONS, [process_pk])
        return tuple((*row[:5], (), row[5]) for row in cursor.fetchall())


def _read_standing(process_pk: int) -> frozenset[int]:
    with connection.cursor() as cursor:
        cursor.execute(_STANDING, {"process": process_pk})
        return frozenset(territory for (territory,) in cursor.fetchall())


def _plain(spelling: str) -> str:
    """The folded words alone, abbreviations in full: «60+» is «60», as «+» is lost in addresses."""
    return written_out(spelling) or " ".join(re.findall(r"[^\W_]+", fold(spelling)))


def facets_of_every_process() -> Mapping[str, Facet]:
    """The fixed facets without the values that each process has of its own."""
    return _facets(())


def _facets_and_memberships(values: tuple[_Row, ...], found: Catalogues) -> _Made:
    facets = _facets(values)
    parties = parties_in_coalitions(found.actors.values())
    facets["actor"] = _with_parties(facets["actor"], parties)
    return facets, {key: tuple(coalitions) for key, (_label, coalitions) in parties.items()}


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


def _facets(found: tuple[_Row, ...]) -> dict[str, Facet]:
    rows: list[_Row] = [
        *(("sexo", "", 0, value, label, (), "") for value, label in _SEXES.items()),
        *(("edad", "", 0, value, label, (), "") for value, label in _AGES.items()),
        *found,
    ]
    titles: dict[str, str] = dict(TITLES)
    questions: dict[str, str] = dict.fromkeys(TITLES, "")
    terms: dict[str, list[Term]] = {name: [] for name in FIXED_FACETS}
    spellings: dict[str, dict[str, str]] = {name: {} for name in FIXED_FACETS}
    before: dict[tuple[str, int], str] = {}
    for facet, title, version, value, label, others, question in rows:
        titles.setdefault(facet, title)
        questions.setdefault(facet, question)
        _insert(terms.setdefault(facet, []), Term(value, label), before.get((facet, version)))
        before[facet, version] = value
        known = spellings.setdefault(facet, {})
        for spelling in filter(None, (value, label, *others, value.replace("_", "-"))):
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


def _insert(terms: list[Term], term: Term, before: str | None) -> None:
    """Put a value behind the one that precedes it in its version of the questionnaire.

    A value that several versions offer keeps the place and the label that the first gives it.
    """
    values = [known.value for known in terms]
    if term.value not in values:
        terms.insert(0 if before is None else values.index(before) + 1, term)
