"""The report of a file that was sent as rows, for the screen and for the files to download."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import xlsxwriter

from cms.imports.screen_words import on_screen

HEAD: Final = ("Qué es", "Fila", "Columna", "Valor", "Qué pasa", "Cómo se corrige")
ERROR, REPLACEMENT, LEFT, WARNING, CHANGE = (
    "Error",
    "Por revisar: no se aplica",
    "Se deja como está",
    "Aviso",
    "Cambio",
)
DECIDE: Final = "Decide si es una sustitución o una corrección, y regístralo en su candidatura."
# What a spreadsheet would take for a formula, even in a file of text.
_STARTS_OF_FORMULAS: Final = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One line of the report. `row` is empty if it is about the file as a whole.

    `candidacy` is the one that the row may replace or correct, where it is a single one.
    """

    what: str
    row: str
    column: str
    value: str
    problem: str
    remedy: str
    candidacy: int | None = None

    def cells(self) -> tuple[str, ...]:
        return (self.what, self.row, self.column, self.value, self.problem, self.remedy)


def errors_of(report: dict[str, Any]) -> list[ReportRow]:
    """The errors of the file."""
    return [
        ReportRow(
            ERROR,
            str(error["row"]),
            error["column"],
            error["value"],
            on_screen(error["problem"]),
            on_screen(error["remedy"]),
        )
        for error in report.get("errors", ())
    ]


def replacements_of(report: dict[str, Any]) -> list[ReportRow]:
    """The rows that may be replacements: staff must decide."""
    return [_note(REPLACEMENT, note, DECIDE) for note in report.get("not_applied", ())]


def left_of(report: dict[str, Any]) -> list[ReportRow]:
    """The questionnaires that stay as they are."""
    return [_note(LEFT, note, "") for note in report.get("left_alone", ())]


def warnings_of(report: dict[str, Any]) -> list[ReportRow]:
    """What was mended, or is doubtful."""
    return [
        ReportRow(WARNING, "", "", "", on_screen(text), "") for text in report.get("warnings", ())
    ]


def changes_of(report: dict[str, Any]) -> list[ReportRow]:
    """The first rows that are new or different."""
    return [
        ReportRow(CHANGE, str(change["row"]), "", change["name"], change["what"], "")
        for change in report.get("changes", ())
    ]


def _note(what: str, note: dict[str, Any], remedy: str) -> ReportRow:
    reason, candidacy = on_screen(note["reason"]), note["candidacy"]
    return ReportRow(what, str(note["row"]), "", note["name"], reason, remedy, candidacy)


def all_rows(report: dict[str, Any]) -> Iterator[ReportRow]:
    """Every row of the report, errors first."""
    for part in (errors_of, replacements_of, left_of, warnings_of, changes_of):
        yield from part(report)


def without_formulas(cells: Sequence[str]) -> list[str]:
    """Cells that no spreadsheet takes for a formula."""
    return [f"'{cell}" if cell.startswith(_STARTS_OF_FORMULAS) else cell for cell in cells]


def as_csv(report: dict[str, Any]) -> bytes:
    """The report as CSV, with the mark by which Excel knows UTF-8."""
    output = io.StringIO()
    writer = csv.writer(output)
    writer.writerow(HEAD)
    writer.writerows(without_formulas(row.cells()) for row in all_rows(report))
    return output.getvalue().encode("utf-8-sig")


def as_xlsx(report: dict[str, Any]) -> bytes:
    """The report as a spreadsheet. Every cell is text."""
    return book(HEAD, [row.cells() for row in all_rows(report)], sheet="Informe")


def book(head: Sequence[str], rows: Sequence[Sequence[str]], *, sheet: str) -> bytes:
    """A spreadsheet of one sheet whose cells are text, its first row a header."""
    output = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(output, options) as made:
        page = made.add_worksheet(sheet)
        page.freeze_panes(1, 0)
        bold, text = made.add_format({"bold": True}), made.add_format({"num_format": "@"})
        for place, name in enumerate(head):
            page.write_string(0, place, name, bold)
            page.set_column(place, place, min(max(len(name) + 4, 14), 40), text)
        for line, cells in enumerate(rows, start=1):
            for place, cell in enumerate(cells):
                page.write_string(line, place, cell)
    return output.getvalue()
