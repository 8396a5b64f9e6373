"""The PostgreSQL engine: functions in the database match, count and order in one call.

The functions are the `.sql` files of this folder, in a database schema of their own (`functions`).
The vectors and indexes that they use belong to the table, and are made by the migrations of
`cms.published`.
"""

from dataclasses import dataclass, field
from typing import Any

import orjson

from cms.catalogs import prepared
from search.engines.contract import Found
from search.engines.postgres.holders import Holders, holders_of, with_newer
from search.engines.postgres.known_terms import KnownTerms, Queries
from search.query import AGE_BANDS, SearchQuery
from search.reading import Phrase, Reading, Term, plain_spellings, spellings

# A word that at most so many candidacies write may be a misspelt name.
FEW = 3
# Up to this many hits the rank is exact; for more, see page.sql.
RANKED = 300

_CALL = "select matched::text, answer::text from conoceles_search.find(%s::jsonb)"
# What a word or a phrase is of its term, as the database takes it.
_TYPED, _FORM, _ALIKE, _PHRASE = 1, 2, 3, 4


class PostgresEngine:
    """Searches the public rows themselves: there is no index to lag behind."""

    name = "postgresql"

    def __init__(self) -> None:
        # The terms of the last search as the database made them, which another reading of the same
        # words need not have made again.
        self._made: tuple[tuple[Term, ...], Queries | None] = ((), None)
        # Who has each value, for all readings of the same search.
        self._holders: tuple[SearchQuery | None, Holders] = (None, Holders())

    def find(self, query: SearchQuery, reading: Reading) -> Found:
        """See the contract. One query, and one after a candidacy of the process has changed."""
        if self._holders[0] is not query:
            self._holders = (query, holders_of(query.process.pk))
        known = KnownTerms(query.process.pk, query.at, reading)
        wanted, made = self._made
        if wanted is not reading.wanted:
            made = known.queries()
        asked = {
            **_question(query, reading),
            "made": made,
            "wanted": _wanted(reading) if made is None else {"number": len(reading.wanted)},
            "known": known.frequencies(),
        }
        with prepared.cursor() as cursor:
            cursor.execute(_CALL, [orjson.dumps(asked).decode()])
            matched, answer = cursor.fetchone()
        found = orjson.loads(answer)
        if "terms" in found:
            made = found["terms"]
            known.learn_queries(made)
        if "frequencies" in found:
            known.learn_frequencies(found["frequencies"])
        self._made = (reading.wanted, made)
        ids = None if matched is None else orjson.loads(f"[{matched[1:-1]}]")
        return _found(query, found, ids, self._holders[1])


def _question(query: SearchQuery, reading: Reading) -> dict[str, Any]:
    """What is asked whatever the wanted terms: members of the database's type `question`."""
    correction = reading.correction
    suspects = () if correction or reading.tiers else reading.suspects
    return {
        "process": query.process.pk,
        "instant": query.at,
        "tiers": reading.tiers,
        "worth": reading.worth,
        "counted": reading.wants_frequencies,
        "excluded": reading.excluded,
        "kept": correction.kept if correction else (),
        "names": [_exactly(names) for names in correction.names] if correction else [],
        "likeliest": _exactly(reading.likeliest) or None,
        "suspects": {word: spellings(word) for word in suspects},
        "few": FEW,
        "chosen": _chosen(query),
        "ordering": _ordering(query, reading),
        "ranked": RANKED,
        "skipped": (query.page - 1) * query.page_size,
        "shown": query.page_size,
    }


def _wanted(reading: Reading) -> dict[str, Any]:
    """Of each term: what was typed, other forms of it, and the synonyms: single words and phrases.

    Other forms are the spellings of a word whose stems other words may have too, and nicknames.

    Returns: the members of the database's type `wanted`.
    """
    asked = _Wanted()
    synonyms = reading.synonyms or ((),) * len(reading.wanted)
    for place, (term, of_term) in enumerate(zip(reading.wanted, synonyms, strict=True), start=1):
        typed = [phrase for phrase in term if phrase not in of_term]
        for phrase in typed:
            asked.add(place, _TYPED, _plain(phrase))
        for phrase in typed:
            if len(phrase) == 1 and (others := _others(phrase)) != ((),):
                asked.add(place, _FORM, others)
        for phrase in of_term:
            kind = _FORM if phrase in reading.nicknames else _ALIKE
            asked.add(place, kind if len(phrase) == 1 else _PHRASE, phrase)
    return {
        "number": len(reading.wanted),
        "places": asked.places,
        "kinds": asked.kinds,
        "words": asked.words,
        "spellings": asked.spellings,
        "series": asked.series,
    }


@dataclass
class _Wanted:
    """The spellings of single words, one after the other, and the phrases of several words."""

    places: list[int] = field(default_factory=list)
    kinds: list[int] = field(default_factory=list)
    words: list[int] = field(default_factory=list)
    spellings: list[str] = field(default_factory=list)
    series: list[tuple[int, int, Phrase]] = field(default_factory=list)

    def add(self, place: int, kind: int, phrase: Phrase) -> None:
        """Add a word, or a phrase, of a term."""
        if len(phrase) > 1:
            self.series.append((place, kind, phrase))
            return
        number = len(phrase[0])
        self.words += [len(self.spellings) + 1] * number
        self.places += [place] * number
        self.kinds += [kind] * number
        self.spellings += phrase[0]


def _plain(phrase: Phrase) -> Phrase:
    """A typed word without its rarer spellings; a phrase keeps all of them."""
    return (plain_spellings(phrase[0][0]),) if len(phrase) == 1 else phrase


def _others(word: Phrase) -> Phrase:
    """The rarer spellings of a typed word."""
    plain = plain_spellings(word[0][0])
    return (tuple(spelling for spelling in word[0] if spelling not in plain),)


def _exactly(names: tuple[str, ...]) -> str:
    """The tsquery of those who bear one of the names (folded words), not stemmed."""
    return " | ".join(f"'={name}'" for name in names)


def _chosen(query: SearchQuery) -> dict[str, list[str]]:
    """The values of the filters; an age band is all of its years."""
    chosen = {name: list(values) for name, values in query.filters.items() if values}
    if "edad" in chosen:
        chosen["edad"] = [
            str(age)
            for youngest, oldest in map(AGE_BANDS.__getitem__, chosen["edad"])
            for age in range(youngest, oldest + 1)
        ]
    return chosen


def _ordering(query: SearchQuery, reading: Reading) -> str:
    if query.order in {"boleta", "nombre"}:
        return query.order
    return "relevancia" if reading.wanted else "boleta"


def _found(
    query: SearchQuery, answer: dict[str, Any], matched: list[int] | None, holders: Holders
) -> Found:
    if answer.get("common"):
        return Found(only_common=True)
    try:
        found = None if matched is None else holders.set_of(matched)
    except KeyError:
        # Some became public after the page that is being made had read its versions.
        holders = with_newer(holders, query.process.pk, matched or ())
        found = holders.set_of(matched or ())
    with_answers = holders.those_of(answer["whole"])
    public = with_answers | holders.those_of(answer["register_only"])
    if found is None:
        found = public
    total, counts = holders.counted(found, with_answers, query.filters)
    return Found(
        ids=tuple(answer["ids"]),
        total=total,
        matched=found.bit_count(),
        counts=counts,
        lexemes=tuple(answer["lexemes"]),
        near={
            typed: tuple((name, sounds_same) for name, sounds_same in names)
            for typed, names in answer.get("near", {}).items()
        },
        frequencies=tuple(answer.get("frequencies", ())),
        public=public.bit_count() if "frequencies" in answer else 0,
        bearers=answer.get("bearers", 0),
    )
