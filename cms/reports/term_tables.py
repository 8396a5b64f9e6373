"""The terms of a process as tables, for the screen, the spreadsheet and the CSV."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cms.accounts.models import User
from cms.candidacies.models import CandidacyPage
from cms.catalogs.listing import day as day_words
from cms.catalogs.listing import moment_in
from cms.catalogs.models import Process
from cms.catalogs.spreadsheet_cells import harmless
from cms.catalogs.time_zones import zone_of
from cms.reports import book, term_figures
from cms.reports.log_actions import TERMS_DOWNLOADED
from cms.reports.permissions import may_see_names
from cms.reports.tables import Column, Holds, Table

CSV, XLSX = "csv", "xlsx"


@dataclass(frozen=True)
class Filters:
    """What of the list is shown: see `term_figures.narrowed`."""

    which: str = ""
    sent: str = ""
    actor: int = 0


@dataclass(frozen=True)
class _Cut:
    process: Process
    at: datetime


def by_day(process: Process, *, at: datetime) -> Table:
    """How many terms end on each day (two queries)."""
    return Table(
        key="por-dia",
        title=_("Qué día vencen"),
        sheet=_("Por día"),
        columns=[
            Column(_("Vencen el"), Holds.TEXT),
            Column(_("Hoy"), Holds.TEXT),
            Column(_("Candidaturas")),
            Column(_("Falta que envíen")),
        ],
        rows=[
            [
                day_words(one.day),
                _("Terminado") if one.over else _("En curso"),
                one.total,
                one.pending,
            ]
            for one in term_figures.days(process, at=at)
        ],
        note=_("De cada candidatura, el plazo que termina al último, con su reapertura si la hay."),
    )


def names(candidacies: Iterable[CandidacyPage], *, at: datetime) -> Table:
    """Whose terms they are. Only for accounts that may know names."""
    heads = (
        _("Vence"),
        _("Plazo"),
        _("Envío"),
        _("Nombre"),
        _("Actor político"),
        _("Cargo"),
        _("Lugar"),
    )
    return Table(
        key="nombres",
        title=_("De quién son"),
        sheet=_("Plazos"),
        columns=[Column(head, Holds.TEXT) for head in heads],
        rows=[_row(one, at) for one in candidacies],
    )


def _row(candidacy: Any, at: datetime) -> list[str]:
    return [
        moment_in(candidacy.ends, zone_of(candidacy.territory.cvegeo)),
        _state(candidacy, at),
        _("Falta") if candidacy.pending else _("Ya envió"),
        candidacy.name,
        candidacy.actor.name,
        candidacy.office.name,
        candidacy.territory.name,
    ]


def _state(candidacy: Any, at: datetime) -> str:
    if at > candidacy.ends:
        return _("Vencido") if candidacy.pending else _("Terminado")
    return _("Reabierto") if term_figures.is_reopened(candidacy) else _("En curso")


def listed(process: Process, filters: Filters, *, at: datetime) -> Any:
    """The candidacies of the list, in order; two queries, the second when they are read."""
    kinds = term_figures.followed_kinds(process)
    found = term_figures.narrowed(
        term_figures.with_terms(process, kinds),
        which=filters.which,
        sent=filters.sent,
        actor=filters.actor,
        at=at,
    )
    return term_figures.in_order(found)


@transaction.atomic
def download(
    *, process: Process, filters: Filters, form: str, user: User, at: datetime
) -> tuple[bytes, str]:
    """The list with names as a file; the download is written to the history of the process.

    Returns: the file and its type. Raises: PermissionDenied (ADR 0020).
    """
    if not may_see_names(user):
        raise PermissionDenied
    table = names(listed(process, filters, at=at), at=at)
    log(instance=process, action=TERMS_DOWNLOADED, user=user, data={"corte": at.isoformat()})
    if form == CSV:
        return _csv(table), "text/csv; charset=utf-8"
    return book.made_of(_Cut(process, at), [], [table]), book.TYPE


def _csv(table: Table) -> bytes:
    """UTF-8 with a mark, as spreadsheets expect it."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    rows: Sequence[Sequence[Any]] = [[column.title for column in table.columns], *table.rows]
    writer.writerows([harmless(str(cell)) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")
