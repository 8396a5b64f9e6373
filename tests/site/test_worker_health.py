"""The health of the worker is the heartbeat of its queue, and not the answer of a web page."""

import subprocess
import sys

import psycopg
import pytest

from tests import own_database

DATABASE = "worker_health"


@pytest.fixture
def env(django_db_setup, tmp_path):
    yield own_database.create(DATABASE, tmp_path)
    own_database.drop(DATABASE)


def health(env):
    return subprocess.run(
        [sys.executable, "-m", "conoceles_site.worker_health"],
        cwd=own_database.ROOT,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_check_fails_without_a_recent_heartbeat_or_a_database(env):
    assert health(env).returncode == 1
    assert "Ningún proceso" in health(env).stderr
    with psycopg.connect(env["DATABASE_URL"], autocommit=True) as connection:
        connection.execute("insert into procrastinate_workers default values")
        assert health(env).returncode == 0
        connection.execute(
            "update procrastinate_workers set last_heartbeat = now() - interval '2 minutes'"
        )
    assert "no da señales desde hace 12" in health(env).stderr
    silent = health({**env, "DATABASE_URL": "postgres://nadie@127.0.0.1:1/nada"})
    assert silent.returncode == 1
    assert silent.stderr.strip() == "La base de datos no contesta: OperationalError."
