"""The search server and our processes are killed, or refuse: nothing is lost and nothing remains.

Each test ends with what an operator would do: the server runs again, the worker does the jobs that
are due, and `search_reconcile` finds no difference.
"""

import json
import shutil
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psycopg
import pytest

from conoceles_site import search_server
from conoceles_site.search_server import SearchServer
from search.engines.elasticsearch import index, indexing, schema
from tests import own_database
from tests.search_server import started
from tests.site.servers import gunicorn
from tests.waiting import wait_until

DATABASE = "searched"
ROWS = 30
WORKER = [sys.executable, "manage.py", "procrastinate", "worker", "--one-shot"]
NO_DIFFERENCE = {"missing": 0, "stale": 0, "gone": 0, "repaired": 0, "problems": []}


@pytest.fixture(scope="module")
def server(
    django_test_environment: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SearchServer]:
    """A search server that these tests kill."""
    folder = tmp_path_factory.mktemp("search")
    yield started(folder)
    if left := search_server.running(folder):
        left.stop()


@pytest.fixture
def env(
    django_db_setup: None, tmp_path: Path, server: SearchServer, settings: Any
) -> Iterator[dict[str, str]]:
    """A database with public rows, and an index that holds them all."""
    search_server.start(server.folder)
    settings.ELASTICSEARCH_URL = server.url
    env = {**own_database.create(DATABASE, tmp_path), "ELASTICSEARCH_URL": server.url}
    write(env, "publish", ROWS)
    manage(env, "search_rebuild")
    work(env)
    yield env
    own_database.drop(DATABASE)
    search_server.start(server.folder)
    for name in index.ours():
        index.remove(name)


@pytest.fixture
def connect(env: dict[str, str]) -> Iterator[Callable[[], psycopg.Connection]]:
    """Connections with that database."""
    opened: list[psycopg.Connection] = []

    def connect() -> psycopg.Connection:
        opened.append(psycopg.connect(env["DATABASE_URL"], autocommit=True))
        return opened[-1]

    yield connect
    for connection in opened:
        connection.close()


def write(env: dict[str, str], what: str, number: int) -> list[int]:
    """Publish, change or withdraw candidacies in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.public_rows", what, str(number)],
        cwd=own_database.ROOT,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    ids: list[int] = json.loads(done.stdout)
    return ids


def manage(env: dict[str, str], command: str, *, status: int = 0) -> dict[str, Any]:
    """The report of a command."""
    done = subprocess.run(
        [sys.executable, "manage.py", command, "--format", "json"],
        cwd=own_database.ROOT,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == status, done.stderr
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def work(env: dict[str, str]) -> str:
    """Have a worker do all jobs that are due; return what it printed."""
    with psycopg.connect(env["DATABASE_URL"], autocommit=True) as database:
        database.execute("update procrastinate_jobs set scheduled_at = null where status = 'todo'")
    done = subprocess.run(
        WORKER, cwd=own_database.ROOT, env=env, check=True, capture_output=True, text=True
    )
    return done.stdout + done.stderr


def jobs(database: psycopg.Connection) -> list[str]:
    """The state of each job of the index that is not done."""
    found = database.execute(
        "select status::text from procrastinate_jobs"
        " where task_name like 'search.index%' and status <> 'succeeded'"
    )
    return [status for [status] in found]


def public_rows(env: dict[str, str]) -> dict[int, int]:
    with psycopg.connect(env["DATABASE_URL"]) as database:
        found = database.execute("select candidacy_id, version from published_publishedcandidacy")
        return dict(found.fetchall())


def assert_nothing_differs(env: dict[str, str], documents: int) -> None:
    expected = {"engine": "elasticsearch", "documents": documents, **NO_DIFFERENCE}
    assert manage(env, "search_reconcile") == expected
    assert index.versions(schema.alias()) == public_rows(env)
    assert manage(env, "search_doctor") == expected


def test_the_server_is_killed_while_candidacies_are_published_changed_and_withdrawn(
    env: dict[str, str], server: SearchServer, connect: Callable[[], psycopg.Connection]
) -> None:
    with gunicorn(env) as (_process, port), Reader(port) as reader:
        assert reader.total() == ROWS
        search_server.start(server.folder).kill()
        changed, gone = write(env, "change", 2), write(env, "withdraw", 3)
        assert reader.total() == ROWS - 3

        printed = work(env)

        assert jobs(connect()) == ["todo"] * 5
        assert "Persona" not in printed
        [down, *_others] = manage(env, "search_doctor")["problems"]
        assert "no contesta (ConnectionError)" in down
        search_server.start(server.folder)
        assert reader.total() == ROWS - 3
        assert manage(env, "search_doctor")["stale"] == len(changed)
        assert manage(env, "search_doctor")["gone"] == len(gone)
        work(env)
        assert jobs(connect()) == []
        assert_nothing_differs(env, ROWS - 3)
        assert reader.total() == ROWS - 3
    assert set(reader.totals) == {ROWS, ROWS - 3}
    assert reader.totals == sorted(reader.totals, reverse=True)


def test_the_server_is_killed_in_the_middle_of_a_rebuild(
    env: dict[str, str], server: SearchServer, connect: Callable[[], psycopg.Connection]
) -> None:
    before = index.ours()
    with Rebuild(env, connect) as rebuild:
        search_server.start(server.folder).kill()
        gone = write(env, "withdraw", 2)
        rebuild.go_on()
        assert rebuild.wait() == 1

    search_server.start(server.folder)

    assert set(before) < set(index.ours())
    assert set(gone) < set(index.versions(schema.alias()))
    assert manage(env, "search_rebuild")["documents"] == ROWS - 2
    work(env)
    assert not set(before) & set(index.ours())
    assert_nothing_differs(env, ROWS - 2)


def test_the_process_of_a_rebuild_is_killed_and_changes_go_to_both_indexes(
    env: dict[str, str], connect: Callable[[], psycopg.Connection]
) -> None:
    with Rebuild(env, connect) as rebuild:
        rebuild.kill()
    write(env, "change", 2)
    work(env)

    assert index.versions(schema.alias()) == public_rows(env)
    [problem] = manage(env, "search_doctor")["problems"]
    assert "Una reconstrucción quedó a medias" in problem
    manage(env, "search_rebuild")
    assert len(index.ours()) == 1
    assert_nothing_differs(env, ROWS)


def test_a_full_disk_keeps_changes_waiting(
    env: dict[str, str], connect: Callable[[], psycopg.Connection]
) -> None:
    block("read_only_allow_delete", value=True)
    write(env, "change", 2)
    work(env)
    assert jobs(connect()) == ["todo"] * 2
    assert "Libera espacio" in manage(env, "search_doctor")["problems"][0]

    block("read_only_allow_delete", value=None)
    work(env)

    assert_nothing_differs(env, ROWS)


def test_a_red_index_keeps_changes_waiting_and_a_rebuild_replaces_it(
    env: dict[str, str], server: SearchServer, connect: Callable[[], psycopg.Connection]
) -> None:
    lose_the_shards(server.folder)
    write(env, "withdraw", 2)
    work(env)
    assert jobs(connect()) == ["todo"] * 2
    assert "El índice está en rojo" in manage(env, "search_doctor")["problems"][0]

    manage(env, "search_rebuild")
    work(env)

    assert_nothing_differs(env, ROWS - 2)


def block(name: str, *, value: bool | None) -> None:
    index.patient().indices.put_settings(
        index=schema.alias(), settings={f"index.blocks.{name}": value}
    )


def lose_the_shards(folder: Path) -> None:
    """Make the index red: the files of its shards are lost while the server is down."""
    uuid = next(iter(index.patient().indices.get_settings(index=schema.alias()).values()))
    uuid = uuid["settings"]["index"]["uuid"]
    search_server.start(folder).kill()
    [shard] = folder.glob(f"data/**/indices/{uuid}/0")
    shutil.rmtree(shard)
    search_server.start(folder)
    wait_until(
        lambda: index.patient().cluster.health(index=schema.alias())["status"] == "red",
        what="the index is not red",
    )


class Reader:
    """A citizen who searches all the time, one search after the other.

    Attributes:
        totals: what each search found; a search that is not answered fails the test.
    """

    def __init__(self, port: int) -> None:
        self._address = f"http://127.0.0.1:{port}/api/v1/candidaturas/?q=ficticia"
        self._ends = threading.Event()
        self._pool = ThreadPoolExecutor(1)
        self.totals: list[int] = []

    def __enter__(self) -> "Reader":
        self._reading = self._pool.submit(self._read)
        return self

    def __exit__(self, *_error: object) -> None:
        self._ends.set()
        self._reading.result(60)
        self._pool.shutdown()

    def _read(self) -> None:
        while not self._ends.is_set():
            self.totals.append(self.total())

    def total(self) -> int:
        """What one search finds now."""
        with urllib.request.urlopen(self._address, timeout=30) as answer:
            found: int = json.load(answer)["total"]
        return found


class Rebuild:
    """A rebuild in another process, held before it writes to the new index that it made.

    Batches wait for a lock of the database: it is handed from connection to connection.
    """

    def __init__(self, env: dict[str, str], connect: Callable[[], psycopg.Connection]) -> None:
        self._env = env
        self._first, self._second, self._looking = connect(), connect(), connect()

    def __enter__(self) -> "Rebuild":
        self._first.execute("select pg_advisory_lock(%s)", [indexing.WRITING])
        self._process = subprocess.Popen(
            [sys.executable, "manage.py", "search_rebuild"],
            cwd=own_database.ROOT,
            env=self._env,
            stdout=subprocess.DEVNULL,
        )
        self._wait_for_waiters(1)
        # Behind the rebuild, which makes its index first.
        behind = f"begin; select pg_advisory_xact_lock({indexing.WRITING})"
        self._second.pgconn.send_query(behind.encode())
        self._wait_for_waiters(2)
        self._first.execute("select pg_advisory_unlock(%s)", [indexing.WRITING])
        wait_until(
            lambda: index.patient().indices.exists_alias(name=index.under_way()),
            what="no index was made",
        )
        self._wait_for_waiters(1)
        return self

    def __exit__(self, *_error: object) -> None:
        self.kill()

    def _wait_for_waiters(self, number: int) -> None:
        waiting = "select count(*) from pg_locks where locktype = 'advisory' and not granted"
        waiting += (
            " and database = (select oid from pg_database where datname = current_database())"
        )
        wait_until(
            lambda: self._looking.execute(waiting).fetchone() == (number,),
            what=f"there are not {number} processes that wait",
        )

    def go_on(self) -> None:
        """Let the rebuild write."""
        self._second.pgconn.finish()

    def wait(self) -> int:
        """The status with which the rebuild ended."""
        return self._process.wait(120)

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()
        self._second.pgconn.finish()
