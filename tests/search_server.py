"""The real search server of the tests: one for all processes of a run."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from django.conf import settings

from conoceles_site import search_server
from conoceles_site.search_server import SearchServer, SearchServerError
from conoceles_site.search_server.fetching import one_at_a_time


@contextmanager
def shared() -> Iterator[SearchServer]:
    """The server that all processes of tests of this checkout share; the last one stops it.

    Without one, the test is skipped on a laptop and fails in CI.
    """
    folder = Path(settings.CONOCELES_DATA_DIR) / "search-tests"
    folder.mkdir(parents=True, exist_ok=True)
    turn = folder / "turn.lock"
    with (folder / "users.lock").open("w") as users:
        with one_at_a_time(turn):
            fcntl.flock(users, fcntl.LOCK_SH)
            server = started(folder)
        yield server
        with one_at_a_time(turn):
            fcntl.flock(users, fcntl.LOCK_UN)
            with suppress(BlockingIOError):  # Another process of tests still uses it.
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                server.stop()


def started(folder: Path) -> SearchServer:
    """The server of a folder; where none can be had, see `shared`."""
    try:
        return search_server.start(folder)
    except SearchServerError as problem:
        pytest.skip(str(problem))
