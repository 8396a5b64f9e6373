"""What an import says about a file: its counts, and every row that could not be taken."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    # The process that reads a book imports this module, and no model.
    from cms.candidacies.bulk_register import Registration

LONGEST_VALUE = 80
MOST_CHANGES = 500


def shortened(value: str) -> str:
    """A cell as it is quoted in a message: one line, at most 80 characters."""
    line = " ".join(value.split())
    return line if len(line) <= LONGEST_VALUE else f"{line[: LONGEST_VALUE - 1]}…"


@dataclass(frozen=True, slots=True)
class RowProblem:
    """Why a row was refused.

    Attributes:
        row: physical line of the file where the row begins (1 is the header's).
        column: the column's name as the file writes it; empty when it is the row as a whole.
        value: what the cell holds, shortened. problem, remedy: in Spanish, each a sentence.
    """

    row: int
    column: str
    value: str
    problem: str
    remedy: str

    def as_json(self) -> dict[str, Any]:
        return {
            "row": self.row,
            "column": self.column,
            "value": self.value,
            "problem": self.problem,
            "remedy": self.remedy,
        }

    def __str__(self) -> str:
        place = f"Fila {self.row}, {self.column}" if self.column else f"Fila {self.row}"
        return f"{place}: {self.problem} {self.remedy}"


class FileRefused(Exception):
    """The file, or some of its rows, cannot be imported. Nothing was written."""

    def __init__(self, problems: list[RowProblem]) -> None:
        self.problems = problems
        super().__init__("\n".join(map(str, problems)))

    @classmethod
    def whole(cls, problem: str, remedy: str, *, row: int = 1) -> "FileRefused":
        """A refusal of the file as a whole, not of single rows."""
        return cls([RowProblem(row, "", "", problem, remedy)])


@dataclass(frozen=True, slots=True)
class RowNote:
    """A row that was read and deliberately not applied, because staff must decide.

    Attributes:
        candidacy: id of the candidacy that stays as it was; None if there are several.
    """

    row: int
    name: str
    candidacy: int | None
    reason: str

    def as_json(self) -> dict[str, Any]:
        return {
            "row": self.row,
            "name": self.name,
            "candidacy": self.candidacy,
            "reason": self.reason,
        }

    def __str__(self) -> str:
        return f"Fila {self.row}, {self.name}: {self.reason}"


@dataclass(frozen=True, slots=True)
class RowChange:
    """A row that is new, or that changes what was registered.

    Attributes:
        what: what changes, in Spanish.
    """

    row: int
    name: str
    what: str

    def as_json(self) -> dict[str, Any]:
        return {"row": self.row, "name": self.name, "what": self.what}


@dataclass(slots=True)
class ImportReport:
    """What an import did, or would do. `as_json` gives the keys of docs/interface.md.

    Attributes:
        sheet: of a spreadsheet, the sheet that was read. sheets: those of which one must be chosen.
        changes: the first rows that are new or different, for people to read.
        record: number of the record of the import, once something was written.
        brought: what the rows say that were not applied, by row. It holds private data, so it is no
            part of `as_json`.
    """

    process: str
    profile: str = ""
    encoding: str = ""
    separator: str = ""
    sheet: str = ""
    sheets: list[str] = field(default_factory=list)
    changes: list["RowChange"] = field(default_factory=list)
    record: int | None = None
    dry_run: bool = False
    published: bool = False
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    candidacies: int = 0
    with_texts: int = 0
    errors: list[RowProblem] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    not_applied: list[RowNote] = field(default_factory=list)
    left_alone: list[RowNote] = field(default_factory=list)
    brought: dict[int, "Registration"] = field(default_factory=dict)

    @property
    def changed(self) -> bool:
        """Whether the database is, or would be, different afterwards."""
        return bool(self.created or self.updated)

    def counts(self) -> dict[str, int]:
        """The figures alone, for the record of the import."""
        return {
            "created": self.created,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "candidacies": self.candidacies,
            "with_texts": self.with_texts,
            "not_applied": len(self.not_applied),
            "left_alone": len(self.left_alone),
        }

    def refuse(self, problems: list[RowProblem]) -> None:
        """Say that nothing was written, and why."""
        self.created = self.updated = self.unchanged = 0
        self.published = False
        self.errors = problems
        self.changes = []
        self.not_applied = []
        self.left_alone = []
        self.brought = {}

    def as_json(self) -> dict[str, Any]:
        counts: dict[str, Any] = self.counts()
        return counts | {
            "process": self.process,
            "profile": self.profile,
            "encoding": self.encoding,
            "separator": self.separator,
            "dry_run": self.dry_run,
            "published": self.published,
            "errors": [problem.as_json() for problem in self.errors],
            "warnings": self.warnings,
            "not_applied": [note.as_json() for note in self.not_applied],
            "left_alone": [note.as_json() for note in self.left_alone],
        }
