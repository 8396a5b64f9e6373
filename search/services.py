"""The public search: a validated query in, a result out, whichever engine finds.

Everything that does not depend on the engine is assembled here: corrections of misspelt names, the
rows of the page with their fragments, and the facets with their labels.
"""

from collections.abc import Mapping
from dataclasses import replace

from cms.published import selectors
from cms.published.models import PublishedCandidacy
from search.corrections import correct, shown_spelling
from search.engines import engine as engine_in_use
from search.engines.contract import Counts, Engine, Found
from search.fragments import fragments
from search.query import SearchQuery
from search.reading import ONLY_COMMON, Correction, Reading, read
from search.result import FacetValue, Hit, SearchResult
from search.vocabulary import Facet, Vocabulary, vocabulary

# What no result shows. Each column that is read costs the search time.
_NOT_SHOWN = ("contacts", "sort_key", "registered_at", "version", "end_cause", "ended_on")


def search(query: SearchQuery, *, engine: Engine | None = None) -> SearchResult:
    """Search what is public at `query.at`.

    Queries with the PostgreSQL engine: its call, the rows of the page, the stems of new words and
    the vocabulary when it is not remembered, and a second call when a name was misspelt: five at
    most, two mostly.
    """
    engine = engine or engine_in_use()
    reading = read(query.text)
    found, correction = _find(engine, query, reading)
    rows = _rows(query, found)
    words = vocabulary(query.process)
    if not (words.knows(found.counts) and words.catalogues.hold(rows)):
        words = vocabulary(query.process, fresh=True)
    hits = _hits(query, found, [words.catalogues.complete(row) for row in rows])
    return SearchResult(
        hits=hits,
        total=found.total,
        facets=_facets(query, found.counts, words),
        facet_titles={name: facet.title for name, facet in words.facets.items()},
        facet_questions={
            name: facet.question for name, facet in words.facets.items() if facet.question
        },
        suggestion=_suggestion(correction, hits),
        remark=_remark(reading, found),
        engine=engine.name,
    )


def _find(engine: Engine, query: SearchQuery, reading: Reading) -> tuple[Found, Correction | None]:
    """What is found; with the correction that it was found by, unless that finds nobody."""
    if query.text.strip() and not reading.wanted:
        return Found(), None
    found = engine.find(query, reading)
    correction = correct(reading, found.near)
    if correction is None:
        return found, None
    corrected = engine.find(query, replace(reading, correction=correction))
    return (corrected, correction) if corrected.matched else (found, None)


def _remark(reading: Reading, found: Found) -> str:
    return " ".join(filter(None, (reading.remark, ONLY_COMMON if found.only_common else "")))


def _suggestion(correction: Correction | None, hits: tuple[Hit, ...]) -> str:
    if correction is None:
        return ""
    return shown_spelling(correction.spelling, hits[0].row.name if hits else "")


def _rows(query: SearchQuery, found: Found) -> list[PublishedCandidacy]:
    """The rows of the page in their order; a row that is not public any more is left out."""
    if not found.ids:
        return []
    rows = selectors.visible_candidacies(at=query.at).filter(candidacy_id__in=found.ids)
    rows = rows.defer(*_NOT_SHOWN, *(() if query.text else ("answers",)))
    by_id = {row.candidacy_id: selectors.showable(row) for row in rows.select_related(None)}
    return [by_id[candidacy_id] for candidacy_id in found.ids if candidacy_id in by_id]


def _hits(query: SearchQuery, found: Found, rows: list[PublishedCandidacy]) -> tuple[Hit, ...]:
    passages = fragments(rows, list(found.lexemes)) if query.text else {}
    return tuple(Hit(row=row, fragments=passages.get(row.candidacy_id, ())) for row in rows)


def _facets(
    query: SearchQuery, counts: Counts, words: Vocabulary
) -> dict[str, tuple[FacetValue, ...]]:
    return {
        name: _values(facet, counts.get(name, {}), query.filters.get(name, ()))
        for name, facet in words.facets.items()
    }


def _values(
    facet: Facet, counts: Mapping[str, int], chosen: tuple[str, ...]
) -> tuple[FacetValue, ...]:
    return tuple(
        FacetValue(
            value=term.value,
            label=term.label,
            total=counts.get(term.value, 0),
            chosen=term.value in chosen,
        )
        for term in facet.terms
    )
