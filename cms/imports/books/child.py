"""The process that reads one book and ends. Its memory, time and access are limited.

Started by `apart`, which gives the order on the standard input. The rows go to the standard output,
a file. A refusal goes there as well, as the only line.
"""

import io
import json
import os
import resource
import sys
from typing import Any, Final, TextIO

from cms.imports.books.kinds import damaged, too_costly
from cms.imports.report import FileRefused

MEGABYTE: Final = 1024 * 1024
MEMORY: Final = 900 * MEGABYTE
LARGEST_OUTPUT: Final = 400 * MEGABYTE


def _bound(seconds: int) -> None:
    """Set limits that the operating system enforces, and a priority below that of pages."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_OUTPUT, LARGEST_OUTPUT))
    os.nice(5)


def _refusal(refused: FileRefused) -> dict[str, Any]:
    return {
        "refused": [problem.as_json() for problem in refused.problems],
        "sheets": getattr(refused, "names", []),
    }


def _read(order: dict[str, Any], output: TextIO) -> FileRefused | None:
    """Read the book; returns why it is refused."""
    try:
        from cms.imports.books.sheet import read_sheet

        read_sheet(order["path"], order["kind"], order["sheet"], output)
    except FileRefused as refused:
        return refused
    except (MemoryError, OverflowError):
        return too_costly()
    except OSError:
        return too_costly()
    except BaseException:  # noqa: BLE001 (a decoder may raise anything, and panic)
        return damaged()
    return None


def main() -> None:
    """Read the order from standard input, carry it out and answer."""
    order = json.loads(sys.stdin.buffer.readline())
    _bound(order["seconds"])
    output = io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8", errors="replace")
    refused = _read(order, output)
    try:
        output.flush()
        if refused is not None:
            output.seek(0)
            output.truncate()
            json.dump(_refusal(refused), output)
        output.flush()
    except OSError:
        sys.exit(1)
