"""Two people at the same moment: threads with connections of their own to a real database.

With the fixture `committed`.
"""

import threading
from collections.abc import Callable
from typing import Any

from django.db import connections, transaction

SECONDS = 30


def thread(work: Callable[[], Any], outcomes: list[Any]) -> threading.Thread:
    """A thread with a connection of its own, which keeps what it got: a result or an error."""
    here = connections["default"]

    def run() -> None:
        connections["default"] = here.copy()
        try:
            outcomes.append(work())
        except Exception as error:  # noqa: BLE001 (the test judges it)
            outcomes.append(error)
        finally:
            connections["default"].close()

    return threading.Thread(target=run)


def while_open(first: Callable[[], Any], second: Callable[[], Any]) -> tuple[Any, Any, bool]:
    """Hold `first` uncommitted while `second` works. Says what each got, and if `second` waited."""
    begun, may_end = threading.Event(), threading.Event()
    held: list[Any] = []
    other: list[Any] = []

    def holding() -> Any:
        with transaction.atomic():
            result = first()
            begun.set()
            may_end.wait(SECONDS)
            return result

    one, two = thread(holding, held), thread(second, other)
    one.start()
    assert begun.wait(SECONDS), held
    two.start()
    two.join(4)
    waited = two.is_alive()
    may_end.set()
    one.join(SECONDS)
    two.join(SECONDS)
    return held[0], other[0], waited


def at_once(*work: Callable[[], Any]) -> list[Any]:
    """What each got, all begun at the same instant."""
    barrier = threading.Barrier(len(work))
    outcomes: list[list[Any]] = [[] for _one in work]

    def begun(one: Callable[[], Any]) -> Callable[[], Any]:
        def run() -> Any:
            barrier.wait(SECONDS)
            return one()

        return run

    threads = [thread(begun(one), got) for one, got in zip(work, outcomes, strict=True)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(SECONDS)
    return [got[0] for got in outcomes]
