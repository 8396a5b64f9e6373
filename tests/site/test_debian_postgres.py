"""Debian's PostgreSQL, reached by DATABASE_URL: two migrations at the same time, and the search."""

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from conoceles_site.management.commands.migrate import LOCK
from tests.database_server import ROOT
from tests.templates import state_of_migrations
from tests.waiting import free_port

OLDEST = 15
USER = "conoceles"
# The name that our tests give to their template when the database is called `conoceles`.
TEMPLATE = "test_conoceles_template"
# Spanish stems, weights, accents, misspellings and facets; not the timed search of a whole file.
TESTS = ["tests/search/test_engine.py"]


def _programs() -> Path:
    found = [
        path
        for path in Path("/usr/lib/postgresql").glob("*/bin")
        if path.parent.name.isdigit() and int(path.parent.name) >= OLDEST
    ]
    if not found and os.environ.get("CI"):
        pytest.fail("Debian's postgresql is not installed")
    if not found:
        pytest.skip("Falta PostgreSQL de Debian: apt-get install postgresql")
    return min(found, key=lambda path: int(path.parent.name))


def _locale() -> str:
    """A locale that does not sort by bytes, as the server of the other tests does, if installed."""
    known = subprocess.run(["locale", "-a"], capture_output=True, text=True, check=True).stdout
    for name in ("es_MX.utf8", "en_US.utf8"):
        if name in known.split():
            return name
    return "C.UTF-8"


def _as_ordinary_user() -> list[str]:
    """The prefix of a command that must run as an ordinary user: PostgreSQL refuses root."""
    if os.geteuid() != 0:
        return []
    user = pwd.getpwnam("nobody")
    return ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]


@dataclass
class Cluster:
    """A running server."""

    folder: Path
    port: int

    def url(self, database: str) -> str:
        return f"postgres://{USER}:x@127.0.0.1:{self.port}/{database}"


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    programs, prefix, port = _programs(), _as_ordinary_user(), free_port()
    # Not in pytest's folder: only its owner may enter it, and PostgreSQL runs as another user.
    folder = Path(tempfile.mkdtemp(prefix="conoceles-debian-"))
    if prefix:
        shutil.chown(folder, "nobody")
    data = folder / "data"

    def run(program: str, *arguments: str) -> None:
        command = [*prefix, str(programs / program), "-D", str(data), *arguments]
        subprocess.run(command, check=True, cwd="/", stdout=subprocess.DEVNULL)

    try:
        run("initdb", "-U", USER, "-A", "trust", "--encoding=UTF8", f"--locale={_locale()}")
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c fsync=off -k {folder}"
        run("pg_ctl", "-w", "-l", str(folder / "log"), "-o", options, "start")
        try:
            yield Cluster(folder, port)
        finally:
            run("pg_ctl", "-w", "-m", "fast", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def environment(cluster: Cluster, database: str, data_dir: Path) -> dict[str, str]:
    # The pytest that runs inside must not take itself for a worker of this one.
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    return {
        **kept,
        "DATABASE_URL": cluster.url(database),
        "CONOCELES_DATA_DIR": str(data_dir),
        "DJANGO_SETTINGS_MODULE": "conoceles_site.settings.test",
    }


def run(*command: str, env: dict[str, str]) -> str:
    done = subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout


@pytest.fixture(scope="module")
def migrations(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> list[tuple[int, str]]:
    """The status and output of two processes that migrate one empty database at the same time."""
    with psycopg.connect(cluster.url("postgres"), autocommit=True) as connection:
        connection.execute("create database conoceles")
        connection.execute(f"create database {TEMPLATE}")
    env = environment(cluster, TEMPLATE, tmp_path_factory.mktemp("data"))
    both = [
        subprocess.Popen(
            [sys.executable, "manage.py", "migrate", "--noinput"],
            cwd=ROOT,
            env=env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for _time in range(2)
    ]
    said = [migration.communicate()[0] for migration in both]
    return [(migration.returncode, text) for migration, text in zip(both, said, strict=True)]


def test_two_migrations_of_an_empty_database_both_succeed(
    cluster: Cluster, migrations: list[tuple[int, str]]
) -> None:
    said = [text for _status, text in migrations]
    assert [status for status, _text in migrations] == [0, 0], said
    assert sum("Applying wagtailcore.0001" in text for text in said) == 1
    with psycopg.connect(cluster.url(TEMPLATE)) as connection:
        # The lock is free afterwards.
        assert connection.execute("select pg_try_advisory_lock(%s)", [LOCK]).fetchone() == (True,)


def test_the_search_works_on_debians_postgresql(
    cluster: Cluster, migrations: list[tuple[int, str]], tmp_path: Path
) -> None:
    """Run the tests of the search on that server, on copies of the database migrated there."""
    with psycopg.connect(cluster.url("postgres"), autocommit=True) as connection:
        connection.execute(f"comment on database {TEMPLATE} is '{state_of_migrations()}'")
    said = run(
        *("-m", "pytest", "-q", "-p", "no:xdist", *TESTS),
        env=environment(cluster, "conoceles", tmp_path),
    )
    assert " passed" in said
    assert "failed" not in said
