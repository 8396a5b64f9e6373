"""The PostgreSQL engine: one statement for matches, page, total and facets (design §5)."""

from dataclasses import dataclass, field, replace

from django.db import connection
from django.utils import timezone

from cms.catalogs.models import Process, ProcessOffice, Sex
from cms.published import selectors
from search.engines.fragments import fragments
from search.engines.names import NearNames, near_names
from search.engines.statement import FACETS, Windows, build
from search.query import AGE_BANDS, DEGREES, SearchQuery
from search.result import FacetValue, Hit, SearchResult
from search.vocabulary import Vocabulary, vocabulary

UNCLOSED = "La búsqueda tiene unas comillas sin cerrar; se buscó como palabras sueltas."
ONLY_COMMON = "La búsqueda solo tiene palabras muy comunes. Agrega una que diga de qué trata."
# With at most this many matches, none by name, a near miss of somebody's name may be meant.
FEW = 10
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


@dataclass
class _Answer:
    """What the statement answered."""

    total: int = 0
    named: int = 0
    lexemes: list[str] = field(default_factory=list)
    page: list[int] = field(default_factory=list)
    counts: dict[str, dict[str, int]] = field(default_factory=lambda: {name: {} for name in FACETS})


def windows_of(process: Process) -> Windows:
    """The offices that are public now (one query)."""
    now = timezone.now()
    found = Windows()
    for office in ProcessOffice.objects.filter(process=process):
        if office.shows_answers(now):
            found.open.append(office.pk)
        elif office.is_visible(now):
            found.closed.append(office.pk)
    return found


def search(query: SearchQuery) -> SearchResult:
    """Search what is public now: four queries, two more when a name was misspelt."""
    notice = ""
    if query.text.count('"') % 2:
        query = replace(query, text=query.text.replace('"', " ").strip())
        notice = UNCLOSED
    windows = windows_of(query.process)
    words = vocabulary(query.process)
    answer = _ask(query, windows, words, [])
    near = _near(query, windows, answer)
    if near is not None:
        answer = _ask(query, windows, words, near.owners)
    if query.text and not answer.lexemes and not answer.total:
        notice = notice or ONLY_COMMON
    return SearchResult(
        hits=_hits(query, answer),
        total=answer.total,
        facets=_facets(query, answer, words),
        suggestion=near.spelling if near else "",
        notice=notice,
    )


def _near(query: SearchQuery, windows: Windows, answer: _Answer) -> NearNames | None:
    if not query.text or answer.named or answer.total > FEW:
        return None
    return near_names(query, windows)


def _ask(query: SearchQuery, windows: Windows, words: Vocabulary, owners: list[int]) -> _Answer:
    statement = build(_with_ids(query, words), windows, owners)
    with connection.cursor() as cursor:
        cursor.execute(statement.sql, statement.parameters)
        rows = cursor.fetchall()
    answer = _Answer()
    pages: list[tuple[int, int]] = []
    for kind, value, number in rows:
        if kind == "total":
            answer.total = number
        elif kind == "named":
            answer.named = number
        elif kind == "lexeme":
            answer.lexemes.append(value)
        elif kind == "page":
            pages.append((number, int(value)))
        elif value is not None:
            answer.counts[_facet_of(int(kind))][value] = number
    answer.page = [candidacy_id for _position, candidacy_id in sorted(pages)]
    return answer


def _facet_of(grouping: int) -> str:
    """Which facet a row counts: the one column that GROUPING does not mark."""
    missing = ((1 << len(FACETS)) - 1) ^ grouping
    return FACETS[len(FACETS) - missing.bit_length()]


def _with_ids(query: SearchQuery, words: Vocabulary) -> SearchQuery:
    """Filters by row id where the facet is of the catalogues."""
    filters: dict[str, tuple[str, ...]] = dict(query.filters)
    for name in _IDS:
        if filters.get(name):
            terms = [words.term(name, value) for value in filters[name]]
            filters[name] = tuple(term.id if term else -1 for term in terms)  # type: ignore[misc]
    return replace(query, filters=filters)


def _hits(query: SearchQuery, answer: _Answer) -> tuple[Hit, ...]:
    if not answer.page:
        return ()
    rows = selectors.visible_candidacies().filter(candidacy_id__in=answer.page)
    if not query.text:
        rows = selectors.for_lists(rows)
    found = {row.candidacy_id: selectors.showable(row) for row in rows}
    shown = [found[one] for one in answer.page if one in found]
    passages = fragments(shown, answer.lexemes) if query.text else {}
    return tuple(Hit(row=row, fragments=passages.get(row.candidacy_id, ())) for row in shown)


def _facets(
    query: SearchQuery, answer: _Answer, words: Vocabulary
) -> dict[str, tuple[FacetValue, ...]]:
    found: dict[str, tuple[FacetValue, ...]] = {}
    for name in _IDS:
        counts = {int(key): total for key, total in answer.counts[name].items()}
        if not counts.keys() <= words.ids(name):
            words = vocabulary(query.process, fresh=True)
        chosen = query.filters.get(name, ())
        found[name] = tuple(
            FacetValue(
                value=term.value,
                label=term.label,
                total=counts.get(term.id, 0),
                chosen=term.value in chosen,
            )
            for term in words.terms[name]
        )
    for name, labels in _FIXED.items():
        chosen = query.filters.get(name, ())
        found[name] = tuple(
            FacetValue(
                value=value,
                label=label,
                total=answer.counts[name].get(value, 0),
                chosen=value in chosen,
            )
            for value, label in labels.items()
        )
    return found
