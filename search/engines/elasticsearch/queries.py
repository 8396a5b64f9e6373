"""A search as Elasticsearch takes it, and its answer as the contract wants it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from elasticsearch.dsl import Search, aggs, query

from cms.published.models import PublishedCandidacy
from search.engines.contract import TOO_COMMON, Found
from search.engines.elasticsearch.schema import FACET_SEPARATOR
from search.engines.elasticsearch.wanted import (
    Public,
    everybody_public,
    held,
    held_in_public,
    wanted,
)
from search.query import AGE_BANDS, SearchQuery
from search.reading import Reading

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


def search_of(asked: SearchQuery, reading: Reading, public: Public) -> Search:
    """The search of one page, with the counts of every facet."""
    chosen = _filters(asked, public)
    search = (
        Search()
        .query(wanted(asked, reading, public))
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
    search = Search().query(wanted(asked, reading, public)).source(False).extra(size=0)
    in_name = [held(term, "name") for term in terms.values()]
    search.aggs.bucket("bearers", aggs.Filter(query.Bool(filter=in_name)))
    everybody = search.aggs.bucket("everybody", aggs.Global()).bucket(
        "public", aggs.Filter(everybody_public(asked, public))
    )
    for place, term in terms.items():
        everybody.bucket(str(place), aggs.Filter(held_in_public(term, public)))
    return search


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
    if chosen:
        search.aggs.bucket("matched", aggs.Filter(query.MatchAll()))
    for name, field in FIXED.items():
        values = aggs.Terms(field=field, size=MOST_VALUES)
        search.aggs.bucket(name, _where(_others(name, chosen), values))
    bands = [
        {"key": band, "from": least, "to": most + 1} for band, (least, most) in AGE_BANDS.items()
    ]
    ages = aggs.Range(field="age", ranges=bands)
    search.aggs.bucket("edad", _where(_others("edad", chosen), ages))
    # Answers are counted where they are public.
    answered = [query.Terms(window=list(public.whole))] if public.register_only else []
    for name in ("", *(chosen.keys() - {*FIXED, "edad"})):
        values = aggs.Terms(field="facets", size=MOST_VALUES)
        if name:
            only = f"{name}{FACET_SEPARATOR}.*"
            values = aggs.Terms(field="facets", size=MOST_VALUES, include=only)
        search.aggs.bucket(f"{OWN}{name}", _where([*_others(name, chosen), *answered], values))


def _others(name: str, chosen: Mapping[str, query.Query]) -> list[query.Query]:
    """The conditions of all facets but one."""
    return [condition for other, condition in chosen.items() if other != name]


def _where(conditions: Sequence[query.Query], values: aggs.Agg[Any]) -> aggs.Agg[Any]:
    """The values of those who meet conditions; none is asked where there are none, which costs."""
    if not conditions:
        return values
    return aggs.Filter(query.Bool(filter=list(conditions)), aggs={"values": values})


# --- the answer


def found_in(answer: Mapping[str, Any], lexemes: Iterable[str]) -> Found:
    """What the server found.

    Raises: Nonsense, when the answer is not whole, or is none.
    """
    try:
        hits = hits_in(answer)
        counted = answer["aggregations"]
        total = int(answer["hits"]["total"]["value"])
        return Found(
            ids=tuple(candidacy for candidacy, _version in hits),
            total=total,
            matched=int(counted["matched"]["doc_count"]) if "matched" in counted else total,
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
        values = aggregation.get("values", aggregation)
        if values.get("sum_other_doc_count"):
            raise Nonsense("a facet is not whole")
        for bucket in values["buckets"]:
            facet, value = name, str(bucket["key"])
            if name.startswith(OWN):
                facet, _sign, value = value.partition(FACET_SEPARATOR)
            if bucket["doc_count"] and not (name == OWN and facet in apart):
                counts.setdefault(facet, {})[value] = int(bucket["doc_count"])
    return counts
