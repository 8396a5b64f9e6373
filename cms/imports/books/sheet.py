"""Reads one sheet of a book into rows of text, or says why it cannot be read."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, TextIO

import python_calamine as calamine

from cms.imports.books import kinds, ods_marks, xls_marks, xlsx_marks
from cms.imports.books.marks import Marks, Place
from cms.imports.books.values import as_percentage, cell_name, letters_of, text_of, with_zeros
from cms.imports.report import FileRefused, RowProblem, shortened

MOST_ROWS: Final = 100_000
MOST_COLUMNS: Final = 300
MOST_PROBLEMS: Final = 20
CHOOSE = "Deja una sola hoja visible, o elige cuál se lee (--sheet)."
SPLIT = "Sepáralas («Combinar y centrar») y escribe el valor en cada fila."
COPY = "Copia solo las filas y columnas con datos a un libro nuevo, y guarda ese."


@dataclass(frozen=True, slots=True)
class Chosen:
    """The sheet that is read, and what the file says of its cells."""

    sheet: Any
    marks: Marks
    offset: int


def read_sheet(path: str, kind: str, sheet: str, output: TextIO) -> None:
    """Write a line about the book, and then a line of JSON for each row that holds something.

    Args:
        sheet: the name of the sheet; empty for the only one that can be seen and holds something.
        output: gets `{"sheet": …}` first, and then `[row, [cell, …]]`, rows from 1.

    Raises: FileRefused.
    """
    # Given as a file, its content says what it is; given as a path, its name would.
    with open(path, "rb") as file:  # noqa: PTH123 (this process has no need of paths)
        try:
            book = calamine.CalamineWorkbook.from_filelike(file)
            chosen = _choose(book, sheet, path, kind)
        except (calamine.PasswordError, xls_marks.Encrypted):
            raise kinds.with_password() from None
    rows = _rows(chosen)
    header = next(rows, None)
    if header is None:
        raise FileRefused.whole(
            f"La hoja «{chosen.sheet.name}» está vacía.",
            "Elige un libro con encabezado y al menos una fila.",
        )
    problems = _problems(chosen, *header)
    if problems:
        raise FileRefused(problems)
    json.dump({"sheet": chosen.sheet.name}, output)
    _write(output, *header)
    for number, (line, cells) in enumerate(rows):
        if number >= MOST_ROWS:
            raise FileRefused.whole(
                f"La hoja tiene más de {MOST_ROWS:,} filas con datos.",
                "Divide el archivo, o guárdalo como «CSV UTF-8».",
                row=line,
            )
        _write(output, line, cells)
    output.write("\n")


def _write(output: TextIO, line: int, cells: list[str]) -> None:
    output.write("\n")
    json.dump([line, cells], output)


def _choose(book: Any, wanted: str, path: str, kind: str) -> Chosen:
    """The sheet that is named, or the only one that is visible and holds something."""
    worksheets = [
        (place, sheet.name)
        for place, sheet in enumerate(book.sheets_metadata)
        if sheet.typ == calamine.SheetTypeEnum.WorkSheet
        and (sheet.visible == calamine.SheetVisibleEnum.Visible or sheet.name == wanted)
    ]
    names = [name for _, name in worksheets]
    if wanted:
        worksheets = [found for found in worksheets if found[1].strip() == wanted.strip()]
        if not worksheets:
            raise FileRefused.whole(
                f"El libro no tiene una hoja «{shortened(wanted)}».", f"Tiene {_list(names)}."
            )
    if not worksheets:
        raise FileRefused.whole(
            "El libro no tiene hojas visibles.", "Muestra la hoja con los datos y guárdalo."
        )
    opened = [_open(book, place, name, path, kind) for place, name in worksheets]
    filled = [chosen for chosen in opened if chosen.sheet.end is not None]
    if len(filled) > 1:
        raise SeveralSheets([chosen.sheet.name for chosen in filled])
    return (filled or opened)[0]


class SeveralSheets(FileRefused):
    """The book has several sheets with something, and nobody said which one counts."""

    def __init__(self, names: list[str]) -> None:
        self.names = names
        what = f"El libro tiene {len(names)} hojas con datos: {_list(names)}."
        super().__init__([RowProblem(1, "", "", what, CHOOSE)])


def _list(names: list[str]) -> str:
    quoted = [f"«{shortened(name)}»" for name in names[:MOST_PROBLEMS]]
    more = f" y {len(names) - MOST_PROBLEMS} más" if len(names) > MOST_PROBLEMS else ""
    return ", ".join(quoted) + more


def _open(book: Any, place: int, name: str, path: str, kind: str) -> Chosen:
    """Open a sheet, once it is known that its cells do not stand too far apart."""
    if kind == kinds.XLSX:
        marks = xlsx_marks.marks_of(path, name)
        if marks.last_row >= MOST_ROWS * 2 or marks.last_column >= MOST_COLUMNS * 4:
            _refuse_far(name, marks.last_row, marks.last_column)
    elif kind == kinds.ODS:
        marks = ods_marks.marks_of(path, name)
    else:
        marks = xls_marks.marks_of(path, place)
    sheet = book.get_sheet_by_index(place)
    if sheet.end is not None and sheet.end[1] >= MOST_COLUMNS:
        _refuse_far(name, *sheet.end)
    return Chosen(sheet, marks, sheet.start[1] if sheet.start else 0)


def _refuse_far(name: str, row: int, column: int) -> None:
    raise FileRefused.whole(
        f"La hoja «{shortened(name)}» tiene algo escrito muy lejos: llega hasta la celda"
        f" {cell_name(max(row, 0), max(column, 0))}.",
        COPY,
        row=row + 1,
    )


def _rows(chosen: Chosen) -> Iterator[tuple[int, list[str]]]:
    """The number (from 1) and the cells of each row that holds something."""
    marks, offset = chosen.marks, chosen.offset
    by_row: dict[int, list[Place]] = {}
    for place in (*marks.errors, *marks.zeros, *marks.percentages):
        by_row.setdefault(place[0], []).append(place)
    for row, values in enumerate(chosen.sheet.iter_rows()):
        cells = [""] * offset + [text_of(value) for value in values]
        for place in by_row.get(row, ()):
            _apply(marks, place, cells)
        if any(cell.strip() for cell in cells):
            yield row + 1, cells


def _apply(marks: Marks, place: Place, cells: list[str]) -> None:
    column = place[1]
    if column >= len(cells):
        cells.extend([""] * (column + 1 - len(cells)))
    if place in marks.errors:
        cells[column] = cells[column] or marks.errors[place]
    elif place in marks.zeros:
        cells[column] = with_zeros(cells[column], marks.zeros[place])
    elif cells[column]:
        cells[column] = as_percentage(cells[column])


def _problems(chosen: Chosen, line: int, header: list[str]) -> list[RowProblem]:
    """What must be mended in the sheet before its cells mean anything."""
    width = len(header)
    while width and not header[width - 1].strip():
        width -= 1
    found = [
        RowProblem(
            place[0] + 1,
            header[place[1]].strip() or letters_of(place[1]),
            cell_name(*place),
            f"La fórmula de la celda {cell_name(*place)} no tiene resultado guardado.",
            "Abre el libro en la hoja de cálculo, guárdalo, y vuelve a enviarlo.",
        )
        for place in sorted(chosen.marks.without_result)
        if place[0] + 1 >= line and place[1] < width
    ]
    for (row, column), (last_row, last_column) in chosen.sheet.merged_cell_ranges or ():
        if last_row + 1 < line or column >= width or (row, column) == (last_row, last_column):
            continue
        area = f"{cell_name(row, column)}:{cell_name(last_row, last_column)}"
        if row + 1 <= line:
            found.append(_merged_header(line, area))
        else:
            what = f"Las celdas {area} están combinadas: no se sabe a qué fila toca su valor."
            name = header[column].strip() or letters_of(column)
            found.append(RowProblem(row + 1, name, area, what, SPLIT))
    return found[:MOST_PROBLEMS]


def _merged_header(line: int, area: str) -> RowProblem:
    return RowProblem(
        line,
        "",
        area,
        f"La fila {line} debería llevar los nombres de las columnas, y tiene celdas combinadas"
        f" ({area}), como un título.",
        "Borra las filas de título y deja como primera la de los nombres, sin combinar.",
    )
