"""Reads CSV files of institutes as they come: encodings, separators, cells with line breaks.

A file is never held in memory: it is inspected once in pieces, then read row by row.
"""

import codecs
import csv
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from charset_normalizer import from_bytes

from cms.candidacies.imports.report import FileRefused, RowProblem, shortened
from cms.catalogs.spanish import fold

PIECE = 1 << 16
LONGEST_CELL = 1 << 20
SEPARATORS = (",", ";")
SAVE_AS_CSV = "Ábrelo en la hoja de cálculo y guárdalo como «CSV UTF-8 (delimitado por comas)»."
SPREADSHEETS = {
    b"PK\x03\x04": "un libro de Excel u otro archivo comprimido",
    b"\xd0\xcf\x11\xe0": "un libro antiguo de Excel",
    b"%PDF": "un PDF",
}
WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file whose encoding, separator and header are known.

    Attributes:
        encoding: "utf-8", "utf-8-sig" (with BOM) or "windows-1252".
        header: the names of the columns as written. header_line: the line where they stand.
    """

    path: Path
    sha256: str
    encoding: str
    separator: str
    header: tuple[str, ...]
    header_line: int


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the line where it begins, and as many cells as the header has names."""

    line: int
    cells: tuple[str, ...]


def column_key(name: str) -> str:
    """A column's name for comparing: case, accents and punctuation do not matter."""
    return "_".join("".join(c if c.isalnum() else " " for c in fold(name)).split())


def fingerprint(path: Path) -> str:
    """SHA-256 of the file's bytes, in hexadecimal."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            digest.update(piece)
    return digest.hexdigest()


def inspect_file(path: Path) -> SourceFile:
    """Find out how a file is written. Raises FileRefused with what to do."""
    encoding = _encoding_of(path)
    separator, header, line = _header_of(path, encoding)
    _check_header(header, line)
    return SourceFile(path, fingerprint(path), encoding, separator, tuple(header), line)


def read_rows(source: SourceFile) -> Iterator[Row | RowProblem]:
    """Every row after the header; a row with another number of cells comes as its problem.

    Raises: FileRefused when the file cannot be read further.
    """
    width = len(source.header)
    for line, cells in _records(source.path, source.encoding, source.separator):
        if line <= source.header_line:
            continue
        if len(cells) == width:
            yield Row(line, tuple(cells))
        else:
            yield RowProblem(
                line,
                "",
                shortened(source.separator.join(cells)),
                f"La fila tiene {_cells(len(cells))} y el encabezado {_names(width)}.",
                "Revisa separadores y comillas de esa fila, o completa el encabezado.",
            )


def _cells(number: int) -> str:
    return "1 celda" if number == 1 else f"{number} celdas"


def _names(number: int) -> str:
    return "1 nombre" if number == 1 else f"{number} nombres"


def _encoding_of(path: Path) -> str:
    """UTF-8 if every byte fits, else Windows-1252 if every byte fits; never a guess."""
    _check_bytes(path)
    with path.open("rb") as file:
        has_mark = file.read(3) == codecs.BOM_UTF8
    if _decodes(path, "utf-8"):
        return "utf-8-sig" if has_mark else "utf-8"
    if not has_mark and _decodes(path, "windows-1252"):
        return "windows-1252"
    with path.open("rb") as file:
        guess = from_bytes(file.read(PIECE)).best()
    seems = f"; parece {guess.encoding}" if guess is not None else ""
    raise FileRefused.whole(f"El archivo no está en UTF-8 ni en Windows-1252{seems}.", SAVE_AS_CSV)


def _check_bytes(path: Path) -> None:
    lines = 1
    with path.open("rb") as file:
        start = file.read(4)
        for signature, kind in SPREADSHEETS.items():
            if start.startswith(signature):
                raise FileRefused.whole(f"El archivo no es un CSV: es {kind}.", SAVE_AS_CSV)
        if start.startswith(WIDE):
            raise FileRefused.whole("El archivo está en UTF-16 o UTF-32.", SAVE_AS_CSV)
        file.seek(0)
        while piece := file.read(PIECE):
            if b"\0" in piece:
                raise FileRefused.whole(
                    "El archivo tiene bytes nulos: no es texto o está dañado.",
                    SAVE_AS_CSV,
                    row=lines + piece.partition(b"\0")[0].count(b"\n"),
                )
            lines += piece.count(b"\n")


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with path.open("rb") as file:
            while piece := file.read(PIECE):
                decoder.decode(piece)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _records(path: Path, encoding: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """Each record with the line where it begins; blank lines are skipped."""
    csv.field_size_limit(LONGEST_CELL)
    with path.open(encoding=encoding, newline="") as file:
        reader = csv.reader(file, delimiter=separator, strict=True)
        begins = 1
        try:
            for cells in reader:
                if any(cell.strip() for cell in cells):
                    yield begins, cells
                begins = reader.line_num + 1
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


def _header_of(path: Path, encoding: str) -> tuple[str, list[str], int]:
    """The separator that splits the header in more names, comma first; the names, their line."""
    found: list[tuple[str, list[str], int]] = []
    broken: list[FileRefused] = []
    for separator in SEPARATORS:
        try:
            line, cells = next(_records(path, encoding, separator), (0, []))
        except FileRefused as refusal:
            broken.append(refusal)
        else:
            found += [(separator, cells, line)] if cells else []
    if found:
        return max(found, key=lambda one: len(one[1]))
    if broken:
        raise broken[0]
    raise FileRefused.whole(
        "El archivo está vacío.", "Elige un archivo con encabezado y al menos una fila."
    )


def _check_header(header: list[str], line: int) -> None:
    problems: list[RowProblem] = []
    seen: dict[str, str] = {}
    for number, name in enumerate(header, 1):
        key = column_key(name)
        if not key:
            problems.append(
                RowProblem(
                    line,
                    shortened(name),
                    shortened(name),
                    f"La columna {number} no tiene nombre.",
                    "Escribe un nombre por columna en el encabezado, o quita la columna.",
                )
            )
        elif key in seen:
            problems.append(
                RowProblem(
                    line,
                    name,
                    shortened(name),
                    f"El encabezado repite el nombre «{shortened(name)}».",
                    "Deja un nombre distinto por columna.",
                )
            )
        seen[key] = name
    if problems:
        raise FileRefused(problems)
