"""A worker says how many connections it has, and leaves newcomers to those that have fewer."""

from collections.abc import Iterator
from multiprocessing import get_context
from types import SimpleNamespace
from typing import Any

import pytest

from conoceles_site import worker_loads
from conoceles_site.web_worker import LEFT_SECONDS, LOOK_AGAIN_SECONDS, WebWorker


@pytest.fixture(autouse=True)
def all_end() -> Iterator[None]:
    """The workers of a test end with it."""
    yield
    for age in (1, 2, 67):
        worker_loads.end(age)


def test_others_are_compared_and_not_oneself() -> None:
    worker_loads.say(1, 3)
    worker_loads.say(2, 8)

    assert worker_loads.least_of_others(1) == 8
    assert worker_loads.least_of_others(2) == 3


def test_a_worker_that_ended_has_no_room() -> None:
    worker_loads.say(1, 3)
    worker_loads.say(2, 0)
    worker_loads.end(2)

    assert worker_loads.least_of_others(1) > 1_000_000
    assert worker_loads.least_of_others(2) == 3


def test_gunicorn_counts_its_workers_on_and_on() -> None:
    worker_loads.say(67, 5)

    assert worker_loads.least_of_others(2) == 5


def test_what_one_process_says_the_others_read() -> None:
    worker_loads.say(1, 3)
    other = get_context("fork").Process(target=worker_loads.say, args=(2, 7))
    other.start()
    other.join()

    assert other.exitcode == 0
    assert worker_loads.least_of_others(1) == 7


class Door:
    """A listening socket at which somebody waits each time."""

    def __init__(self) -> None:
        self.entered = 0

    def accept(self) -> Any:
        self.entered += 1
        raise BlockingIOError


class Worker(WebWorker):
    """The first of some workers, without a network: it only decides whether to open its door."""

    def __init__(self, connections: int) -> None:
        self.age = 1
        self.connections = set(range(connections))
        self.left_since = self.left_last = float("-inf")
        self.looks_again = float("inf")
        self.quick = None
        self.is_open = True

    def set_accept_enabled(self, enabled: bool) -> None:
        self.is_open = enabled

    def notify(self) -> None:
        """Nobody watches it."""

    def wait_for_and_dispatch_events(self, timeout: float) -> None:
        self.waited = timeout

    def _sweep(self) -> None:
        """Nobody is late."""


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Seconds of the monotonic clock, which stand still until they are set."""

    class Clock:
        now = 1000.0

    monkeypatch.setattr(
        "conoceles_site.web_worker.time", SimpleNamespace(monotonic=lambda: Clock.now)
    )
    return Clock


def test_a_worker_leaves_newcomers_to_one_that_has_four_fewer(clock: Any) -> None:
    worker_loads.say(2, 10)
    few, many, door = Worker(13), Worker(14), Door()

    few.accept(door)
    assert (door.entered, few.is_open) == (1, True)
    many.accept(door)
    assert (door.entered, many.is_open) == (1, False)


def test_it_looks_again_soon_and_takes_those_whom_nobody_took(clock: Any) -> None:
    worker_loads.say(2, 0)
    worker, door = Worker(14), Door()

    waits = 0
    worker.accept(door)
    while not door.entered and waits < 1000:
        worker._turn()
        assert worker.waited == LOOK_AGAIN_SECONDS
        assert not worker.is_open
        clock.now += LOOK_AGAIN_SECONDS
        worker._turn()
        assert worker.is_open
        worker.accept(door)
        waits += 1
    assert waits == pytest.approx(LEFT_SECONDS / LOOK_AGAIN_SECONDS, abs=1)


def test_whoever_comes_later_is_left_to_others_anew(clock: Any) -> None:
    worker_loads.say(2, 0)
    worker, door = Worker(14), Door()
    worker.accept(door)

    clock.now += 10 * LEFT_SECONDS
    worker.accept(door)

    assert door.entered == 0


def test_a_worker_without_others_takes_everybody(clock: Any) -> None:
    worker, door = Worker(400), Door()

    worker.accept(door)

    assert door.entered == 1
