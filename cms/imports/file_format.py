"""How one file is read, once its header is known."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from cms.candidacies.bulk_register import Registration
from cms.catalogs.models import Process
from cms.imports.actors import ActorReader
from cms.imports.cells import CellMender
from cms.imports.official_answers import AnswerReader
from cms.imports.reading import Row, SourceFile
from cms.imports.report import RowProblem
from cms.imports.territories import TerritoryReader


class RowReader(Protocol):
    """Reads what the rows of one kind of file say of the register."""

    actors: ActorReader
    territories: TerritoryReader

    @property
    def fields(self) -> frozenset[str]: ...

    def read(self, row: Row) -> tuple[Registration | None, list[RowProblem]]: ...


@dataclass(frozen=True, slots=True)
class FileFormat:
    """Everything that reads the rows of one file.

    Attributes:
        profile: the format's name in the report.
        rows: reads the register's part. answers: reads the answers; None if none come with it.
        mender: mends the cells before they are read.
        columns: field of the register → the column that holds it.
        warnings: what the report must say about the header.
    """

    profile: str
    rows: RowReader
    mender: CellMender
    columns: Mapping[str, str]
    answers: AnswerReader | None = None
    warnings: list[str] = field(default_factory=list)


OpenFile = Callable[[SourceFile, Process | None, date | None], FileFormat]
"""Gives the format of an inspected file. Called with the file, its process (None if it must be
made) and the day of the election. Raises FileRefused if the header lacks something."""


def unknown_columns(names: Sequence[str]) -> list[str]:
    """The warning about the columns from which nothing is read, if there are any."""
    named = [name for name in names if name]
    return [f"Columnas que no se conocen y no se leyeron: {', '.join(named)}."] if named else []
