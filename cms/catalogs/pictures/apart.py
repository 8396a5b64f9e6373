"""Pictures are decoded outside of the processes that serve: one at a time in each, then it ends.

A decoder is the part of the system that strangers feed with what they like. Its process has bounds
on memory and time that the system keeps (`child`), a lower priority than pages, and no life after
its picture: neither a crash nor a leak outlives it, and nothing has to be restarted.
"""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from cms.catalogs.pictures.refusals import Busy, PictureRejected, damaged, too_costly

ROOT: Final = Path(__file__).resolve().parents[3]
# How long one thread waits for another's picture, and for its own, in seconds.
LONGEST_WAIT = 3.0
LONGEST_WORK = 20.0
# Of the processor: the largest picture that is admitted takes two.
CPU_SECONDS = 6
# Who may hold a thread of a process at the same time: one whose picture is read, one who waits.
MOST_INSIDE: Final = 2
# Neither the folder nor the environment decides what this process imports.
_COMMAND: Final = (
    "import sys; sys.path.insert(0, sys.argv[1]);"
    " from cms.catalogs.pictures.child import main; main()"
)

_inside = threading.BoundedSemaphore(MOST_INSIDE)
_working = threading.BoundedSemaphore(1)


def made_apart(recipe: Callable[..., list[bytes]], content: bytes, **options: Any) -> list[bytes]:
    """Do a recipe in a process of its own.

    Args:
        recipe: a function of a module without Django, called as `recipe(content, **options)`.
        options: what JSON can say.

    Raises: PictureRejected; Busy where others' pictures are being read.
    """
    if not _inside.acquire(blocking=False):
        raise Busy
    try:
        if not _working.acquire(timeout=LONGEST_WAIT):
            raise Busy
        try:
            order = {
                "recipe": f"{recipe.__module__}:{recipe.__name__}",
                "options": options,
                "seconds": CPU_SECONDS,
            }
            return _answered(json.dumps(order).encode() + b"\n" + content)
        finally:
            _working.release()
    finally:
        _inside.release()


def _answered(order: bytes) -> list[bytes]:
    process = subprocess.Popen(
        [sys.executable, "-I", "-c", _COMMAND, str(ROOT)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={"PATH": os.defpath, "MALLOC_ARENA_MAX": "1"},
        close_fds=True,
    )
    with process:
        try:
            output, _nothing = process.communicate(order, timeout=LONGEST_WORK)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            # It did not use its time of processor up: the machine is too busy, not the picture.
            raise Busy from None
    return _results(process.returncode, output)


def _results(code: int, output: bytes) -> list[bytes]:
    if code < 0:
        # The system ended it: too much time or memory.
        raise too_costly()
    head, _line, body = output.partition(b"\n")
    if code or not head:
        raise damaged()
    answer = json.loads(head)
    if answer["answer"] == "rejected":
        raise PictureRejected(answer["explanation"])
    results, position = [], 0
    for size in answer["sizes"]:
        results.append(body[position : position + size])
        position += size
    return results
