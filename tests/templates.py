"""The templates from which the other databases of the tests are copied: made once and kept.

A template is made again only when something that it was made from has changed; a comment on the
database keeps a digest of that. If several processes of tests ask for a template at the same time,
the first makes it and the others wait.
"""

import hashlib
import shutil
import sys
import sysconfig
import weakref
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from functools import cache
from pathlib import Path

from django.db.models.signals import post_migrate
from psycopg import sql

from conoceles_site.settings.environment import DATA_DIR
from tests import database_server
from tests.database_server import ROOT

PACKAGES = ("cms", "search", "api", "conoceles_site")
SITE_PACKAGES = Path(sysconfig.get_path("purelib"))
# Files that define or register first data. Those with receivers of post_migrate are found.
REGISTERS_ROWS = ("apps.py", "grants.py", "kinds.py", "first_*.py")
MAKES_NO_ROWS = frozenset({"demo", "static", "templates", "locale"})
MIGRATED = "template"
DEMO = "template_demo"
FILES_OF_DEMO = DATA_DIR / "tests" / "demo"


def _sources() -> list[Path]:
    return [
        path
        for package in PACKAGES
        for path in sorted((ROOT / package).rglob("*"))
        if path.is_file() and path.suffix != ".pyc"
    ]


def receivers(under: Path) -> set[Path]:
    """The files below a folder that contain a receiver of post_migrate."""
    files = set()
    for _key, receiver, *_rest in post_migrate.receivers:
        function = receiver() if isinstance(receiver, weakref.ref) else receiver
        if function is not None:
            files.add(Path(str(sys.modules[function.__module__].__file__)))
    return {path for path in files if path.is_relative_to(under)}


def makes_rows(path: Path) -> bool:
    """Whether the content of a newly migrated database depends on a file of ours."""
    folders = path.relative_to(ROOT).parts[:-1]
    if "migrations" in folders:
        return True
    if not MAKES_NO_ROWS.isdisjoint(folders):
        return False
    return path.suffix != ".py" or any(path.match(pattern) for pattern in REGISTERS_ROWS)


def digest(files: Iterable[Path], *words: str) -> str:
    """A digest of the names and contents of files, and of some words."""
    total = hashlib.sha256(repr(words).encode())
    for path in files:
        content = path.read_bytes()
        name = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path
        total.update(f"{name} {len(content)} ".encode() + content)
    return total.hexdigest()


@cache
def state_of_migrations() -> str:
    """A digest of what a migrated database is made from."""
    installed = sorted(path.name for path in SITE_PACKAGES.glob("*.dist-info"))
    after_migrating = receivers(ROOT)
    files = [path for path in _sources() if makes_rows(path) or path in after_migrating]
    return digest(files, *installed)


@cache
def _state_of_demo() -> str:
    """A digest of all our code, which makes the demonstration, and of today, as its dates move."""
    return digest(_sources(), state_of_migrations(), date.today().isoformat())  # noqa: DTZ011


def _state_with_files() -> str:
    """A digest that includes the files of the demonstration, with the keys that encrypt them."""
    files = sorted(path for path in FILES_OF_DEMO.rglob("*") if path.is_file())
    return digest(files, _state_of_demo())


@contextmanager
def kept(name: str, state: Callable[[], str], make: Callable[[str], None]) -> Iterator[str]:
    """The template of that name, made if needed, and locked inside the block."""
    template = f"{database_server.prefix()}_{name}"
    with database_server.locked(template) as connection:
        made_from = connection.execute(
            "select shobj_description(oid, 'pg_database') from pg_database where datname = %s",
            [template],
        ).fetchone()
        if made_from != (state(),):
            make(template)
            # The comment is written last: only a finished template has it.
            comment = sql.SQL("comment on database {} is {}")
            connection.execute(comment.format(sql.Identifier(template), sql.Literal(state())))
        yield template


def _migrate(template: str) -> None:
    database_server.create(template)
    env = database_server.environment(template, DATA_DIR, settings_module="test")
    database_server.run("migrate", "--verbosity", "0", env=env)


def _load_demo(template: str) -> None:
    shutil.rmtree(FILES_OF_DEMO, ignore_errors=True)
    copy_migrated(template)
    env = database_server.environment(template, FILES_OF_DEMO)
    database_server.run("load_demo", "--format", "json", env=env)


def copy_migrated(database: str) -> None:
    """Make a migrated, otherwise empty database."""
    with kept(MIGRATED, state_of_migrations, _migrate) as template:
        database_server.create(database, template)


def copy_demo(database: str, data_dir: Path) -> None:
    """Make a database with the demonstration, and put its files into that data folder."""
    with kept(DEMO, _state_with_files, _load_demo) as template:
        database_server.create(database, template)
        shutil.copytree(FILES_OF_DEMO, data_dir, dirs_exist_ok=True)


def forget() -> None:
    """Remove the templates, so that they are made again."""
    for name in (MIGRATED, DEMO):
        template = f"{database_server.prefix()}_{name}"
        with database_server.locked(template):
            database_server.drop(template)
