"""The process that reads one picture and ends: bounded in memory, time and what it may touch.

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
# The most that it may ask the system for: twice what the largest picture that is admitted takes.
MEMORY: Final = 640 * MEGABYTE


def _bound(seconds: int) -> None:
    """Bounds that the system keeps, whatever a library does; pages go before pictures."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # No file of any size is written.
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    os.nice(5)


def _answer(kind: str, parts: list[bytes], **more: Any) -> None:
    head = {"answer": kind, "sizes": [len(part) for part in parts], **more}
    sys.stdout.buffer.write(json.dumps(head).encode() + b"\n")
    for part in parts:
        sys.stdout.buffer.write(part)
    sys.stdout.buffer.flush()


def main() -> None:
    """Read the order, do it, answer."""
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
