"""Twenty people save, upload and send while a process of the server is killed: nothing is lost."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bench import closing
from tests import own_database

EDITORS, SECONDS = 20, 8.0


@pytest.fixture
def env(django_db_setup: None, tmp_path: Path) -> Iterator[dict[str, str]]:
    """A database that the server and these people use."""
    yield own_database.create("closing", tmp_path)
    own_database.drop("closing")


def test_what_was_acknowledged_is_there_when_a_process_was_killed(env: dict[str, str]) -> None:
    found = closing.measure(env, editors=EDITORS, seconds=SECONDS, step_seconds=0)

    assert found.killed
    assert found.lost == []
    assert found.hour.failures == []
    assert found.hour.refused == []
    assert found.hour.photographs == EDITORS
    assert found.hour.sent > 0
    assert len(found.hour.times) > EDITORS
