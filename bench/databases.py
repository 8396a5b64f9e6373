"""Gives each measurement a database of its own, on the server of the settings."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import psycopg
from django.conf import settings
from psycopg import sql
from psycopg.conninfo import make_conninfo

ROOT = Path(__file__).resolve().parents[1]


def _connection_info(name: str) -> str:
    default = settings.DATABASES["default"]
    named = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD"}
    given = {option: str(default[key]) for option, key in named.items() if default.get(key)}
    return make_conninfo(dbname=name, **given)


def _url(name: str) -> str:
    default = settings.DATABASES["default"]
    password = f":{quote(str(default['PASSWORD']))}" if default.get("PASSWORD") else ""
    host = quote(str(default.get("HOST") or "localhost"), safe="")
    user = quote(str(default.get("USER", "")))
    return f"postgres://{user}{password}@{host}:{default.get('PORT') or 5432}/{name}"


@contextmanager
def own_database(name: str) -> Iterator[dict[str, str]]:
    """A migrated database without candidacies, dropped afterwards.

    Yields: the environment in which a process of ours uses it.
    """
    drop = sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name))
    create = sql.SQL("create database {}").format(sql.Identifier(name))
    environment = {**os.environ, "DATABASE_URL": _url(name)}
    with psycopg.connect(_connection_info("postgres"), autocommit=True) as connection:
        connection.execute(drop)
        connection.execute(create)
        try:
            subprocess.run(
                [sys.executable, "manage.py", "migrate", "--verbosity", "0"],
                cwd=ROOT,
                env=environment,
                check=True,
            )
            yield environment
        finally:
            connection.execute(drop)
