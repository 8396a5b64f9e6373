"""Decodes each picture in a process of its own, which then ends. A server decodes one at a time.

Strangers can give a decoder whatever they like. So the operating system limits the memory and time
of its process (`child`), which has a lower priority than pages. A crash or a leak ends with it, and
nothing has to be restarted.
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
# Seconds that a thread waits for the picture before its own, and for its own.
LONGEST_WAIT = 3.0
LONGEST_WORK = 20.0
# Processor time; the largest picture that is admitted takes two seconds.
CPU_SECONDS = 6
# Threads of a server that pictures may hold: one is being read, and one waits.
MOST_INSIDE: Final = 2
# Isolated mode: neither the working folder nor the environment decides what it imports.
_COMMAND: Final = (
    "import sys; sys.path.insert(0, sys.argv[1]);"
    " from cms.catalogs.pictures.child import main; main()"
)

_inside = threading.BoundedSemaphore(MOST_INSIDE)
_working = threading.BoundedSemaphore(1)


def made_apart(recipe: Callable[..., list[bytes]], content: bytes, **options: Any) -> list[bytes]:
    """Run a function over a picture in a process of its own.

    Args:
        recipe: a function of a module without Django, called as `recipe(content, **options)`.
        content: the bytes of the file.
        options: values that JSON can hold.

    Raises:
        PictureRejected: the picture cannot be used.
        Busy: other pictures are being read.
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
            # It had processor time left: the machine is busy, and the picture may be good.
            raise Busy from None
    return _results(process.returncode, output)


def _results(code: int, output: bytes) -> list[bytes]:
    if code < 0:
        # The operating system ended it, for using too much time or memory.
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
