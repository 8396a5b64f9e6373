"""The PostgreSQL server of the tests, and processes of ours that use its databases."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
from django.conf import settings
from psycopg import sql

ROOT = Path(__file__).resolve().parents[1]


@cache
def prefix() -> str:
    """The common prefix of the names of the tests' databases."""
    return f"test_{settings.DATABASES['default']['NAME']}"


@cache
def _server() -> dict[str, Any]:
    default = settings.DATABASES["default"]
    info: dict[str, Any] = {"connect_timeout": 10}
    for key, option in (("HOST", "host"), ("PORT", "port"), ("USER", "user")):
        if default.get(key):
            info[option] = default[key]
    if default.get("PASSWORD"):
        info["password"] = default["PASSWORD"]
    return info


def connect(database: str = "postgres") -> psycopg.Connection[Any]:
    """A connection that commits each statement."""
    return psycopg.connect(dbname=database, autocommit=True, **_server())


def url(database: str) -> str:
    """The DATABASE_URL of a database of this server."""
    info = _server()
    user = quote(str(info.get("user", "")))
    password = f":{quote(str(info['password']))}" if "password" in info else ""
    host = quote(str(info.get("host", "localhost")), safe="")
    return f"postgres://{user}{password}@{host}:{info.get('port', 5432)}/{database}"


@contextmanager
def locked(words: str) -> Iterator[psycopg.Connection[Any]]:
    """Hold a lock of the whole server, which is released when its connection ends."""
    with connect() as connection:
        connection.execute("select pg_advisory_lock(hashtext(%s))", [words])
        yield connection


@cache
def _number_of_this_process() -> tuple[int, psycopg.Connection[Any]]:
    """The first number that no other process of tests holds, and the connection that holds it."""
    connection = connect()
    number = 1
    while True:
        held = connection.execute(
            "select pg_try_advisory_lock(hashtext(%s))", [f"{prefix()} {number}"]
        ).fetchone()
        if held == (True,):
            return number, connection
        number += 1


def own_name(purpose: str = "") -> str:
    """The name of a database that only this process of tests uses."""
    number, _holding = _number_of_this_process()
    return "_".join(filter(None, [prefix(), str(number), purpose]))


def drop(database: str) -> None:
    """Remove a database if it exists, even while somebody is connected to it."""
    statement = sql.SQL("drop database if exists {} with (force)")
    with connect() as connection:
        connection.execute(statement.format(sql.Identifier(database)))


def create(database: str, template: str | None = None) -> None:
    """Make a database, in place of any with this name: empty, or a copy of a template.

    Its commits do not wait for the disk, since nobody uses the database after a crash.
    """
    drop(database)
    statement = sql.SQL("create database {}").format(sql.Identifier(database))
    if template is not None:
        statement += sql.SQL(" template {}").format(sql.Identifier(template))
    quick = sql.SQL("alter database {} set synchronous_commit = off")
    with connect() as connection:
        connection.execute(statement)
        connection.execute(quick.format(sql.Identifier(database)))


def environment(
    database: str, data_dir: Path, *, settings_module: str = "development", **extra: str
) -> dict[str, str]:
    """The environment in which a process of ours uses that database and that data folder."""
    return {
        **os.environ,
        "DATABASE_URL": url(database),
        "CONOCELES_DATA_DIR": str(data_dir),
        "DJANGO_SETTINGS_MODULE": f"conoceles_site.settings.{settings_module}",
        # Tests of other things sign in with a password; a second factor's own tests turn it on.
        "CONOCELES_SECOND_FACTOR": "on" if settings_module == "test" else "off",
        **extra,
    }


def run(*arguments: str, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run a command of manage.py; a failure shows what it printed."""
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"manage.py {' '.join(arguments)}\n{done.stdout}\n{done.stderr}"
    return done
