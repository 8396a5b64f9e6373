"""The functions of the PostgreSQL engine, in a database schema of their own.

Migrations hold what indexes, triggers and views depend on. What is only called stands in the
`.sql` files of this folder, and `migrate` puts it in place when a file has changed (ADR 0035).
"""

from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.db import connections, transaction
from django.db.migrations.loader import MigrationLoader

SCHEMA = "conoceles_search"
# In this order: each uses those before it.
FILES = ("asked.sql", "found.sql", "page.sql", "names.sql", "find.sql", "shown.sql")
# An advisory lock of the database, held while the functions are replaced.
LOCK = 7_120_240_603
_FOLDER = Path(__file__).parent


def definitions() -> str:
    """The text of every file, in order."""
    return "\n".join((_FOLDER / name).read_text(encoding="utf-8") for name in FILES)


@cache  # One value, whatever is asked.
def _fingerprint() -> str:
    return sha256(definitions().encode()).hexdigest()


def are_in_place(alias: str = "default") -> bool:
    """Whether the database holds the functions of this version (one query)."""
    return _held(alias) == _fingerprint()


def _held(alias: str) -> str | None:
    """The fingerprint of the functions that the database holds: the comment of their schema."""
    with connections[alias].cursor() as cursor:
        cursor.execute("select obj_description(to_regnamespace(%s), 'pg_namespace')", [SCHEMA])
        [held] = cursor.fetchone()
    return None if held is None else str(held)


def put_in_place(alias: str = "default") -> bool:
    """Make the functions anew where they are not those of this version; whether it was needed.

    Everything happens in one transaction: until it ends, servers call the old functions.
    """
    if are_in_place(alias):
        return False
    with transaction.atomic(using=alias), connections[alias].cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [LOCK])
        if are_in_place(alias):
            return False
        cursor.execute("select current_setting('search_path')")
        [usual] = cursor.fetchone()
        cursor.execute(f"drop schema if exists {SCHEMA} cascade; create schema {SCHEMA}")
        # New objects go to the schema; tables and extensions are found where they are.
        cursor.execute("select set_config('search_path', %s, true)", [f"{SCHEMA}, {usual}"])
        cursor.execute(definitions())
        cursor.execute("select set_config('search_path', %s, true)", [usual])
        cursor.execute(
            f"grant usage on schema {SCHEMA} to public;"
            f" comment on schema {SCHEMA} is '{_fingerprint()}'"
        )
    return True


def after_migrating(sender: Any = None, using: str = "default", **kwargs: Any) -> None:
    """Receiver of post_migrate: put the functions in place once their tables are complete."""
    if not are_in_place(using) and has_its_tables(using):
        put_in_place(using)


def has_its_tables(alias: str) -> bool:
    """Whether every migration of the public rows was applied; migrations can be undone."""
    loader = MigrationLoader(connections[alias])
    return all(leaf in loader.applied_migrations for leaf in loader.graph.leaf_nodes("published"))
