"""Twenty people save, upload and send while something is killed: nothing acknowledged is lost."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bench import closing
from bench.closing import Closing
from bench.pages_servers import Server
from conoceles_site import embedded_postgres
from tests import own_database
from tests.faults import own_cluster

# How much is saved in so many seconds depends on what else runs.
pytestmark = pytest.mark.alone
EDITORS, SECONDS = 20, 8.0


@pytest.fixture
def env(django_db_setup: None, tmp_path: Path) -> Iterator[dict[str, str]]:
    """A database that the server and these people use."""
    yield own_database.create("closing", tmp_path)
    own_database.drop("closing")


def test_what_was_acknowledged_is_there_when_a_process_was_killed(env: dict[str, str]) -> None:
    found = closing.measure(env, editors=EDITORS, seconds=SECONDS, step_seconds=0)

    _assert_all_is_there(found)
    assert len(found.hour.times) > EDITORS


def test_what_was_acknowledged_is_there_when_postgresql_was_killed(
    django_db_setup: None, tmp_path: Path
) -> None:
    with own_cluster.running("closing", tmp_path) as env:

        def kill_and_start_again(_server: Server) -> int:
            killed = own_cluster.kill(env)
            embedded_postgres.start(tmp_path)
            return killed

        found = closing.measure(
            env,
            editors=EDITORS,
            seconds=SECONDS,
            step_seconds=0,
            fault=kill_and_start_again,
            waits=True,
        )

    _assert_all_is_there(found)
    # Somebody noticed, and was told to wait.
    assert found.hour.waited > 0


def _assert_all_is_there(found: Closing) -> None:
    assert found.killed
    assert found.lost == []
    assert found.hour.failures == []
    assert found.hour.refused == []
    assert found.hour.photographs == EDITORS
    assert found.hour.sent > 0
