"""The process that reads one picture and ends. Its memory, time and access are limited.

Started by `apart` with the name of a recipe, its options, and the bytes of the file on its standard
input; it answers with the bytes of the results on its standard output.
"""

import json
import os
import resource
import sys
from importlib import import_module
from typing import Any, Final

MEGABYTE: Final = 1024 * 1024
# Twice the memory that the largest picture that is admitted takes.
MEMORY: Final = 640 * MEGABYTE


def _bound(seconds: int) -> None:
    """Set limits that the operating system enforces, and a priority below that of pages."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # It may not write any file.
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    os.nice(5)


def _answer(kind: str, parts: list[bytes], **more: Any) -> None:
    head = {"answer": kind, "sizes": [len(part) for part in parts], **more}
    sys.stdout.buffer.write(json.dumps(head).encode() + b"\n")
    for part in parts:
        sys.stdout.buffer.write(part)
    sys.stdout.buffer.flush()


def main() -> None:
    """Read the order from standard input, run it and answer."""
    order = json.loads(sys.stdin.buffer.readline())
    _bound(order["seconds"])
    from cms.catalogs.pictures.refusals import PictureRejected, too_costly

    module, name = order["recipe"].split(":")
    try:
        recipe = getattr(import_module(module), name)
        _answer("made", recipe(sys.stdin.buffer.read(), **order["options"]))
    except PictureRejected as rejected:
        _answer("rejected", [], explanation=rejected.explanation)
    except MemoryError:
        _answer("rejected", [], explanation=too_costly().explanation)


if __name__ == "__main__":
    main()
