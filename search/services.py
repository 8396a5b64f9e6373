"""The public search: a validated query in, a result out, whichever engine finds.

Everything that does not depend on the engine is assembled here: corrections of misspelt names, the
rows of the page with their fragments, and the facets with their labels.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from cms.published import scope, selectors, versions
from search import public_words
from search.coalitions import counted_with_coalitions, with_coalitions
from search.corrections import correct, shown_spelling
from search.engines import engine as engine_in_use
from search.engines.contract import Counts, Engine, Found
from search.fragments import fragments
from search.query import SearchQuery
from search.reading import ONLY_COMMON, Correction, Reading, read
from search.relaxation import ENOUGH, Relaxation, may_be_relaxed, relax
from search.result import FacetValue, FoundCandidacy, Hit, SearchResult
from search.rows import rows_of
from search.spelling import Spelling, respell
from search.vocabulary import Facet, Vocabulary, newest, vocabulary
from search.words import WordLists


def search(query: SearchQuery, *, engine: Engine | None = None) -> SearchResult:
    """Search what is public at `query.at`.

    Queries with the PostgreSQL engine: its call, the rows of the page, the stems of new words and
    the vocabulary when it is not remembered, and another call when a name was misspelt and when
    few hold every word: six at most, two mostly. A search that finds nobody also asks for words
    that are spelt alike, and is searched once more with them.
    """
    pk = query.process.pk
    selectors.depends_on_process(pk, query.at, versions.rows(pk), versions.WORDS)
    engine = engine or engine_in_use()
    words = vocabulary(query.process)
    reading = read(query.text, words.words)
    if reading.suspects:
        scope.depends_on(public_words.version(pk))
    answer = _find(engine, _with_coalitions(query, words), reading, words.words)
    found = answer.found
    if not words.knows(found.counts):
        words = newest(query.process)
    hits = _hits(query, found, rows_of(query, found))
    return SearchResult(
        hits=hits,
        total=found.total,
        facets=_facets(query, found.counts, words),
        facet_titles={name: facet.title for name, facet in words.facets.items()},
        facet_questions={
            name: facet.question for name, facet in words.facets.items() if facet.question
        },
        suggestion=_suggestion(answer.correction, hits),
        meant=answer.spelling.text if answer.spelling else "",
        remark=" ".join(filter(None, (query.remark, _remark(reading, answer)))),
        left_out=answer.relaxation.left_out if answer.relaxation else (),
        engine=engine.name,
    )


def _with_coalitions(query: SearchQuery, words: Vocabulary) -> SearchQuery:
    """The query as an engine takes it: a party stands for its coalitions too."""
    chosen = query.filters.get("actor", ())
    actors = with_coalitions(chosen, words.memberships)
    if actors == chosen:
        return query
    return replace(query, filters={**query.filters, "actor": actors})


# «Salu» is rather «salud», which so many times more candidacies write, than one candidate's «Saúl».
TIMES_MORE = 3


@dataclass(frozen=True)
class _Answer:
    """What was found, and by which reading other than what was typed.

    Attributes:
        whole: with another spelling, how many hold every word of it.
    """

    found: Found
    correction: Correction | None = None
    relaxation: Relaxation | None = None
    spelling: Spelling | None = None
    whole: int = 0


def _find(engine: Engine, query: SearchQuery, reading: Reading, lists: WordLists) -> _Answer:
    """What is found: as typed; with misspelt names or words corrected; or with fewer words."""
    if query.text.strip() and not reading.wanted:
        return _Answer(Found())
    if may_be_relaxed(reading):
        reading = replace(reading, wants_frequencies=ENOUGH)
    found = engine.find(query, reading)
    named = _named(engine, query, reading, found)
    if named is not None and (_is_sure(named.correction, found) or found.matched):
        return named
    respelt = _respelt(engine, query, reading, found, lists)
    if named is not None and (respelt is None or respelt.whole <= TIMES_MORE * named.found.matched):
        return named
    return respelt or _relaxed(engine, query, reading, query.text, found)


def _named(engine: Engine, query: SearchQuery, reading: Reading, found: Found) -> _Answer | None:
    """What is found with misspelt names corrected; None when none seems misspelt, or is found."""
    correction = correct(reading, found.near)
    if correction is None:
        return None
    corrected = engine.find(query, replace(reading, correction=correction))
    return _Answer(corrected, correction) if corrected.matched else None


def _is_sure(correction: Correction | None, found: Found) -> bool:
    """Whether names were meant: several, and nothing else, or one that sounds the same."""
    if correction is None:
        return False
    if not correction.kept and len(correction.names) > 1:
        return True
    alike = {name for names in found.near.values() for name, sounds_same in names if sounds_same}
    return any(name in alike for name in correction.likeliest)


def _respelt(
    engine: Engine, query: SearchQuery, reading: Reading, found: Found, lists: WordLists
) -> _Answer | None:
    """What is found with misspelt words corrected; None when none is, or nobody is found."""
    spelling = respell(query.process, query.text, reading, found, lists)
    if spelling is None:
        return None
    respelt = engine.find(query, spelling.reading)
    answer = _relaxed(engine, query, spelling.reading, spelling.text, respelt)
    if not answer.found.matched:
        return None
    return replace(answer, spelling=spelling, whole=respelt.matched)


def _relaxed(
    engine: Engine, query: SearchQuery, reading: Reading, text: str, found: Found
) -> _Answer:
    """What is found, or what fewer words find if that is too little."""
    relaxation = relax(reading, text, found)
    if relaxation is None:
        return _Answer(found)
    relaxed = engine.find(query, relaxation.reading)
    return _Answer(relaxed, relaxation=relaxation) if relaxed.matched else _Answer(found)


def _remark(reading: Reading, answer: _Answer) -> str:
    return " ".join(
        filter(
            None,
            (
                reading.remark,
                ONLY_COMMON if answer.found.only_common else "",
                answer.relaxation.remark if answer.relaxation else "",
            ),
        )
    )


def _suggestion(correction: Correction | None, hits: tuple[Hit, ...]) -> str:
    if correction is None:
        return ""
    return shown_spelling(correction.spelling, hits[0].row.name if hits else "")


def _hits(query: SearchQuery, found: Found, rows: list[FoundCandidacy]) -> tuple[Hit, ...]:
    passages = fragments(rows, list(found.lexemes)) if query.text else {}
    return tuple(Hit(row=row, fragments=passages.get(row.candidacy_id, ())) for row in rows)


def _facets(
    query: SearchQuery, counts: Counts, words: Vocabulary
) -> dict[str, tuple[FacetValue, ...]]:
    actors = counted_with_coalitions(counts.get("actor", {}), words.memberships)
    counts = {**counts, "actor": actors}
    return {
        name: _values(facet, counts.get(name, {}), query.filters.get(name, ()))
        for name, facet in words.facets.items()
    }


def _values(
    facet: Facet, counts: Mapping[str, int], chosen: tuple[str, ...]
) -> tuple[FacetValue, ...]:
    return tuple(
        FacetValue(term.value, term.label, counts.get(term.value, 0), term.value in chosen)
        for term in facet.terms
    )
