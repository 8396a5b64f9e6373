"""The values that a process's facets can take, with their labels, in their neutral order."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.core.cache import cache
from django.db import connection

from cms.catalogs.models import Process
from cms.catalogs.spanish import fold

SECONDS = 60

_SQL = """
select * from (
    select 'cargo' as facet, o.id, o.code, o.name, o.code,
        lpad(o.ballot_order::text, 6, '0') as position
    from catalogs_processoffice po join catalogs_office o on o.id = po.office_id
    where po.process_id = %(process)s
    union all
    select 'actor', a.id, a.key, a.name, a.acronym,
        lpad(a.ballot_order::text, 6, '0') || a.key
    from catalogs_politicalactor a where a.process_id = %(process)s
    union all
    select case t.kind when 'municipio' then 'municipio' else 'otro' end, t.id,
        coalesce(nullif(t.cvegeo, ''), t.slug), t.name, t.slug, t.sort_key
    from catalogs_territory t
    where t.id in (
        select territory_id from published_publishedcandidacy where process_id = %(process)s)
) terms
order by facet, position collate "C"
"""


@dataclass(frozen=True)
class Term:
    """A value of a facet: its row, what the parameter takes, and what people read."""

    id: int
    value: str
    label: str


@dataclass(frozen=True)
class Vocabulary:
    """The terms of "cargo", "actor" and "municipio" of one process, and how they are spelt."""

    terms: Mapping[str, tuple[Term, ...]]
    spellings: Mapping[str, Mapping[str, Term]] = field(repr=False)

    def term(self, facet: str, spelling: str) -> Term | None:
        """A term by its value, name, slug or acronym, in any case and with or without accents."""
        return self.spellings[facet].get(fold(spelling))

    def ids(self, facet: str) -> set[int]:
        """The rows that are known of a facet; districts and entities beside municipalities."""
        terms = self.terms[facet] + (self.terms["otro"] if facet == "municipio" else ())
        return {one.id for one in terms}


def vocabulary(process: Process, *, fresh: bool = False) -> Vocabulary:
    """The vocabulary of a process (one query, kept for a minute; `fresh` asks again)."""
    key = f"search-vocabulary-{process.pk}"
    rows = None if fresh else cache.get(key)
    if rows is None:
        with connection.cursor() as cursor:
            cursor.execute(_SQL, {"process": process.pk})
            rows = cursor.fetchall()
        cache.set(key, rows, SECONDS)
    return _from_rows(rows)


def _from_rows(rows: list[tuple[str, int, str, str, str, str]]) -> Vocabulary:
    terms: dict[str, list[Term]] = {"cargo": [], "actor": [], "municipio": [], "otro": []}
    spellings: dict[str, dict[str, Term]] = {name: {} for name in terms}
    for facet, pk, value, label, other, _order in rows:
        term = Term(pk, value, label)
        terms[facet].append(term)
        for spelling in (value, label, other, value.replace("_", "-")):
            if spelling:
                spellings[facet].setdefault(fold(spelling), term)
    return Vocabulary({name: tuple(found) for name, found in terms.items()}, spellings)
