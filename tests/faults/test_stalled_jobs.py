"""A worker is killed in the middle of a job: another worker does the job again."""

import subprocess
import sys
from collections.abc import Iterator

import psycopg
import pytest

from tests import own_database
from tests.waiting import wait_until

DATABASE = "stalled"
TASK = "cms.moderation.tasks.publish_waiting"
RESCUE = "conoceles_site.worker.retry_stalled_jobs"
WORKER = [sys.executable, "manage.py", "procrastinate", "worker"]


@pytest.fixture
def env(django_db_setup: None, tmp_path) -> Iterator[dict[str, str]]:
    yield own_database.create(DATABASE, tmp_path)
    own_database.drop(DATABASE)


@pytest.fixture
def database(env) -> Iterator[psycopg.Connection]:
    with psycopg.connect(env["DATABASE_URL"], autocommit=True) as connection:
        yield connection


def defer(env: dict[str, str], task: str) -> None:
    own_database.run("procrastinate", "defer", task, '{"timestamp": 0}', env=env)


def statuses(database: psycopg.Connection, task: str = TASK) -> list[str]:
    found = database.execute(
        "select status::text from procrastinate_jobs where task_name = %s order by id", [task]
    )
    return [row[0] for row in found]


def kill_during_the_job(env: dict[str, str], database: psycopg.Connection) -> None:
    """Kill a worker while its job waits for a table that we have locked, and let time go by."""
    with database.transaction():
        database.execute("lock table moderation_decision in access exclusive mode")
        worker = subprocess.Popen(WORKER, cwd=own_database.ROOT, env=env)
        with psycopg.connect(env["DATABASE_URL"], autocommit=True) as other:
            wait_until(lambda: statuses(other)[0] == "doing", what="the job is not being done")
        worker.kill()
        worker.wait()
    assert statuses(database)[0] == "doing"
    # Workers queue the task every five minutes: the killed worker may have queued it too.
    database.execute(
        "delete from procrastinate_jobs where status = 'todo' and task_name = %s", [TASK]
    )
    database.execute(
        "update procrastinate_workers set last_heartbeat = last_heartbeat - interval '1 minute'"
    )


def rescue(env: dict[str, str], database: psycopg.Connection) -> None:
    """Have another worker do all queued jobs, with the rescue that is queued every minute."""
    if "todo" not in statuses(database, RESCUE):
        defer(env, RESCUE)
    subprocess.run([*WORKER, "--one-shot"], cwd=own_database.ROOT, env=env, check=True)


def test_the_next_worker_does_the_job_of_a_killed_worker(env, database) -> None:
    defer(env, TASK)
    kill_during_the_job(env, database)

    rescue(env, database)

    found = statuses(database)
    assert "succeeded" in found
    assert "doing" not in found


def test_a_stalled_job_that_was_queued_again_does_not_stop_the_rescue(env, database) -> None:
    defer(env, TASK)
    kill_during_the_job(env, database)
    database.execute(
        """
        insert into procrastinate_jobs (queue_name, task_name, queueing_lock, args, scheduled_at)
        values ('default', %s, 'publish_waiting', '{"timestamp": 0}', now() + interval '1 hour')
        """,
        [TASK],
    )

    rescue(env, database)

    assert statuses(database)[0] == "aborted"
    assert "succeeded" in statuses(database, RESCUE)
    assert "failed" not in statuses(database, RESCUE)
