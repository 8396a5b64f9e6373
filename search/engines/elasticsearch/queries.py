"""A search as Elasticsearch takes it, and its answer as the contract wants it."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice, product
from typing import Any

from elasticsearch.dsl import Search, aggs, query

from cms.catalogs.spanish import fold
from cms.published.models import PublishedCandidacy
from search.engines.contract import TOO_COMMON, Found
from search.engines.elasticsearch.schema import FACET_SEPARATOR
from search.query import AGE_BANDS, SearchQuery
from search.reading import Phrase, Reading, Term, Word

Fields = Mapping[str, float]
# How much a word counts where it is written: the name, the register, and the answers by their
# weight. A word said often in a lighter field does not outweigh a heavier one.
REGISTER_FIELDS: Fields = {"name": 10.0, "register": 4.0}
FIELDS: Fields = {**REGISTER_FIELDS, "high": 2.0, "low": 1.0}
# Part of what other fields add to the field that counts most.
TIE_BREAKER = 0.2
# Words that stand together count so much more, up to so many words apart.
TOGETHER, APART = 0.5, 8
# The forms that were typed count a little more than other forms of the same words.
EXACT = 0.1
# A word that means the same as what was typed counts so much less.
SYNONYM = 0.5
# Whoever bears the name comes before everybody else, and a whole tier before the rest.
NAMED, FIRST_TIER = 10_000.0, 1_000.0
MOST_SPELLINGS_OF_A_PHRASE = 16
# Two candidacies are alike that share this part of the words that say most of one of them.
MOST_COMPARED, SHARED = 30, "30%"
FIXED = {"municipio": "municipality", "cargo": "office", "actor": "actor", "sexo": "sex"}
# The counts of the questionnaires' facets: of those without a filter, and of each with one.
OWN = "own "
# More than any facet has: Mexico has 2,478 municipalities. Every value must be counted.
MOST_VALUES = 10_000
ORDERS: Mapping[str, tuple[dict[str, dict[str, str]] | str, ...]] = {
    "relevancia": ("_score", "lot", "candidacy"),
    "boleta": ("by_ballot",),
    "nombre": ("by_name", "candidacy"),
}


class Nonsense(Exception):
    """The server answered something that is no whole answer to a search."""


@dataclass(frozen=True)
class Public:
    """What is public at the instant of a search: the offices as the index names them.

    Attributes:
        whole: those whose answers are public. register_only: those whose answers are over.
        common: the folded words that are too common to be searched.
    """

    whole: tuple[str, ...]
    register_only: tuple[str, ...]
    common: frozenset[str] = frozenset()

    def said(self, terms: Sequence[Term]) -> dict[int, Term]:
        """The terms that hold a word worth searching, by their positions."""
        kept = {
            place: tuple(phrase for phrase in term if any(map(self._says, phrase)))
            for place, term in enumerate(terms)
        }
        return {place: term for place, term in kept.items() if term}

    def _says(self, word: Word) -> bool:
        return word[0] not in self.common


def search_of(asked: SearchQuery, reading: Reading, public: Public) -> Search:
    """The search of one page, with the counts of every facet."""
    chosen = _filters(asked, public)
    search = (
        Search()
        .query(_wanted(asked, reading, public))
        .source(False)
        .sort(*ORDERS[_ordering(asked, reading)])
        .extra(
            stored_fields="_none_",
            docvalue_fields=["candidacy", "version"],
            track_total_hits=True,
            **{"from": (asked.page - 1) * asked.page_size},
            size=asked.page_size,
        )
    )
    if chosen:
        search = search.post_filter(query.Bool(filter=list(chosen.values())))
    _count(search, chosen, public)
    return search


def _ordering(asked: SearchQuery, reading: Reading) -> str:
    if asked.order in {"boleta", "nombre"}:
        return asked.order
    return "relevancia" if reading.wanted else "boleta"


def frequencies_of(asked: SearchQuery, reading: Reading, public: Public) -> Search:
    """What a relaxed search is decided by: how many hold each term, and bear all of them."""
    terms = public.said(reading.wanted)
    search = Search().query(_wanted(asked, reading, public)).source(False).extra(size=0)
    in_name = [_term(term, {"name": 1}) for term in terms.values()]
    search.aggs.bucket("bearers", aggs.Filter(query.Bool(filter=in_name)))
    everybody = search.aggs.bucket("everybody", aggs.Global()).bucket(
        "public", aggs.Filter(_public(asked, public))
    )
    for place, term in terms.items():
        held = _in_halves(public, partial(_holds, term))
        everybody.bucket(str(place), aggs.Filter(held))
    return search


def _holds(term: Term, fields: Fields) -> dict[str, Any]:
    return {"filter": [_term(term, fields)]}


def similar_to(row: PublishedCandidacy, public: Public, *, number: int) -> Search:
    """Who wrote most like this candidacy in the same process, and not itself.

    The words compared are those of the row: the index keeps no text to take them from.
    """
    said = ["\n".join(_texts(row, is_of_high_weight)) for is_of_high_weight in (True, False)]
    alike = query.MoreLikeThis(
        fields=["high", "low"],
        like=[text for text in said if text],
        min_term_freq=1,
        min_doc_freq=2,
        min_word_length=4,
        max_query_terms=MOST_COMPARED,
        minimum_should_match=SHARED,
    )
    same = query.Bool(
        must=[alike],
        must_not=[query.Term(candidacy=row.candidacy_id)],
        filter=[
            query.Term(process=str(row.process_id)),
            query.Terms(window=list(public.whole)),
        ],
    )
    return (
        Search()
        .query(same)
        .source(False)
        .sort(*ORDERS["relevancia"])
        .extra(stored_fields="_none_", docvalue_fields=["candidacy", "version"], size=number)
    )


def _texts(row: PublishedCandidacy, is_of_high_weight: bool) -> Iterator[str]:
    for answer in row.answers:
        if (answer["peso"] == "alto") == is_of_high_weight:
            value = answer["respuesta"]
            yield "\n".join(value) if isinstance(value, list) else value


# --- what is looked for


def _public(asked: SearchQuery, public: Public) -> query.Query:
    offices = query.Terms(window=[*public.whole, *public.register_only])
    return query.Bool(filter=[query.Term(process=str(asked.process.pk)), offices])


def _wanted(asked: SearchQuery, reading: Reading, public: Public) -> query.Query:
    if not reading.wanted:
        return _public(asked, public)
    found = _in_halves(
        public,
        lambda fields: {
            "must": _readings(reading, public, fields),
            "must_not": [_term(term, fields) for term in public.said(reading.excluded).values()],
            "should": _better(asked, reading, public, fields),
        },
    )
    return query.Bool(filter=[query.Term(process=str(asked.process.pk))], must=[found])


def _in_halves(public: Public, clauses: Callable[[Fields], dict[str, Any]]) -> query.Query:
    """In everything of the offices whose answers are public, and in the register of the others."""
    halves = [
        query.Bool(must=[query.Bool(**clauses(fields))], filter=[query.Terms(window=[*offices])])
        for offices, fields in ((public.whole, FIELDS), (public.register_only, REGISTER_FIELDS))
        if offices
    ]
    return query.Bool(should=halves, minimum_should_match=1)


def _readings(reading: Reading, public: Public, fields: Fields) -> list[query.Query]:
    """The text as it was typed or, where there is a correction, as it may have been meant."""
    synonyms = reading.synonyms or ((),) * len(reading.wanted)
    every = {
        place: _term(term, fields, synonyms[place])
        for place, term in public.said(reading.wanted).items()
    }
    as_typed = [_tiers(reading, every)] if reading.tiers else [*every.values()]
    correction = reading.correction
    if correction is None:
        return as_typed
    kept = [_term(term, fields) for term in public.said(correction.kept).values()]
    meant = [*map(_bearers, correction.names), *kept]
    either = [query.Bool(must=clauses) for clauses in (as_typed, meant) if clauses]
    return [query.Bool(should=either, minimum_should_match=1)]


def _tiers(reading: Reading, every: Mapping[int, query.Query]) -> query.Query:
    """Every term of one tier must be there; who has every term of the first comes first."""
    tiers = [[every[place] for place in tier if place in every] for tier in reading.tiers]
    whole = [query.Bool(filter=terms) for terms in tiers if terms]
    first = query.ConstantScore(filter=whole[0], boost=FIRST_TIER)
    return query.Bool(
        filter=[query.Bool(should=whole, minimum_should_match=1)],
        should=[first, *every.values()],
    )


def _better(
    asked: SearchQuery, reading: Reading, public: Public, fields: Fields
) -> list[query.Query]:
    """What makes a hit come before others, and nobody needs."""
    correction = reading.correction
    likeliest = correction.likeliest if correction else (*reading.suspects, *reading.meant)
    better: list[query.Query] = []
    if likeliest:
        better.append(query.ConstantScore(filter=_bearers(likeliest), boost=NAMED))
    words = [term[0][0][0] for term in public.said(reading.wanted).values() if len(term[0]) == 1]
    if len(words) > 1:
        better.append(
            query.MultiMatch(
                query=" ".join(words),
                type="phrase",
                slop=APART,
                fields=_weighted(fields, TOGETHER),
            )
        )
    typed = _as_typed(asked.text, set(words))
    if typed:
        exact = {f"{name}.exact": weight for name, weight in fields.items()}
        better.append(query.MultiMatch(query=typed, fields=_weighted(exact, EXACT)))
    return better


def _as_typed(text: str, words: set[str]) -> str:
    """The wanted words with the tildes that were typed."""
    separated = "".join(char if char.isalnum() else " " for char in text)
    return " ".join(word for word in separated.split() if fold(word) in words)


def _bearers(names: Sequence[str]) -> query.Query:
    """Those who bear one of the names (folded words), exactly."""
    return query.Terms(name__words=list(names))


def _term(term: Term, fields: Fields, synonyms: Term = ()) -> query.Query:
    """Any of the phrases; the one that counts most decides, and synonyms count less."""
    clauses = [
        clause
        for phrase in term
        for clause in _phrase(phrase, fields, SYNONYM if phrase in synonyms else 1)
    ]
    return query.DisMax(queries=clauses)


def _phrase(phrase: Phrase, fields: Fields, factor: float) -> list[query.Query]:
    """A word in any of its spellings, or words in their order.

    Common words have no place of their own in the index, so they need none here.
    """
    spellings = [tuple(dict.fromkeys(map(fold, word))) for word in phrase]
    if len(spellings) == 1:
        return [
            query.MultiMatch(
                query=word,
                type="cross_fields",
                tie_breaker=TIE_BREAKER,
                fields=_weighted(fields, factor),
            )
            for word in spellings[0]
        ]
    return [
        query.MultiMatch(query=" ".join(words), type="phrase", fields=_weighted(fields, factor))
        for words in islice(product(*spellings), MOST_SPELLINGS_OF_A_PHRASE)
    ]


def _weighted(fields: Fields, factor: float) -> list[str]:
    return [f"{name}^{weight * factor:g}" for name, weight in fields.items()]


# --- filters and counts


def _filters(asked: SearchQuery, public: Public) -> dict[str, query.Query]:
    """The condition of each facet that has chosen values."""
    return {name: _filter(name, values, public) for name, values in asked.filters.items() if values}


def _filter(name: str, values: Sequence[str], public: Public) -> query.Query:
    if name in FIXED:
        return query.Q("terms", **{FIXED[name]: list(values)})
    if name == "edad":
        bands = [AGE_BANDS[value] for value in values]
        ranges = [query.Range(age={"gte": least, "lte": most}) for least, most in bands]
        return query.Bool(should=ranges, minimum_should_match=1)
    answered = query.Terms(facets=[f"{name}{FACET_SEPARATOR}{value}" for value in values])
    return query.Bool(filter=[answered, query.Terms(window=list(public.whole))])


def _count(search: Search, chosen: Mapping[str, query.Query], public: Public) -> None:
    """Ask for the counts of each facet, without its own filter, and of all that were matched."""
    search.aggs.bucket("matched", aggs.Filter(query.MatchAll()))
    for name, field in FIXED.items():
        values = aggs.Terms(field=field, size=MOST_VALUES)
        search.aggs.bucket(name, _without(name, chosen)).bucket("values", values)
    bands = [
        {"key": band, "from": least, "to": most + 1} for band, (least, most) in AGE_BANDS.items()
    ]
    ages = aggs.Range(field="age", ranges=bands)
    search.aggs.bucket("edad", _without("edad", chosen)).bucket("values", ages)
    # Answers are counted where they are public.
    answered = query.Terms(window=list(public.whole))
    for name in ("", *(chosen.keys() - {*FIXED, "edad"})):
        values = aggs.Terms(field="facets", size=MOST_VALUES)
        if name:
            values = aggs.Terms(
                field="facets", size=MOST_VALUES, include=f"{name}{FACET_SEPARATOR}.*"
            )
        search.aggs.bucket(f"{OWN}{name}", _without(name, chosen, answered)).bucket(
            "values", values
        )


def _without(
    name: str, chosen: Mapping[str, query.Query], *conditions: query.Query
) -> aggs.Filter[Any]:
    others = [condition for other, condition in chosen.items() if other != name]
    return aggs.Filter(query.Bool(filter=[*others, *conditions]))


# --- the answer


def found_in(answer: Mapping[str, Any], lexemes: Iterable[str]) -> Found:
    """What the server found.

    Raises: Nonsense, when the answer is not whole, or is none.
    """
    try:
        hits = hits_in(answer)
        counted = answer["aggregations"]
        return Found(
            ids=tuple(candidacy for candidacy, _version in hits),
            total=int(answer["hits"]["total"]["value"]),
            matched=int(counted["matched"]["doc_count"]),
            counts=_counts(counted),
            lexemes=tuple(lexemes),
            versions=dict(hits),
        )
    except (LookupError, TypeError, ValueError, AttributeError) as nonsense:
        raise Nonsense("the answer is not that of a search") from nonsense


def hits_in(answer: Mapping[str, Any]) -> list[tuple[int, int]]:
    """The candidacies of an answer in their order, each with the version that was indexed.

    Raises: Nonsense, when the answer is not whole, or is none.
    """
    try:
        if answer["timed_out"] or answer["_shards"]["failed"]:
            raise Nonsense("the answer is not whole")
        return [
            (int(hit["fields"]["candidacy"][0]), int(hit["fields"]["version"][0]))
            for hit in answer["hits"]["hits"]
        ]
    except (LookupError, TypeError, ValueError, AttributeError) as nonsense:
        raise Nonsense("the answer is not that of a search") from nonsense


def with_frequencies(
    found: Found, answer: Mapping[str, Any], reading: Reading, public: Public
) -> Found:
    """What was found, with the answer to `frequencies_of`. Raises: Nonsense."""
    try:
        counted = answer["aggregations"]
        everybody = counted["everybody"]["public"]
        said = public.said(reading.wanted)
        return replace(
            found,
            frequencies=tuple(
                int(everybody[str(place)]["doc_count"]) if place in said else TOO_COMMON
                for place in range(len(reading.wanted))
            ),
            public=int(everybody["doc_count"]),
            bearers=int(counted["bearers"]["doc_count"]),
        )
    except (LookupError, TypeError, ValueError) as nonsense:
        raise Nonsense("the answer is not that of a search") from nonsense


def _counts(counted: Mapping[str, Any]) -> dict[str, dict[str, int]]:
    counts: dict[str, dict[str, int]] = {}
    # Facets of the questionnaires that have a filter are counted apart.
    apart = {name.removeprefix(OWN) for name in counted if name.startswith(OWN)} - {""}
    for name, aggregation in counted.items():
        if name == "matched":
            continue
        values = aggregation["values"]
        if values.get("sum_other_doc_count"):
            raise Nonsense("a facet is not whole")
        for bucket in values["buckets"]:
            facet, value = name, str(bucket["key"])
            if name.startswith(OWN):
                facet, _sign, value = value.partition(FACET_SEPARATOR)
            if bucket["doc_count"] and not (name == OWN and facet in apart):
                counts.setdefault(facet, {})[value] = int(bucket["doc_count"])
    return counts
