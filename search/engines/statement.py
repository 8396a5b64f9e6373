"""The one statement of the PostgreSQL engine: matches, page, total and facets in a single scan."""

from dataclasses import dataclass, field
from typing import Any

from search.query import AGE_BANDS, SearchQuery

# Beyond this many matches the exact rank is not computed: names first, then the ballot's order.
RANKED = 300

_COLUMN = {
    "municipio": "territory_id",
    "cargo": "office_id",
    "actor": "actor_id",
    "sexo": "sex",
    "edad": "band",
    "grado": "degree",
}
FACETS = tuple(_COLUMN)
# Inlined, so that the planner knows how many rows to expect.
_QUERY = (
    "(websearch_to_tsquery('pg_catalog.spanish', %(text)s)"
    " || websearch_to_tsquery('pg_catalog.spanish', conoceles_r(%(text)s)))"
)
_DEGREE = "case when p.process_office_id = any(%(open)s) then nullif(p.degree, '') end"


@dataclass
class Windows:
    """The offices of the process whose register is public now: with answers, and without."""

    open: list[int] = field(default_factory=list)
    closed: list[int] = field(default_factory=list)


@dataclass
class Statement:
    """SQL with its parameters."""

    sql: str
    parameters: dict[str, Any]


def _band_sql() -> str:
    cases = " ".join(
        f"when p.age between {low} and {high} then '{name}'"
        for name, (low, high) in AGE_BANDS.items()
    )
    return f"case {cases} end"


def _match_sql(windows: Windows, has_text: bool) -> str:
    if not has_text:
        return "p.process_office_id = any(%(open)s) or p.process_office_id = any(%(closed)s)"
    parts = ["p.process_office_id = any(%(open)s) and p.search_vector @@ " + _QUERY]
    if windows.closed:
        parts.append("p.process_office_id = any(%(closed)s) and p.register_vector @@ " + _QUERY)
    return " or ".join(f"({part})" for part in parts)


def _order_sql(query: SearchQuery, owners: bool) -> str:
    first = "(m.candidacy_id = any(%(owners)s)) desc, " if owners else ""
    ballot = "o.ballot_order, a.ballot_order, a.key, m.list_number nulls last, m.seat_kind"
    if query.order == "nombre":
        return f"{first}m.sort_key, m.candidacy_id"
    if query.text and query.order != "boleta":
        rank = (
            "case when (select count(*) from m) <= %(ranked)s"  # noqa: S608
            f" then ts_rank('{{0.05, 0.2, 0.4, 1.0}}', m.vector, {_QUERY}) end"
        )
        return f"{first}m.named desc, {rank} desc nulls last, {ballot}, m.sort_key, m.candidacy_id"
    return f"{first}t.sort_key, {ballot}, m.sort_key, m.candidacy_id"


def _facet_counts(filters: dict[str, tuple[str, ...]]) -> str:
    """One grouping per facet; a facet's own filter does not count for itself."""
    if not filters:
        return "count(*)"
    cases = []
    for position, name in enumerate(FACETS):
        others = " and ".join(f"f_{other}" for other in filters if other != name) or "true"
        bit = 1 << (len(FACETS) - 1 - position)
        grouped = ((1 << len(FACETS)) - 1) ^ bit
        columns = ", ".join(_COLUMN.values())
        cases.append(f"when {grouped} then count(*) filter (where {others})")
    return f"case grouping({columns}) {' '.join(cases)} end"


def build(query: SearchQuery, windows: Windows, owners: list[int]) -> Statement:
    """The statement of a search.

    Args:
        owners: candidacies whose name is a near miss of the text; they match too, and come first.

    Its rows are (kind, a, b, n): ("total", null, null, n), ("named", …), ("lexeme", text),
    ("page", candidacy id, null, position) and (facet, id or value, null, count).
    """
    has_text = bool(query.text)
    match = _match_sql(windows, has_text)
    if owners:
        match = f"({match}) or p.candidacy_id = any(%(owners)s)"
    filters = {name: values for name, values in query.filters.items() if values}
    chosen = [f", ({_filter_of(name)}) as f_{name}" for name in filters]
    every = " and ".join(f"f_{name}" for name in filters) or "true"
    columns = ", ".join(_COLUMN.values())
    sets = ", ".join(f"({column})" for column in _COLUMN.values())
    sql = f"""
with m as materialized (
    select p.candidacy_id, p.territory_id, p.office_id, p.actor_id, nullif(p.sex, '') as sex,
        {_band_sql()} as band, {_DEGREE} as degree, p.list_number, p.seat_kind, p.sort_key,
        {f"p.register_vector @@ {_QUERY}" if has_text else "false"} as named,
        p.search_vector as vector{"".join(chosen)}
    from published_publishedcandidacy p
    where p.process_id = %(process)s and ({match})
), facets as materialized (
    select grouping({columns}) as which, {columns}, {_facet_counts(filters)} as n
    from m group by grouping sets ({sets})
)
select 'total', null::text, (select count(*) from m where {every})
union all select 'named', null, (select count(*) from m where named)
union all select 'lexeme', unnest(tsvector_to_array(conoceles_vector(%(text)s))), 0
union all select 'page', candidacy_id::text, position from (
    select m.candidacy_id,
        row_number() over (order by {_order_sql(query, bool(owners))}) as position
    from m join catalogs_office o on o.id = m.office_id
        join catalogs_politicalactor a on a.id = m.actor_id
        join catalogs_territory t on t.id = m.territory_id
    where {every} order by position limit %(limit)s offset %(offset)s) page
union all select which::text, coalesce(territory_id::text, office_id::text, actor_id::text,
    sex, band, degree), n from facets
"""  # noqa: S608 (only names of ours are interpolated)
    return Statement(sql, _parameters(query, windows, owners))


def _filter_of(name: str) -> str:
    return {
        "municipio": "p.territory_id = any(%(municipio)s)",
        "cargo": "p.office_id = any(%(cargo)s)",
        "actor": "p.actor_id = any(%(actor)s)",
        "sexo": "p.sex = any(%(sexo)s)",
        "edad": f"coalesce({_band_sql()} = any(%(edad)s), false)",
        "grado": f"coalesce({_DEGREE} = any(%(grado)s), false)",
    }[name]


def _parameters(query: SearchQuery, windows: Windows, owners: list[int]) -> dict[str, Any]:
    return {
        "text": query.text,
        "process": query.process.pk,
        "open": windows.open,
        "closed": windows.closed,
        "owners": owners,
        "ranked": RANKED,
        "limit": query.page_size,
        "offset": (query.page - 1) * query.page_size,
        **{name: list(values) for name, values in query.filters.items() if values},
    }
