"""What a worker says of its connections is what the others read."""

import pytest

from conoceles_site import worker_loads


@pytest.fixture
def ages() -> object:
    """Three workers, which end with the test."""
    some = (1, 2, 67)
    yield some
    for age in some:
        worker_loads.end(age)


def test_others_are_compared_and_not_oneself(ages: tuple[int, int, int]) -> None:
    worker_loads.say(1, 3)
    worker_loads.say(2, 8)

    assert worker_loads.least_of_others(1) == 8
    assert worker_loads.least_of_others(2) == 3


def test_a_worker_that_ended_has_no_room(ages: tuple[int, int, int]) -> None:
    worker_loads.say(1, 3)
    worker_loads.say(2, 0)
    worker_loads.end(2)

    assert worker_loads.least_of_others(1) > 1_000_000
    assert worker_loads.least_of_others(2) == 3


def test_gunicorn_counts_its_workers_on_and_on(ages: tuple[int, int, int]) -> None:
    worker_loads.say(67, 5)

    assert worker_loads.least_of_others(2) == 5
