"""What the tests of a failing search server do: commands, jobs, processes that are held."""

import json
import subprocess
import sys
from io import StringIO
from typing import Any

from django.core.management import call_command
from django.db import connection

from cms.published.models import PublishedCandidacy
from search.engines.elasticsearch import index, indexing, schema
from search.engines.elasticsearch.documents import marks
from tests import database_server
from tests.waiting import wait_until

NO_DIFFERENCE = {"missing": 0, "stale": 0, "gone": 0, "repaired": 0, "problems": []}


def manage(command: str) -> dict[str, Any]:
    """The report of a command of the index."""
    out = StringIO()
    call_command(command, "--format", "json", stdout=out)
    report: dict[str, Any] = json.loads(out.getvalue())
    return report


def work(*queues: str) -> None:
    """Have a worker do all jobs of the index, those too that wait for another try."""
    with connection.cursor() as cursor:
        cursor.execute("update procrastinate_jobs set scheduled_at = null where status = 'todo'")
    names = ",".join([indexing.QUEUE, *queues])
    call_command("procrastinate", "worker", "--one-shot", "--queues", names)


def jobs() -> list[str]:
    """The state of each job of the index that is not done."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select status::text from procrastinate_jobs"
            " where queue_name = %s and status <> 'succeeded' order by id",
            [indexing.QUEUE],
        )
        return [status for [status] in cursor.fetchall()]


def assert_nothing_differs(documents: int) -> None:
    """The operator is told that all is well, and so it is: the index holds what the rows say."""
    expected = {"engine": "elasticsearch", "documents": documents, **NO_DIFFERENCE}
    assert manage("search_reconcile") == expected
    assert manage("search_doctor") == expected
    assert index.marks(schema.alias()) == marks()
    assert PublishedCandidacy.objects.count() == documents


class Held:
    """A process of ours that is held before it writes to the index: a rebuild, or a worker.

    Whoever writes waits for a lock of the database, which is handed from connection to connection.
    """

    def __init__(self, env: dict[str, str], database: str, *command: str) -> None:
        self._env, self._command = env, command
        self._first, self._second, self._looking = (
            database_server.connect(database) for _each in range(3)
        )

    def __enter__(self) -> "Held":
        self._first.execute("select pg_advisory_lock(%s)", [indexing.WRITING])
        self._process = subprocess.Popen(
            [sys.executable, "manage.py", *self._command],
            cwd=database_server.ROOT,
            env=self._env,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._wait_for_waiters(1)
        return self

    def __exit__(self, *_error: object) -> None:
        self.kill()
        self._looking.close()

    def make_the_index(self) -> None:
        """Let a rebuild make its index, and hold it again before it fills it."""
        behind = f"begin; select pg_advisory_xact_lock({indexing.WRITING})"
        self._second.pgconn.send_query(behind.encode())
        self._wait_for_waiters(2)
        self._first.execute("select pg_advisory_unlock(%s)", [indexing.WRITING])
        wait_until(
            lambda: index.patient().indices.exists_alias(name=index.under_way()),
            what="no index was made",
        )
        self._wait_for_waiters(1)

    def _wait_for_waiters(self, number: int) -> None:
        waiting = "select count(*) from pg_locks where locktype = 'advisory' and not granted"
        waiting += (
            " and database = (select oid from pg_database where datname = current_database())"
        )
        wait_until(
            lambda: self._looking.execute(waiting).fetchone() == (number,),
            what=f"there are not {number} processes that wait",
        )

    def go_on(self) -> int:
        """Let it write; return the status with which it ended."""
        self._let_go()
        return self._process.wait(120)

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()
        self._let_go()

    def _let_go(self) -> None:
        for holding in (self._first, self._second):
            holding.pgconn.finish()


def forget_heartbeats() -> None:
    """Let the workers that were killed be known as such."""
    with connection.cursor() as cursor:
        cursor.execute(
            "update procrastinate_workers set last_heartbeat = last_heartbeat - interval '1 hour'"
        )
