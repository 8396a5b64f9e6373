"""The values that a process's facets can take, with their labels, in their neutral order."""

import json
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, models

from cms.catalogs.models import Office, PoliticalActor, Process, Territory
from cms.catalogs.names import written_out
from cms.catalogs.remembered import Remembered
from cms.catalogs.spanish import fold

MOST_BYTES = 16 * 1024 * 1024
# A row as a model takes about so many bytes for each of its JSON.
BYTES_OF_A_LETTER = 8
# So long a process's vocabulary is remembered; a value that is not in it is asked for at once.
SECONDS = 60

_SQL = """
select * from (
    select 'cargo' as facet, o.id, o.code, o.name, o.code,
        lpad(o.ballot_order::text, 6, '0') as position, to_jsonb(o)::text
    from catalogs_processoffice po join catalogs_office o on o.id = po.office_id
    where po.process_id = %(process)s
    union all
    select 'actor', a.id, a.key, a.name, a.acronym,
        lpad(a.ballot_order::text, 6, '0') || a.key, to_jsonb(a)::text
    from catalogs_politicalactor a where a.process_id = %(process)s
    union all
    select case t.kind when 'municipio' then 'municipio' else 'otro' end, t.id,
        coalesce(nullif(t.cvegeo, ''), t.slug), t.name, t.slug, t.sort_key, to_jsonb(t)::text
    from catalogs_territory t
    where t.id in (
        select territory_id from published_publishedcandidacy where process_id = %(process)s)
) terms
order by facet, position collate "C"
"""
_MODELS: dict[str, type[models.Model]] = {
    "cargo": Office,
    "actor": PoliticalActor,
    "municipio": Territory,
    "otro": Territory,
}


@dataclass(frozen=True)
class Term:
    """A value of a facet: its row, what the parameter takes, and what people read."""

    id: int
    value: str
    label: str
    row: Any = field(repr=False, compare=False)


@dataclass(frozen=True)
class Vocabulary:
    """The terms of "cargo", "actor" and "municipio" of one process, and how they are spelt."""

    terms: Mapping[str, tuple[Term, ...]]
    spellings: Mapping[str, Mapping[str, Term]] = field(repr=False)
    rows: Mapping[tuple[str, int], Any] = field(repr=False)
    size: int = field(repr=False, default=0)

    def term(self, facet: str, spelling: str) -> Term | None:
        """A term by its value, name, slug or acronym, in any case, with or without accents.

        Names may be abbreviated: «Gral. Cepeda», «Fco. I. Madero».
        """
        known = self.spellings[facet]
        return known.get(fold(spelling)) or known.get(_plain(spelling))

    def ids(self, facet: str) -> set[int]:
        """The rows that are known of a facet; districts and entities beside municipalities."""
        terms = self.terms[facet] + (self.terms["otro"] if facet == "municipio" else ())
        return {one.id for one in terms}


# Process → until when, and what.
_remembered: Remembered[int, tuple[float, Vocabulary]] = Remembered(
    MOST_BYTES, lambda _process, entry: entry[1].size
)


def forget() -> None:
    """Forget every vocabulary."""
    _remembered.forget()


def vocabulary(process: Process, *, fresh: bool = False) -> Vocabulary:
    """The vocabulary of a process (one query, remembered for a minute; `fresh` asks again)."""
    until, known = _remembered.get(process.pk) or (0.0, None)
    if known is not None and not fresh and time.monotonic() < until:
        return known
    with connection.cursor() as cursor:
        cursor.execute(_SQL, {"process": process.pk})
        made = _from_rows(cursor.fetchall())
    _remembered.keep(process.pk, (time.monotonic() + SECONDS, made))
    return made


def _plain(spelling: str) -> str:
    """The folded words alone, abbreviations in full."""
    return written_out(spelling) or " ".join(re.findall(r"[^\W_]+", fold(spelling)))


def _from_rows(found: list[tuple[str, int, str, str, str, str, str]]) -> Vocabulary:
    terms: dict[str, list[Term]] = {name: [] for name in _MODELS}
    spellings: dict[str, dict[str, Term]] = {name: {} for name in _MODELS}
    for facet, pk, value, label, other, _position, columns in found:
        term = Term(pk, value, label, _row(_MODELS[facet], json.loads(columns)))
        terms[facet].append(term)
        for spelling in (value, label, other, value.replace("_", "-")):
            if spelling:
                spellings[facet].setdefault(fold(spelling), term)
                spellings[facet].setdefault(_plain(spelling), term)
    rows = {
        ("municipio" if facet == "otro" else facet, term.id): term.row
        for facet, of_facet in terms.items()
        for term in of_facet
    }
    size = BYTES_OF_A_LETTER * sum(len(columns) for *_rest, columns in found)
    return Vocabulary({name: tuple(made) for name, made in terms.items()}, spellings, rows, size)


def _row(model: type[models.Model], columns: dict[str, Any]) -> models.Model:
    """A row of the catalogues as its model, of what the database says of it."""
    names = [one.attname for one in model._meta.concrete_fields]
    return model.from_db(connection.alias, names, [columns[name] for name in names])
