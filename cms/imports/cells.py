"""The cells of a file are cleaned before anything is read from them.

What can be mended with certainty is mended, and a warning says so with its row. What cannot be
right is a problem of the row.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import regex

from cms.catalogs.spanish import clean_line, clean_text, with_few_marks
from cms.imports.encoding import repaired
from cms.imports.names import strange_name
from cms.imports.reading import REPAIR_OPTION, Row, column_key
from cms.imports.report import RowProblem, shortened
from cms.imports.traces import (
    lost_letters,
    spreadsheet_error,
    with_lone_halves,
    without_text_signs,
    without_traces,
)

MOST_WARNINGS: Final = 50
LONGEST_CELL: Final = 50_000
_PLAIN = regex.compile(r"[^\x00-\x08\x0B-\x1F\x7F-\U0010FFFF&<#?_:'=]*")
_TAGGED = regex.compile(r"<[^<>]{0,200}>")


@dataclass(slots=True)
class CellMender:
    """Mends rows of one file.

    Args:
        header: the columns of the file. read: the columns from which something is read.
        names: the columns that hold names of persons.
        texts: the columns of long texts, in which a question mark may stand between letters.
        repair: also undo double encoding; otherwise it is refused, and the remedy offers this.
    """

    header: Sequence[str]
    read: Iterable[str]
    names: Iterable[str]
    texts: Iterable[str]
    repair: bool = False
    warnings: list[str] = field(default_factory=list)
    _unsaid: int = 0
    _keys: dict[int, str] = field(init=False)
    _names: frozenset[str] = field(init=False)
    _texts: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        """Columns are compared by their keys, as in the whole room."""
        read = {column_key(column) for column in self.read}
        keys = enumerate(column_key(name) for name in self.header)
        self._keys = {place: key for place, key in keys if key in read}
        self._names = frozenset(column_key(column) for column in self.names)
        self._texts = frozenset(column_key(column) for column in self.texts)

    def mend(self, row: Row) -> tuple[Row, list[RowProblem]]:
        """A row with its cells mended, and the problems of the cells that could not be."""
        cells, problems = list(row.cells), list[RowProblem]()
        for place, key in self._keys.items():
            cell, column = cells[place], self.header[place]
            if key not in self._names and _PLAIN.fullmatch(cell):
                continue
            if len(cell := with_few_marks(cell)) > LONGEST_CELL:
                problems.append(_endless(row.line, column, cell))
                continue
            cells[place], wrong = self._mended(row.line, place, cell)
            problems += wrong or self._strange(row.line, place, cells[place])
        return replace(row, cells=tuple(cells)), problems

    def all_warnings(self) -> list[str]:
        """What was mended, cell by cell; after MOST_WARNINGS, only how many more there are."""
        more = f"Hay {self._unsaid:,} avisos más como estos." if self._unsaid else ""
        return [*self.warnings, *([more] if more else [])]

    def _say(self, row: int, column: str, what: str) -> None:
        if len(self.warnings) < MOST_WARNINGS:
            self.warnings.append(f"Fila {row}, {column}: {what}")
        else:
            self._unsaid += 1

    def _mended(self, row: int, place: int, cell: str) -> tuple[str, list[RowProblem]]:
        """A cell without the traces of other programs, and what is wrong with it."""
        column, key = self.header[place], self._keys[place]
        if key in self._names and _TAGGED.search(cell):
            return cell, [_tagged(row, column, cell)]
        text, found = without_traces(cell)
        if key not in self._texts:
            text, signs = without_text_signs(text)
            found += signs
        if found:
            codes = ", ".join(f"«{code}»" for code in found[:5])
            self._say(row, column, f"se quitaron restos de otro programa: {codes}.")
        was = repaired(text)
        if was is not None and not self.repair:
            return text, [_encoded_twice(row, column, text, with_lone_halves(was))]
        if self.repair:
            was = with_lone_halves(was or text)
            if was != text:
                self._say(row, column, f"se reparó «{shortened(text)}»: «{shortened(was)}».")
        return was or text, []

    def _strange(self, row: int, place: int, cell: str) -> list[RowProblem]:
        """What is wrong with a cell that was mended."""
        column, key = self.header[place], self._keys[place]
        if spreadsheet_error(clean_line(cell)):
            return [_formula(row, column, cell)]
        lost = lost_letters(cell, name=key in self._names)
        if any("?" not in word for word, _ in lost) or (lost and key not in self._texts):
            return [_lost(row, column, cell, lost)]
        for word, _ in lost[:1]:
            self._say(row, column, f"¿falta una letra en «{word}»?")
        if key not in self._names or not clean_text(cell):
            return []
        strange = strange_name(clean_line(cell))
        if strange is None:
            return []
        if strange.refused:
            return [RowProblem(row, column, shortened(cell), strange.problem, strange.remedy)]
        self._say(row, column, f"«{shortened(cell)}»: {strange.problem}")
        return []


def _endless(row: int, column: str, cell: str) -> RowProblem:
    return RowProblem(
        row,
        column,
        shortened(cell),
        f"Son {len(cell):,} caracteres: ninguna columna lleva tantos.",
        "Revisa que se cierren las comillas, o acorta la celda.",
    )


def _encoded_twice(row: int, column: str, cell: str, was: str) -> RowProblem:
    return RowProblem(
        row,
        column,
        shortened(cell),
        f"Está mal codificada: parece ser «{_around(was, cell)}».",
        f"Guarda el archivo otra vez como CSV UTF-8, o repite la orden con {REPAIR_OPTION}"
        " para que se repare.",
    )


def _around(text: str, other: str) -> str:
    """A text from shortly before the place where it differs from another text."""
    differs = next(
        (at for at, (ours, theirs) in enumerate(zip(text, other, strict=False)) if ours != theirs),
        0,
    )
    begins = max(0, differs - 20)
    return ("…" if begins else "") + shortened(text[begins:])


def _tagged(row: int, column: str, cell: str) -> RowProblem:
    return RowProblem(
        row,
        column,
        shortened(cell),
        "Un nombre no lleva etiquetas de página web.",
        "Deja el nombre como está registrado.",
    )


def _formula(row: int, column: str, cell: str) -> RowProblem:
    return RowProblem(
        row,
        column,
        shortened(cell),
        f"«{shortened(cell)}» es el error de una fórmula de la hoja de cálculo.",
        "Corrígelo en la hoja y exporta otra vez, o deja la celda vacía si no hay dato.",
    )


def _lost(row: int, column: str, cell: str, lost: Sequence[tuple[str, str]]) -> RowProblem:
    word, probable = lost[0]
    seems = f" Parece «{probable}»." if probable else ""
    offer = f", o repite la orden con {REPAIR_OPTION}" if probable and "Ã" in word else ""
    return RowProblem(
        row,
        column,
        shortened(cell),
        f"A «{shortened(word)}» le falta una letra que se perdió al convertir el archivo.{seems}",
        f"Escríbela como está en el registro{offer}.",
    )
