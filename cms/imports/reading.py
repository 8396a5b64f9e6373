"""Reads files as institutes write them: encodings, separators, cells with line breaks.

A file is never held in memory: it is first inspected in pieces, and then read row by row.
"""

import codecs
import csv
import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cms.catalogs.spanish import clean_line, clean_text, fold
from cms.imports.books.kinds import NAMES, kind_of, not_a_table
from cms.imports.encoding import (
    PLAUSIBLE_FILE,
    decodes,
    looks_wrong,
    most_plausible,
    mostly_utf8,
    repaired,
)
from cms.imports.report import FileRefused, RowProblem, shortened

PIECE = 1 << 16
LONGEST_CELL = 1 << 20
MOST_SUSPECTS = 20
REPAIR_OPTION = "--repair-encoding"
SEPARATORS = (",", ";", "\t", "|")
SAVE_AS_CSV = "Ábrelo en la hoja de cálculo y guárdalo como «CSV UTF-8 (delimitado por comas)»."
VERY_WIDE = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# The line with which spreadsheets declare the separator, `sep=;`, and what they put around it.
_SAYS_SEPARATOR = re.compile(r"\s*\"?sep=(\\t|[^\"\r\n])\"?[\s;,|\"]*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file whose encoding, separator and header are known.

    Attributes:
        encoding: "utf-8", "utf-8-sig" (with BOM), "utf-16" (with BOM), "windows-1252",
            "mac-roman" or "cp850"; of a spreadsheet its kind, "xlsx", "xls" or "ods".
        header: the names of the columns as written, without nameless ones at the end; a nameless
            column between others is "". header_line: the line where they stand.
        rows: of a spreadsheet, the file that holds its rows; see `books.apart`. sheet: its sheet.
    """

    path: Path
    sha256: str
    encoding: str
    separator: str
    header: tuple[str, ...]
    header_line: int
    rows: Path | None = None
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the line where it begins, and one cell for each name of the header."""

    line: int
    cells: tuple[str, ...]


def column_key(name: str) -> str:
    """A column's name as it is compared: case, accents and punctuation do not matter."""
    return "_".join("".join(c if c.isalnum() else " " for c in fold(name)).split())


def fingerprint(path: Path) -> str:
    """SHA-256 of the file's bytes, in hexadecimal."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            digest.update(piece)
    return digest.hexdigest()


def inspect_file(path: Path, *, repair: bool = False) -> SourceFile:
    """Find out how a file is written. Raises FileRefused with what to do.

    Args:
        repair: read the names of columns that were encoded twice as what they were.
    """
    if not path.stat().st_size:
        raise _empty()
    kind = kind_of(path)
    if kind is not None:
        raise not_a_table(NAMES[kind])
    encoding = _encoding_of(path)
    separator, header, line = _header_of(path, encoding)
    names = _checked_header(header, line, repair=repair)
    return SourceFile(path, fingerprint(path), encoding, separator, names, line)


def inspect_rows(
    path: Path, rows: Path, *, kind: str, sheet: str, sha256: str, repair: bool = False
) -> SourceFile:
    """The same of a spreadsheet whose rows stand in a file of their own.

    Args:
        path: the spreadsheet. rows: what `books.apart.rows_of` wrote.
        kind, sheet: what the spreadsheet is, and the name of the sheet that was read.
    """
    line, header = next(_rows_of_book(rows))
    names = _checked_header(header, line, repair=repair)
    return SourceFile(path, sha256, kind, "", names, line, rows, sheet)


def _checked_header(header: list[str], line: int, *, repair: bool) -> tuple[str, ...]:
    names = tuple(clean_line((repaired(name) if repair else None) or name) for name in header)
    while names and not column_key(names[-1]):
        names = names[:-1]
    _check_header(names, line)
    return names


def _rows_of_book(rows: Path) -> Iterator[tuple[int, list[str]]]:
    """Each row of a spreadsheet with its number, as the sheet shows it."""
    with rows.open(encoding="utf-8") as file:
        file.readline()
        for line in file:
            number, cells = json.loads(line)
            yield number, cells


def _records_of(source: SourceFile) -> Iterator[tuple[int, list[str]]]:
    if source.rows is not None:
        return _rows_of_book(source.rows)
    return _records(source.path, source.encoding, source.separator)


def read_rows(source: SourceFile) -> Iterator[Row | RowProblem]:
    """Every row after the header, with one cell for each name of the header.

    Cells that are missing at the end of a row are taken as empty, and empty cells without a column
    name are dropped. A row that has text in a cell without a column name is given as a problem.

    Raises: FileRefused when the file cannot be read further.
    """
    width = len(source.header)
    nameless = [place for place, name in enumerate(source.header) if not name]
    for line, cells in _records_of(source):
        if line <= source.header_line:
            continue
        extra = [*(cells[at] for at in nameless if at < len(cells)), *cells[width:]]
        stray = next((cell for cell in extra if clean_text(cell)), None)
        if stray is None:
            whole = [*cells[:width], *[""] * (width - len(cells))]
            yield Row(line, tuple(whole))
        else:
            yield _without_name(source, line, cells, stray)


def _without_name(source: SourceFile, line: int, cells: list[str], stray: str) -> RowProblem:
    width = len(source.header)
    where = f"el encabezado {_names(width)}"
    if source.header_line > 1:
        where = f"el encabezado (fila {source.header_line}) {_names(width)}"
    if len(cells) > width:
        return RowProblem(
            line,
            "",
            shortened((source.separator or " | ").join(cells)),
            f"La fila tiene {_cells(len(cells))} y {where}.",
            "Revisa separadores y comillas de esa fila, o completa el encabezado.",
        )
    return RowProblem(
        line,
        "",
        shortened(stray),
        f"La columna {cells.index(stray) + 1} no tiene nombre y en esta fila dice algo.",
        "Escribe su nombre en el encabezado, o quita la columna.",
    )


def _cells(number: int) -> str:
    return "1 celda" if number == 1 else f"{number} celdas"


def _names(number: int) -> str:
    return "1 nombre" if number == 1 else f"{number} nombres"


def _encoding_of(path: Path) -> str:
    """The encoding of a file: that of its mark, UTF-8 if every byte fits, or what reads as Spanish.

    Raises: FileRefused if the file does not read as Spanish in any encoding.
    """
    with path.open("rb") as file:
        start = file.read(4)
    if start.startswith(WIDE) and not start.startswith(VERY_WIDE):
        return _wide(path)
    _check_bytes(path)
    if decodes(path, "utf-8"):
        return "utf-8-sig" if start.startswith(codecs.BOM_UTF8) else "utf-8"
    if start.startswith(codecs.BOM_UTF8) or mostly_utf8(path):
        raise FileRefused(_broken_cells(path))
    encoding, weight = most_plausible(path)
    if weight < PLAUSIBLE_FILE:
        raise FileRefused(_suspect_cells(path, encoding))
    return encoding


def _wide(path: Path) -> str:
    if not decodes(path, "utf-16"):
        raise FileRefused.whole("El archivo parece UTF-16 y está dañado.", SAVE_AS_CSV)
    with path.open(encoding="utf-16", newline="") as file:
        lines = 1
        while piece := file.read(PIECE):
            if "\0" in piece:
                raise _null(lines + piece.partition("\0")[0].count("\n"))
            lines += piece.count("\n")
    return "utf-16"


def _empty() -> FileRefused:
    return FileRefused.whole(
        "El archivo está vacío.", "Elige un archivo con encabezado y al menos una fila."
    )


def _null(line: int) -> FileRefused:
    return FileRefused.whole(
        "El archivo tiene bytes nulos: no es texto o está dañado.", SAVE_AS_CSV, row=line
    )


def _broken_cells(path: Path) -> list[RowProblem]:
    """The cells of a file in UTF-8 that hold bytes which are not UTF-8."""
    found = [
        RowProblem(
            line,
            column,
            shortened(cell),
            "El archivo está en UTF-8, pero esta celda tiene bytes que no lo son.",
            "Escríbela de nuevo; suele venir de pegar o juntar archivos distintos.",
        )
        for line, column, cell in _cells_of(path, "utf-8-sig", errors="replace")
        if "\ufffd" in cell
    ]
    return found[:MOST_SUSPECTS]


def _suspect_cells(path: Path, encoding: str) -> list[RowProblem]:
    """The cells that do not read as Spanish, in the most plausible encoding of the file."""
    problem = "El archivo no está en UTF-8, Windows-1252, Mac Roman ni CP850: así no se lee bien."
    found = [
        RowProblem(line, column, shortened(cell), problem, SAVE_AS_CSV)
        for line, column, cell in _cells_of(path, encoding)
        if looks_wrong(cell)
    ]
    return found[:MOST_SUSPECTS] or [RowProblem(1, "", "", problem, SAVE_AS_CSV)]


def _cells_of(
    path: Path, encoding: str, *, errors: str = "strict"
) -> Iterator[tuple[int, str, str]]:
    """Line, column and value of every cell of a file whose encoding is in doubt."""
    separator, header, header_line = _header_of(path, encoding, errors=errors)
    for line, cells in _records(path, encoding, separator, errors=errors):
        for place, cell in enumerate(cells):
            named = header[place] if line > header_line and place < len(header) else ""
            yield line, named, cell


def _check_bytes(path: Path) -> None:
    lines = 1
    with path.open("rb") as file:
        start = file.read(4)
        if start.startswith(VERY_WIDE):
            raise FileRefused.whole("El archivo está en UTF-32.", SAVE_AS_CSV)
        file.seek(0)
        while piece := file.read(PIECE):
            if b"\0" in piece:
                raise _null(lines + piece.partition(b"\0")[0].count(b"\n"))
            lines += piece.count(b"\n")


def _records(
    path: Path, encoding: str, separator: str, *, errors: str = "strict"
) -> Iterator[tuple[int, list[str]]]:
    """Each record with the line where it begins. Blank lines and the line `sep=;` are skipped."""
    csv.field_size_limit(LONGEST_CELL)
    with path.open(encoding=encoding, newline="", errors=errors) as file:
        begins = 1
        if _SAYS_SEPARATOR.fullmatch(file.readline(PIECE)):
            begins = 2
        else:
            file.seek(0)
        skipped = begins - 1
        reader = csv.reader(file, delimiter=separator, strict=True)
        try:
            for cells in reader:
                if any(clean_text(cell) for cell in cells):
                    yield begins, cells
                begins = skipped + reader.line_num + 1
        except csv.Error as broken:
            if "field limit" in str(broken):
                raise FileRefused.whole(
                    f"Una celda pasa de {LONGEST_CELL:,} caracteres.",
                    "Revisa que se cierren las comillas desde esa fila, o acorta la celda.",
                    row=begins,
                ) from broken
            raise FileRefused.whole(
                "Las comillas no están bien: una no se cierra, o hay texto después de cerrarla.",
                'Revísalas desde esa fila; dentro de una celda se escriben dobles («""»).',
                row=begins,
            ) from broken


def _header_of(path: Path, encoding: str, *, errors: str = "strict") -> tuple[str, list[str], int]:
    """The separator, the names of the header and the line where it stands.

    The separator is the one that the file declares, or the one that gives the header most names.
    """
    found: list[tuple[str, list[str], int]] = []
    broken: list[FileRefused] = []
    for separator in _separators(path, encoding, errors):
        try:
            line, cells = next(_records(path, encoding, separator, errors=errors), (0, []))
        except FileRefused as refusal:
            broken.append(refusal)
        else:
            found += [(separator, cells, line)] if cells else []
    if found:
        return max(found, key=lambda header: len(header[1]))
    if broken:
        raise broken[0]
    raise _empty()


def _separators(path: Path, encoding: str, errors: str) -> tuple[str, ...]:
    """The separator that the line `sep=;` declares, or the usual ones."""
    with path.open(encoding=encoding, newline="", errors=errors) as file:
        said = _SAYS_SEPARATOR.fullmatch(file.readline(PIECE))
    if said is None:
        return SEPARATORS
    return ("\t",) if said[1] == "\\t" else (said[1],)


def _check_header(header: tuple[str, ...], line: int) -> None:
    problems: list[RowProblem] = []
    seen: set[str] = set()
    for name in header:
        key = column_key(name)
        was = repaired(name)
        if was is not None:
            problem = f"Parece «{shortened(was)}», mal codificado."
            remedy = (
                "Guarda el archivo otra vez como CSV UTF-8, o repite la orden con"
                f" {REPAIR_OPTION} para que se repare."
            )
            problems.append(RowProblem(line, name, shortened(name), problem, remedy))
        if key and key in seen:
            problem = f"El encabezado repite el nombre «{shortened(name)}»."
            remedy = "Deja un nombre distinto por columna."
            problems.append(RowProblem(line, name, shortened(name), problem, remedy))
        seen.add(key)
    if problems:
        raise FileRefused(problems)
