"""What is asked of an import."""

import getpass
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from cms.accounts.models import User

Progress = Callable[[str, int, int | None], None]
"""Called while a file is read: what is being done, rows so far, rows in all (None: not known)."""


@dataclass(frozen=True, slots=True)
class ImportRequest:
    """A file to import, and how.

    Attributes:
        process: slug of the process. name, election_date: those of a process that must be made.
        profile: a profile's name or file; when it is empty, the header tells.
        sheet: the sheet of a spreadsheet; when it is empty, the only one that holds something.
        source: the file's name in the record, when it is not that of `path`.
        publish: publish the answers, since an official export is already public.
        repair_encoding: repair cells that were encoded twice; otherwise they are refused.
        user, operator: who imports: an account of this system, and one of the operating system.
    """

    path: Path
    process: str
    name: str | None = None
    election_date: date | None = None
    profile: str = ""
    sheet: str = ""
    source: str = ""
    publish: bool = False
    repair_encoding: bool = False
    dry_run: bool = False
    user: User | None = None
    operator: str = field(default_factory=getpass.getuser)


def no_progress(doing: str, done: int, total: int | None) -> None:
    """A Progress that shows nothing."""
