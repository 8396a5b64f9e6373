"""What is asked of an import."""

import getpass
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from cms.accounts.models import User

Progress = Callable[[str, int, int | None], None]
"""Told as a file is read: what is being done, rows so far, rows in all (None: not known yet)."""


@dataclass(frozen=True, slots=True)
class ImportRequest:
    """A file to import, and how.

    Attributes:
        process, name, election_date: the process, and how it is called if it has to be made.
        profile: a profile's name or file; recognised by the header when empty.
        publish: an official export is already public; what it holds is published here too.
        repair_encoding: cells that were encoded twice are undone; otherwise they are refused.
        user, operator: who brings the file: an account of ours, and the system's account.
    """

    path: Path
    process: str
    name: str | None = None
    election_date: date | None = None
    profile: str = ""
    publish: bool = False
    repair_encoding: bool = False
    dry_run: bool = False
    user: User | None = None
    operator: str = field(default_factory=getpass.getuser)


def no_progress(doing: str, done: int, total: int | None) -> None:
    """A Progress that shows nothing."""
