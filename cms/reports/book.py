"""The progress as a spreadsheet: a sheet for each table, all with the process and the cut."""

import io
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, Protocol

import xlsxwriter
from django.utils import timezone
from django.utils.translation import gettext as _

from cms.catalogs.listing import moment
from cms.catalogs.models import Process
from cms.catalogs.spreadsheet_cells import harmless
from cms.catalogs.training import MARK, is_training
from cms.reports.tables import Column, Holds, Part, Table

TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# Process, title and cut, and an empty row; the names of the columns come after them.
_HEADER: Final = 4
_WIDTHS: Final = {Holds.TEXT: 32, Holds.INSTANT: 18, Holds.NUMBER: 14, Holds.SHARE: 14}
_FORMATS: Final = {
    Holds.TEXT: "@",
    Holds.NUMBER: "#,##0",
    Holds.SHARE: "0.0%",
    Holds.INSTANT: "dd/mm/yyyy hh:mm",
}
_OPTIONS: Final = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


class Cut(Protocol):
    """What every sheet says: which process, and when it was read."""

    @property
    def process(self) -> Process: ...

    @property
    def at(self) -> datetime: ...


def made_of(progress: Cut, parts: Sequence[Part], names: Sequence[Table] = ()) -> bytes:
    """The file.

    Args:
        names: tables that only some accounts may read.
    """
    output = io.BytesIO()
    with xlsxwriter.Workbook(output, dict(_OPTIONS)) as book:
        writer = _Writer(book, progress)
        if parts:
            writer.first_sheet(parts)
        for part in parts:
            for table in part.tables:
                writer.sheet(table, part.title)
        for table in names:
            writer.sheet(table, "")
    return output.getvalue()


class _Writer:
    """Writes sheets, all with the same head."""

    def __init__(self, book: Any, progress: Cut) -> None:
        self.book, self.progress = book, progress
        self.bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        self.plain = {
            name: book.add_format({"num_format": code}) for name, code in _FORMATS.items()
        }
        self.totals = {
            name: book.add_format({"num_format": code, "bold": True, "top": 1})
            for name, code in _FORMATS.items()
        }

    def first_sheet(self, parts: Sequence[Part]) -> None:
        """The totals, as the screen says them."""
        page = self._headed(_("Resumen"), _("Avance del proceso"))
        page.set_column(0, 0, 40)
        page.set_column(1, 1, 60)
        line = _HEADER
        for part in parts:
            if not part.facts:
                continue
            page.write_string(line, 0, harmless(part.title), self.bold)
            for name, words in part.facts:
                line += 1
                page.write_string(line, 0, harmless(name))
                page.write_string(line, 1, harmless(words))
            line += 2

    def sheet(self, table: Table, part: str) -> None:
        """A table, with its header always in sight."""
        title = f"{part}: {table.title}" if part else table.title
        page = self._headed(table.sheet, title)
        for place, column in enumerate(table.columns):
            page.write_string(_HEADER, place, harmless(column.title), self.bold)
            page.set_column(place, place, _WIDTHS[column.holds])
        line = _HEADER + 1
        for row in table.rows:
            self._row(page, line, table.columns, row, self.plain)
            line += 1
        page.freeze_panes(_HEADER + 1, 1)
        if table.rows:
            page.autofilter(_HEADER, 0, line - 1, len(table.columns) - 1)
        if table.total is not None:
            self._row(page, line, table.columns, table.total, self.totals)
            line += 1
        if table.note:
            page.write_string(line + 1, 0, harmless(table.note))

    def _headed(self, name: str, title: str) -> Any:
        page = self.book.add_worksheet(name)
        process = self.progress.process
        said = _("%s (demostración)") % process if process.fictitious else str(process)
        said = f"{MARK}. {said}" if is_training() else said
        page.write_string(0, 0, harmless(said), self.bold)
        page.write_string(1, 0, harmless(title))
        page.write_string(2, 0, _("Corte al %s") % moment(self.progress.at))
        page.set_landscape()
        page.fit_to_pages(1, 0)
        return page

    @staticmethod
    def _row(
        page: Any, line: int, columns: Sequence[Column], row: Sequence[Any], formats: Any
    ) -> None:
        for place, (column, value) in enumerate(zip(columns, row, strict=True)):
            style = formats[column.holds]
            if value is None:
                page.write_blank(line, place, None, style)
            elif column.holds == Holds.TEXT:
                page.write_string(line, place, harmless(value), style)
            elif column.holds == Holds.INSTANT:
                local = timezone.localtime(value).replace(tzinfo=None)
                page.write_datetime(line, place, local, style)
            else:
                page.write_number(line, place, value, style)
