"""Tells how far a job is while its transaction is still open, over a connection of its own."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DatabaseError, connection
from django.utils import timezone

from cms.imports.request import Progress, no_progress

SECONDS_BETWEEN = 1.0
_WRITE = """
insert into imports_uploadprogress (upload_id, doing, done, total, at)
values (%s, %s, %s, %s, %s)
on conflict (upload_id) do update
set doing = excluded.doing, done = excluded.done, total = excluded.total, at = excluded.at
"""


@contextmanager
def told(upload_id: int) -> Iterator[Progress]:
    """A Progress that others can read, once a second at most.

    Within somebody else's transaction the row of the upload may not be there for others yet: then
    nothing is told. A progress that cannot be written stops nothing.
    """
    if connection.in_atomic_block:
        yield no_progress
        return
    own = connection.copy()
    last = 0.0

    def tell(doing: str, done: int, total: int | None) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last < SECONDS_BETWEEN and done != total:
            return
        last = now
        try:
            with own.cursor() as cursor:
                cursor.execute(_WRITE, [upload_id, doing, done, total, timezone.now()])
        except DatabaseError:
            own.close()

    try:
        tell("Preparando", 0, None)
        yield tell
    finally:
        own.close()
