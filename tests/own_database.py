"""Databases of their own for tests that run real processes: migrated once, then copied."""

import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import psycopg
from django.conf import settings
from psycopg import sql

ROOT = Path(__file__).resolve().parents[1]
# Two processes of pytest run side by side: each has databases of its own.
_SUFFIX = f"_{os.environ['PYTEST_XDIST_WORKER']}" if "PYTEST_XDIST_WORKER" in os.environ else ""
TEMPLATE = "conoceles_tests_template"
_migrated = False


def _connection_info(name: str) -> dict[str, str | int]:
    default = settings.DATABASES["default"]
    if name != "postgres":
        name += _SUFFIX
    info: dict[str, str | int] = {"dbname": name, "connect_timeout": 5}
    for key, option in (("HOST", "host"), ("PORT", "port"), ("USER", "user")):
        if default.get(key):
            info[option] = default[key]
    if default.get("PASSWORD"):
        info["password"] = default["PASSWORD"]
    return info


def _url(name: str) -> str:
    info = _connection_info(name)
    user = quote(str(info.get("user", "")))
    password = f":{quote(str(info['password']))}" if "password" in info else ""
    host = quote(str(info.get("host", "localhost")), safe="")
    return f"postgres://{user}{password}@{host}:{info.get('port', 5432)}/{info['dbname']}"


def _recreate(name: str, template: str | None = None) -> None:
    with psycopg.connect(**_connection_info("postgres"), autocommit=True) as connection:
        connection.execute(
            sql.SQL("drop database if exists {} with (force)").format(
                sql.Identifier(name + _SUFFIX)
            )
        )
        statement = sql.SQL("create database {}").format(sql.Identifier(name + _SUFFIX))
        if template is not None:
            statement += sql.SQL(" template {}").format(sql.Identifier(template + _SUFFIX))
        connection.execute(statement)


def environment(name: str, data_dir: Path, **extra: str) -> dict[str, str]:
    """The environment in which a process of ours uses that database and that data folder."""
    return {
        **os.environ,
        "DATABASE_URL": _url(name),
        "CONOCELES_DATA_DIR": str(data_dir),
        "DJANGO_SETTINGS_MODULE": "conoceles_site.settings.development",
        **extra,
    }


def create(name: str, data_dir: Path) -> dict[str, str]:
    """Make a migrated, otherwise empty database; returns the environment to use it."""
    global _migrated  # noqa: PLW0603 (once a session)
    if not _migrated:
        _recreate(TEMPLATE)
        run("migrate", "--verbosity", "0", env=environment(TEMPLATE, data_dir))
        _migrated = True
    _recreate(name, TEMPLATE)
    return environment(name, data_dir)


def drop(name: str) -> None:
    """Remove a database that `create` made."""
    with psycopg.connect(**_connection_info("postgres"), autocommit=True) as connection:
        connection.execute(
            sql.SQL("drop database if exists {} with (force)").format(
                sql.Identifier(name + _SUFFIX)
            )
        )


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
