"""A real worker and a real mail server: each decision is notified once, whatever fails between."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests import own_database
from tests.mail_server import Mailbox, serving
from tests.waiting import free_port

DATABASE = "mail"
EMAIL = "enlace.pd@partido.example"
WORKER = [sys.executable, "manage.py", "procrastinate", "worker", "--one-shot"]


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def env(django_db_setup: None, tmp_path: Path, port: int) -> Iterator[dict[str, str]]:
    """A database in which a submission was observed; no mail server runs yet."""
    env = {**own_database.create(DATABASE, tmp_path), "EMAIL_URL": f"smtp://127.0.0.1:{port}"}
    observe = [sys.executable, "-m", "tests.notifications.observe", EMAIL]
    subprocess.run(observe, cwd=own_database.ROOT, env=env, check=True, capture_output=True)
    yield env
    own_database.drop(DATABASE)


@pytest.fixture
def database(env: dict[str, str]) -> Iterator[psycopg.Connection]:
    with psycopg.connect(env["DATABASE_URL"], autocommit=True) as connection:
        yield connection


def job(database: psycopg.Connection) -> tuple[str, int]:
    """The state of the delivery's job, and how often it was tried."""
    found = database.execute(
        "select status::text, attempts from procrastinate_jobs"
        " where task_name = 'cms.notifications.tasks.deliver'"
    ).fetchall()
    assert len(found) == 1
    return found[0][0], found[0][1]


def let_time_go_by(database: psycopg.Connection) -> None:
    """Make the waiting jobs due, and the last heartbeat of each worker a minute older."""
    database.execute("update procrastinate_jobs set scheduled_at = now() where status = 'todo'")
    database.execute(
        "update procrastinate_workers set last_heartbeat = last_heartbeat - interval '1 minute'"
    )


def rescue_stalled_jobs(env: dict[str, str], database: psycopg.Connection) -> None:
    """Queue the rescue, which runs every minute, unless a worker has queued it already."""
    rescue = "conoceles_site.worker.retry_stalled_jobs"
    queued = "select from procrastinate_jobs where task_name = %s and status = 'todo'"
    if database.execute(queued, [rescue]).fetchone() is None:
        own_database.run("procrastinate", "defer", rescue, '{"timestamp": 0}', env=env)


def work(env: dict[str, str]) -> str:
    """Have a worker do all jobs that are due; return what it printed."""
    done = subprocess.run(
        WORKER, cwd=own_database.ROOT, env=env, check=True, capture_output=True, text=True
    )
    return done.stdout + done.stderr


def test_mail_is_sent_once_though_the_server_was_down_and_a_worker_was_killed(
    env: dict[str, str], database: psycopg.Connection, port: int
) -> None:
    printed = work(env)
    assert job(database) == ("todo", 1)

    let_time_go_by(database)
    hanging = Mailbox()
    hanging.hangs = True
    with serving(hanging, port):
        worker = subprocess.Popen(WORKER, cwd=own_database.ROOT, env=env)
        assert hanging.reached.wait(60)
        worker.kill()
        worker.wait()
    assert job(database) == ("doing", 1)
    assert hanging.letters == []

    let_time_go_by(database)
    rescue_stalled_jobs(env, database)
    with serving(Mailbox(), port) as mailbox:
        printed += work(env)
        let_time_go_by(database)
        printed += work(env)
    assert [letter.rcpt_tos for letter in mailbox.letters] == [[EMAIL]]
    assert job(database)[0] == "succeeded"
    assert database.execute(
        "select count(*) from notifications_notification where sent_at is not null"
    ).fetchone() == (1,)
    assert EMAIL not in printed
    assert "Persona Ficticia" not in printed


def test_a_message_that_is_sent_again_after_a_kill_has_the_same_message_id(
    env: dict[str, str], database: psycopg.Connection, port: int
) -> None:
    """The server had taken it before the worker recorded it: mail systems drop the duplicate."""
    with serving(Mailbox(), port) as mailbox:
        work(env)
        database.execute("update notifications_notification set sent_at = null")
        database.execute("update procrastinate_jobs set status = 'todo'")
        let_time_go_by(database)
        work(env)
    first, second = (message["Message-ID"] for message in mailbox.messages)
    assert first == second
