"""The template of the tests' databases is made again when the files it depends on change."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db.models.signals import post_migrate

from tests import database_server, templates
from tests.database_server import ROOT


@pytest.fixture
def name(django_db_setup: None) -> Iterator[str]:
    """The name of a template for this test, without the common prefix."""
    whole = database_server.own_name("template")
    yield whole.removeprefix(f"{database_server.prefix()}_")
    database_server.drop(whole)


class Maker:
    """Makes an empty template from a state, and counts how often."""

    def __init__(self, name: str) -> None:
        self.name, self.times, self.dies = name, 0, False

    def ask(self, state: str = "some state") -> None:
        with templates.kept(self.name, lambda: state, self._make):
            pass

    def _make(self, database: str) -> None:
        self.times += 1
        database_server.create(database)
        if self.dies:
            raise KeyboardInterrupt


def test_a_template_is_made_once_and_again_when_its_state_changes(name: str) -> None:
    maker = Maker(name)
    times = []
    for state in ("one", "one", "another", "another", "one"):
        maker.ask(state)
        times.append(maker.times)

    assert times == [1, 1, 2, 2, 3]


def test_a_template_that_was_not_finished_is_made_again(name: str) -> None:
    maker = Maker(name)
    maker.dies = True
    with pytest.raises(KeyboardInterrupt):
        maker.ask()
    maker.dies = False

    maker.ask()
    maker.ask()

    assert maker.times == 2


def test_several_threads_that_ask_at_once_make_a_template_once(name: str) -> None:
    maker, start = Maker(name), threading.Barrier(4)

    def ask() -> None:
        start.wait()
        maker.ask()

    asking = [threading.Thread(target=ask) for _turn in range(4)]
    for thread in asking:
        thread.start()
    for thread in asking:
        thread.join()

    assert maker.times == 1


@pytest.mark.parametrize(
    ("path", "counts"),
    [
        ("cms/catalogs/migrations/0009_any.py", True),
        ("search/engines/postgres/any.sql", True),
        ("cms/questionnaires/definitions_data/any.json", True),
        ("cms/catalogs/data/cargos.csv", True),
        ("cms/accounts/apps.py", True),
        ("cms/portal/first_texts.py", True),
        ("cms/portal/views.py", False),
        ("cms/portal/static/portal/any.css", False),
        ("cms/demo/content/any.json", False),
    ],
)
def test_what_a_migrated_database_depends_on(path: str, counts: bool) -> None:
    assert templates.makes_rows(ROOT / path) is counts


def test_files_with_receivers_of_post_migrate_count() -> None:
    names = {path.relative_to(ROOT).as_posix() for path in templates.receivers(ROOT / "cms")}

    assert {
        "cms/catalogs/loading.py",
        "cms/accounts/groups.py",
        "cms/moderation/workflow.py",
    } < names
    assert len(post_migrate.receivers) > len(names)


def test_a_changed_file_or_package_changes_the_digest(tmp_path: Path) -> None:
    migration = tmp_path / "0001_initial.py"
    migration.write_text("one")
    before = templates.digest([migration], "Django-5.2")
    assert templates.digest([migration], "Django-5.2") == before

    assert templates.digest([migration], "Django-5.3") != before
    migration.write_text("two")
    assert templates.digest([migration], "Django-5.2") != before
