"""How one file is read: what its header, and the profile if there is one, say of its columns."""

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
    """What reads the register's part of the rows of one kind of file."""

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
        warnings: what the header leaves to be said.
    """

    profile: str
    rows: RowReader
    mender: CellMender
    columns: Mapping[str, str]
    answers: AnswerReader | None = None
    warnings: list[str] = field(default_factory=list)


OpenFile = Callable[[SourceFile, Process | None, date | None], FileFormat]
"""Gives the format of a file whose header is known, for a process (None: it will be made) and the
day of its election. Raises FileRefused if the header will not do."""


def unknown_columns(names: Sequence[str]) -> list[str]:
    """The warning about the columns from which nothing is read, if there are any."""
    named = [name for name in names if name]
    return [f"Columnas que no se conocen y no se leyeron: {', '.join(named)}."] if named else []
