"""The PostgreSQL engine: matches, facets and page in one call; then the rows of the page."""

from django.utils import timezone

from cms.catalogs.models import Sex
from cms.published import selectors
from cms.published.models import PublishedCandidacy
from search.engines.fragments import fragments
from search.engines.names import Correction, correct, shown_spelling
from search.engines.reading import ONLY_COMMON, Reading, read
from search.engines.statement import Answer, ask
from search.query import AGE_BANDS, DEGREES, SearchQuery
from search.result import FacetValue, Hit, SearchResult
from search.vocabulary import Vocabulary, vocabulary

_IDS = ("cargo", "actor", "municipio")
_FIXED: dict[str, dict[str, str]] = {
    "sexo": {
        Sex.WOMAN.value: "Mujeres",
        Sex.MAN.value: "Hombres",
        Sex.NON_BINARY.value: "Personas no binarias",
    },
    "edad": {band: f"{band.replace('-', ' a ')} años" for band in AGE_BANDS}
    | {"60+": "60 años o más"},
    "grado": DEGREES,
}
# No row has this id: a value that is not in the catalogues finds nothing.
_NO_ROW = -1


def search(query: SearchQuery) -> SearchResult:
    """Search what is public now.

    Queries: the call, the rows of the page, the stems of new words and the vocabulary when it is
    not remembered, and a second call when a name was misspelt: five at most, two mostly.
    """
    reading = read(query.text)
    words = vocabulary(query.process)
    instant = timezone.now()
    ids = _ids(query, words)
    answer = Answer(common=True)
    if reading.wanted or not query.text.strip():
        answer = ask(query, reading, ids=ids, instant=instant)
    if not all(_known(answer, words).values()):
        words = vocabulary(query.process, fresh=True)
    correction = correct(reading, answer.near)
    if correction is not None:
        again = ask(query, reading, ids=ids, instant=instant, correction=correction)
        answer, correction = _better(answer, again, correction)
    hits = _hits(query, answer, words)
    return SearchResult(
        hits=hits,
        total=answer.total,
        facets=_facets(query, answer, words),
        suggestion=_suggestion(correction, hits),
        notice=_notice(reading, answer),
    )


def _notice(reading: Reading, answer: Answer) -> str:
    only_common = ONLY_COMMON if reading.wanted and answer.common else ""
    return " ".join(filter(None, (reading.notice, only_common)))


def _better(
    plain: Answer, corrected: Answer, correction: Correction
) -> tuple[Answer, Correction | None]:
    """The corrected reading, unless it finds nobody."""
    return (corrected, correction) if corrected.matched else (plain, None)


def _suggestion(correction: Correction | None, hits: tuple[Hit, ...]) -> str:
    if correction is None:
        return ""
    return shown_spelling(correction.spelling, hits[0].row.name if hits else "")


def _known(answer: Answer, words: Vocabulary) -> dict[str, bool]:
    """Whether the vocabulary has every value that was found, by facet."""
    return {
        name: {int(key) for key in answer.counts.get(name, ())} <= words.ids(name) for name in _IDS
    }


def _ids(query: SearchQuery, words: Vocabulary) -> dict[str, list[int]]:
    """Row ids of the filters that are of the catalogues."""
    found: dict[str, list[int]] = {}
    for name in _IDS:
        if query.filters.get(name):
            terms = [words.term(name, value) for value in query.filters[name]]
            found[name] = [term.id if term else _NO_ROW for term in terms]
    return found


def _hits(query: SearchQuery, answer: Answer, words: Vocabulary) -> tuple[Hit, ...]:
    """The rows of the page, in its order; their catalogue rows come from the vocabulary."""
    if not answer.page:
        return ()
    rows = selectors.visible_candidacies().filter(candidacy_id__in=answer.page)
    rows = rows.defer("answers", "contacts") if not query.text else rows.defer("contacts")
    rows = rows.select_related(None)
    found = {row.candidacy_id: _with_catalogues(row, query, words) for row in rows}
    shown = [found[one] for one in answer.page if one in found]
    passages = fragments(shown, answer.lexemes) if query.text else {}
    return tuple(Hit(row=row, fragments=passages.get(row.candidacy_id, ())) for row in shown)


def _with_catalogues(
    row: PublishedCandidacy, query: SearchQuery, words: Vocabulary
) -> PublishedCandidacy:
    row._state.fields_cache.update(
        process=query.process,
        office=words.rows["cargo", row.office_id],
        actor=words.rows["actor", row.actor_id],
        territory=words.rows["municipio", row.territory_id],
    )
    return selectors.showable(row)


def _facets(
    query: SearchQuery, answer: Answer, words: Vocabulary
) -> dict[str, tuple[FacetValue, ...]]:
    found: dict[str, tuple[FacetValue, ...]] = {}
    for name in _IDS:
        counts = {int(key): total for key, total in answer.counts.get(name, {}).items()}
        found[name] = _values(
            query,
            name,
            [(one.value, one.label, counts.get(one.id, 0)) for one in words.terms[name]],
        )
    for name, labels in _FIXED.items():
        counts_of = answer.counts.get(name, {})
        found[name] = _values(
            query,
            name,
            [(value, label, counts_of.get(value, 0)) for value, label in labels.items()],
        )
    return found


def _values(
    query: SearchQuery, name: str, values: list[tuple[str, str, int]]
) -> tuple[FacetValue, ...]:
    chosen = query.filters.get(name, ())
    return tuple(
        FacetValue(value=value, label=label, total=total, chosen=value in chosen)
        for value, label, total in values
    )
