"""The cells of a row by field, each read with its problems."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from cms.catalogs.spanish import clean_line, fold
from cms.imports.reading import Row, column_key
from cms.imports.report import RowProblem, shortened
from cms.imports.words import Words

LONGEST = {"external_id": 60, "name": 200, "nickname": 120}
LONGEST_CELL = 200
LARGEST_LIST_NUMBER = 2_147_483_647
YOUNGEST, OLDEST = 15, 120
EMPTY = "La celda está vacía."


@dataclass(slots=True)
class Cells:
    """The cells of one row by field, with the problems found while they are read.

    Attributes:
        columns: for each field that the file has, its place in the row and the column's name.
        names: for every field, the name that its column has or would have, for messages.
        absent: folded words that stand for an empty cell.
    """

    row: Row
    columns: Mapping[str, tuple[int, str]]
    names: Mapping[str, str]
    absent: frozenset[str]
    problems: list[RowProblem] = field(default_factory=list)
    too_long: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        """A cell longer than its field is a problem, even if nobody reads it; it reads as empty."""
        for name, (place, _) in self.columns.items():
            length = len(self.row.cells[place].strip())
            longest = LONGEST.get(name, LONGEST_CELL)
            if length > longest:
                self.too_long.add(name)
                self.refuse(
                    name,
                    f"Son {length:,} caracteres; el máximo es {longest}.",
                    "Revisa que el texto esté en su columna.",
                )

    def text(self, name: str) -> str:
        """The cell of a field on one line; empty when the file says that there is no value."""
        if name not in self.columns or name in self.too_long:
            return ""
        value = clean_line(self.row.cells[self.columns[name][0]])
        return "" if fold(value) in self.absent else value

    def needed(self, name: str, remedy: str) -> str:
        """The cell of a field that must not be empty; an empty cell is a problem."""
        value = self.text(name)
        if not value and name not in self.too_long:
            self.refuse(name, EMPTY, remedy)
        return value

    def refuse(self, name: str, problem: str, remedy: str) -> None:
        """Add a problem of the cell of a field."""
        if name in self.columns:
            place, column = self.columns[name]
            value = shortened(self.row.cells[place])
        else:
            column, value = self.names.get(name, ""), ""
            problem = f"El archivo no trae la columna {column}." if problem == EMPTY else problem
        self.problems.append(RowProblem(self.row.line, column, value, problem, remedy))

    def word(self, name: str, known: Words, what: str, *, needed: bool) -> str:
        """Our value for a cell that must hold one of the known words."""
        options = ", ".join(known)
        value = self.needed(name, f"Escribe {what}.") if needed else self.text(name)
        if not value:
            return ""
        ours = known.get(value)
        if ours is None:
            self.refuse(name, f"«{shortened(value)}» no es {what}.", f"Se conocen: {options}.")
        return ours or ""

    def number(self, name: str, remedy: str, *, smallest: int, largest: int) -> int | None:
        """The whole number that a cell holds; None if it is empty or has a problem."""
        value = self.text(name)
        if not value:
            return None
        if not re.fullmatch(r"\d{1,10}(\.0+)?", value):
            self.refuse(name, f"«{shortened(value)}» no es un número.", remedy)
            return None
        number = int(value.split(".")[0])
        if not smallest <= number <= largest:
            self.refuse(name, f"{number} no puede ser: va de {smallest} a {largest}.", remedy)
            return None
        return number


def field_columns(header: Sequence[str], register: Mapping[str, str]) -> dict[str, tuple[int, str]]:
    """Field → (place in the row, column's name) for the columns that a header has."""
    by_key = {column_key(column): name for column, name in register.items()}
    return {
        by_key[column_key(column)]: (place, column)
        for place, column in enumerate(header)
        if column_key(column) in by_key
    }
