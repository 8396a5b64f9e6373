"""What a worker says of its connections is what the others read."""

from collections.abc import Iterator

import pytest

from conoceles_site import worker_loads


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
