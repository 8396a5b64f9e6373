"""The one call of a search to the database, and what it answers.

`conoceles_search` (cms/published/migrations/0003) decides who is public at the instant, matches,
counts every facet and orders the page in one round trip.
"""

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection

from search.engines.names import FEW, Correction, exactly
from search.engines.reading import Reading, spellings
from search.query import AGE_BANDS, FACETS, SearchQuery

# Up to this many hits the rank is exact; of more, see conoceles_page.
RANKED = 200

_SQL = """
select conoceles_search(
    %(process)s, %(instant)s, %(wanted)s::jsonb, %(excluded)s::jsonb, %(kept)s::jsonb,
    %(names)s::text[], %(likeliest)s::text, %(suspects)s::jsonb, %(few)s,
    %(municipio)s::bigint[], %(cargo)s::bigint[], %(actor)s::bigint[], %(sexo)s::text[],
    %(edad)s::integer[], %(grado)s::text[], %(ordering)s, %(ranked)s, %(skipped)s, %(shown)s)::text
"""


@dataclass
class Answer:
    """What the database found.

    Attributes:
        total: hits that pass the filters. matched: hits without any filter.
        counts: facet → value (row id, sex, age band or degree) → hits.
        page: candidacy ids of the page, in order.
        lexemes: stems of the words that were wanted. near: see `names.correct`.
        common: whether every word was too common to search.
    """

    total: int = 0
    matched: int = 0
    counts: dict[str, dict[str, int]] = field(default_factory=dict)
    page: list[int] = field(default_factory=list)
    lexemes: list[str] = field(default_factory=list)
    near: dict[str, list[list[object]]] = field(default_factory=dict)
    common: bool = False


def ask(
    query: SearchQuery,
    reading: Reading,
    *,
    ids: dict[str, list[int]],
    instant: datetime,
    correction: Correction | None = None,
) -> Answer:
    """Ask the database once (one query).

    Args:
        ids: row ids of the chosen municipalities, offices and actors, by facet.
        instant: when the search happens; what is public is decided by it.
        correction: another reading of misspelt names, searched too.
    """
    filters: dict[str, Any] = dict.fromkeys(FACETS)
    filters |= {name: list(values) for name, values in query.filters.items() if values}
    if filters["edad"]:
        filters["edad"] = [
            age for band in filters["edad"] for age in range(*_half_open(AGE_BANDS[band]))
        ]
    likeliest = correction.likeliest if correction else (*reading.suspects, *reading.meant)
    parameters = {
        **filters,
        **ids,
        "process": query.process.pk,
        "instant": instant,
        "wanted": json.dumps(reading.wanted) if reading.wanted else None,
        "excluded": json.dumps(reading.excluded),
        "kept": json.dumps(correction.kept if correction else ()),
        "names": list(correction.names) if correction else [],
        "likeliest": exactly(likeliest) or None,
        "suspects": json.dumps(
            {} if correction else {word: spellings(word) for word in reading.suspects}
        ),
        "few": FEW,
        "ordering": _ordering(query, reading),
        "ranked": RANKED,
        "skipped": (query.page - 1) * query.page_size,
        "shown": query.page_size,
    }
    with connection.cursor() as cursor:
        cursor.execute(_SQL, parameters)
        row = cursor.fetchone()
    return _answer(json.loads(row[0]) if row else {})


def _half_open(band: tuple[int, int]) -> tuple[int, int]:
    return band[0], band[1] + 1


def _ordering(query: SearchQuery, reading: Reading) -> str:
    if query.order in {"boleta", "nombre"}:
        return query.order
    return "relevancia" if reading.wanted else "boleta"


def _answer(found: dict[str, Any]) -> Answer:
    if found.get("common"):
        return Answer(common=True)
    counts: dict[str, dict[str, int]] = {name: {} for name in FACETS}
    for facet, value, number in found["counts"]:
        key = _band(value) if facet == "edad" else value
        if key and facet in counts:
            counts[facet][key] = counts[facet].get(key, 0) + number
    return Answer(
        total=found["total"],
        matched=found["matched"],
        counts=counts,
        page=found["page"],
        lexemes=found["lexemes"],
        near=found["near"],
    )


def _band(age: str) -> str:
    """The age band of an age written as text; "" when it is unknown or in none."""
    if not age.isdecimal():
        return ""
    years = int(age)
    return next((name for name, (low, high) in AGE_BANDS.items() if low <= years <= high), "")
