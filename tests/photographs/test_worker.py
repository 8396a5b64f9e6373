"""A real worker makes the files of what was approved; the demonstration has those of the rest."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from cms.catalogs.pictures import sizes
from tests import own_database
from tests.waiting import wait_until

DATABASE = "photographs"
WORKER = [sys.executable, "manage.py", "procrastinate", "worker", "--one-shot"]
PHOTOGRAPHS = "select photo_name, photo_width from published_publishedcandidacy where photo <> ''"


@pytest.fixture
def env(django_db_setup: None, tmp_path: Path) -> Iterator[dict[str, str]]:
    yield own_database.create_with_demo(DATABASE, tmp_path)
    own_database.drop(DATABASE)


def published(env: dict[str, str]) -> list[tuple[str, int]]:
    """The name and the width of each published photograph."""
    with psycopg.connect(env["DATABASE_URL"]) as connection:
        return connection.execute(PHOTOGRAPHS).fetchall()


def files(env: dict[str, str]) -> set[str]:
    folder = Path(env["CONOCELES_DATA_DIR"]) / "private" / "photographs" / sizes.FOLDER
    return {file.name for file in folder.iterdir()}


def expected(named: list[tuple[str, int]]) -> set[str]:
    return {f"{name}{ending}" for name, width in named for ending in sizes.endings(width)}


def test_the_worker_makes_what_was_approved_and_the_demonstration_has_the_rest(
    env: dict[str, str],
) -> None:
    before = published(env)
    waiting = [name for name, _width in before if not name]
    assert len(waiting) == 2
    assert files(env) == expected([found for found in before if found[0]])

    subprocess.run(WORKER, cwd=own_database.ROOT, env=env, check=True, capture_output=True)

    after = published(env)
    assert len({name for name, _width in after}) == len(after) == len(before)
    assert files(env) == expected(after)
    with psycopg.connect(env["DATABASE_URL"]) as connection:
        left = connection.execute(
            "select count(*) from procrastinate_jobs"
            " where task_name like 'publication.%' and status <> 'succeeded'"
        ).fetchone()
    assert left == (0,)


def test_a_photograph_that_is_replaced_while_its_files_are_made_shows_none_of_them(
    env: dict[str, str],
) -> None:
    before = files(env)
    with psycopg.connect(env["DATABASE_URL"]) as replacing:
        replacing.execute(
            "update published_publishedcandidacy set photo = gen_random_uuid()::text"
            " where photo <> '' and photo_name = ''"
        )
        worker = subprocess.Popen(
            WORKER,
            cwd=own_database.ROOT,
            env=env,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.STDOUT,
        )
        wait_until(lambda: waits(env), what="the worker does not wait for the row")
        assert len(files(env)) == len(before) + len(sizes.endings(800))
    assert worker.wait(timeout=120) == 0

    assert files(env) == before
    assert sum(not name for name, _width in published(env)) == 2


def waits(env: dict[str, str]) -> bool:
    """Whether somebody waits for a row of this database."""
    with psycopg.connect(env["DATABASE_URL"]) as connection:
        found = connection.execute(
            "select from pg_stat_activity where datname = current_database()"
            " and wait_event_type = 'Lock'"
        )
        return found.fetchone() is not None
