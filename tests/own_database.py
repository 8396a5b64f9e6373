"""Separate databases for tests that run real processes: copies of templates migrated once."""

from pathlib import Path

from tests import database_server, templates
from tests.database_server import ROOT, run

__all__ = ["ROOT", "create", "create_empty", "create_with_demo", "drop", "environment", "run"]


def environment(name: str, data_dir: Path, **extra: str) -> dict[str, str]:
    """The environment in which a process of ours uses that database and that data folder."""
    return database_server.environment(database_server.own_name(name), data_dir, **extra)


def create(name: str, data_dir: Path) -> dict[str, str]:
    """Make a migrated, otherwise empty database; return the environment to use it."""
    templates.copy_migrated(database_server.own_name(name))
    return environment(name, data_dir)


def create_with_demo(name: str, data_dir: Path) -> dict[str, str]:
    """Make a database with the demonstration, and its files; return the environment to use it."""
    templates.copy_demo(database_server.own_name(name), data_dir)
    return environment(name, data_dir)


def create_empty(name: str, data_dir: Path) -> dict[str, str]:
    """Make a database without any table; return the environment to use it."""
    database_server.create(database_server.own_name(name))
    return environment(name, data_dir)


def drop(name: str) -> None:
    """Remove a database that a function of this module made."""
    database_server.drop(database_server.own_name(name))
