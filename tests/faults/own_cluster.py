"""A cluster of PostgreSQL of a test's own, which the test kills and starts again."""

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from conoceles_site import embedded_postgres
from tests import own_database
from tests.waiting import wait_until


@contextmanager
def running(database: str, folder: Path) -> Iterator[dict[str, str]]:
    """A migrated cluster in a data folder; the environment in which a process of ours uses it."""
    embedded_postgres.start(folder)
    copied = own_database.create(database, folder)
    _copy(copied["DATABASE_URL"], folder)
    own_database.drop(database)
    try:
        yield {**copied, "DATABASE_URL": ""}
    finally:
        embedded_postgres.stop(folder)


def _copy(database_url: str, folder: Path) -> None:
    """Copy a migrated database into the cluster of a data folder: quicker than to migrate it."""
    programs = embedded_postgres._binaries()
    script = folder / "copied.sql"
    subprocess.run([programs / "pg_dump", "--no-owner", "--file", script, database_url], check=True)
    own = embedded_postgres.connection_info(folder)
    subprocess.run(
        [programs / "psql", "--quiet", "--no-psqlrc", "--file", script, "--dbname", own],
        stdout=subprocess.DEVNULL,
        check=True,
    )


def folder_of(env: dict[str, str]) -> Path:
    """The data folder of an environment."""
    return Path(env["CONOCELES_DATA_DIR"])


def kill(env: dict[str, str]) -> int:
    """End PostgreSQL as a machine that loses its power does; says which process it was."""
    cluster = embedded_postgres.cluster_folder(folder_of(env))
    postmaster = int((cluster / "postmaster.pid").read_text().split()[0])
    os.kill(postmaster, signal.SIGKILL)
    wait_until(lambda: not embedded_postgres.answers(folder_of(env)), what="it was not killed")
    return postmaster
