"""What the sheet's reader does not tell of a cell, though the file says it."""

from dataclasses import dataclass, field

Place = tuple[int, int]
"""Row and column of a cell, both from 0."""


@dataclass(slots=True)
class Marks:
    """Cells that need more than their bare value.

    Attributes:
        errors: the error of a formula («#N/A»), which the reader gives as an empty cell.
        without_result: cells whose formula nobody has calculated yet.
        zeros: how many digits a number is shown with, zeros before it. percentages: shown so.
        last_row, last_column: of the last cells that hold something; -1 if it is not known.
    """

    errors: dict[Place, str] = field(default_factory=dict)
    without_result: list[Place] = field(default_factory=list)
    zeros: dict[Place, int] = field(default_factory=dict)
    percentages: set[Place] = field(default_factory=set)
    last_row: int = -1
    last_column: int = -1

    def sees(self, place: Place) -> None:
        """Take note of a cell that holds something."""
        self.last_row = max(self.last_row, place[0])
        self.last_column = max(self.last_column, place[1])
