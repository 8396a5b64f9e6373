"""Reads each book in a process of its own, which then ends.

Anybody who sends a list can give the decoder whatever they like. So the operating system limits the
memory and time of its process (`child`), as it does for pictures. A crash or a leak ends with it.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

from cms.imports.books.kinds import Kind, damaged, too_costly
from cms.imports.report import FileRefused, RowProblem

ROOT: Final = Path(__file__).resolve().parents[3]
# Processor time; a book of 10,000 rows and 25 columns takes less than one second.
CPU_SECONDS = 40
LONGEST_WORK = 240.0
# Isolated mode: neither the working folder nor the environment decides what it imports.
_COMMAND: Final = (
    "import sys; sys.path.insert(0, sys.argv[1]); from cms.imports.books.child import main; main()"
)


class SheetNotChosen(FileRefused):
    """The book has several sheets with something. `names` says which."""

    def __init__(self, problems: list[RowProblem], names: list[str]) -> None:
        self.names = names
        super().__init__(problems)


def rows_of(path: Path, kind: Kind, sheet: str, into: Path) -> str:
    """Write the rows of a sheet to a file, as lines of JSON; returns the name of the sheet.

    Args:
        sheet: the name of a sheet; empty for the only one that can be seen and holds something.
        into: the file to write; its first line is about the book and not a row.

    Raises:
        FileRefused: the book cannot be read.
        SheetNotChosen: a sheet must be chosen.
    """
    order = {"path": str(path.resolve()), "kind": kind, "sheet": sheet, "seconds": CPU_SECONDS}
    with into.open("wb") as output:
        code = _ended(json.dumps(order).encode() + b"\n", output)
    if code < 0:
        # The operating system ended it, for using too much time or memory.
        raise too_costly()
    with into.open(encoding="utf-8") as file:
        head = file.readline()
    if code or not head:
        raise damaged()
    said: dict[str, Any] = json.loads(head)
    if "refused" in said:
        problems = [RowProblem(**problem) for problem in said["refused"]]
        if said["sheets"]:
            raise SheetNotChosen(problems, said["sheets"])
        raise FileRefused(problems)
    return str(said["sheet"])


def _ended(order: bytes, output: Any) -> int:
    """Run the process to its end; returns its code, negative if the system ended it."""
    process = subprocess.Popen(
        [sys.executable, "-I", "-c", _COMMAND, str(ROOT)],
        stdin=subprocess.PIPE,
        stdout=output,
        stderr=subprocess.DEVNULL,
        env={"PATH": os.defpath, "MALLOC_ARENA_MAX": "1"},
        close_fds=True,
    )
    with process:
        try:
            process.communicate(order, timeout=LONGEST_WORK)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            return -1
    return process.returncode
