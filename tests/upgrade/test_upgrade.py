"""An installation of the first commit is migrated, and loses nothing that people did.

`make_dump.sh` made the database of that commit. All the people in it are fictitious.
"""

import gzip
import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest

from cms.accounts.first_grants import FIRST_GRANTS
from cms.accounts.grants import Where, registered
from cms.accounts.groups import GROUP_OF_ROLE
from cms.moderation.only_ours import WAGTAILS_GROUPS
from tests import own_database
from tests.database_server import ROOT

HERE = Path(__file__).parent
DATABASE = "upgraded"
EXPECTED: dict[str, Any] = json.loads((HERE / "expected.json").read_text(encoding="utf-8"))
# Tables of what people did: each row stays, with the values of all its columns.
KEPT = (
    "accounts_user",
    "accounts_actorscope",
    "candidacies_person",
    "moderation_decision",
    "moderation_observation",
    "privacy_simplifiednotice",
    "questionnaires_draft",
    "questionnaires_photograph",
    "questionnaires_questionnaire",
    "questionnaires_submission",
    "wagtailcore_revision",
    "wagtailcore_taskstate",
    "wagtailcore_workflowstate",
)
DEFINITIONS = "questionnaires_questionnairedefinition"
# Pages whose first text staff did not change: an upgrade may replace it.
FOLLOWS_THE_PRODUCT = {"accesibilidad"}


@dataclass
class Upgraded:
    """The rows before and after, by table and key, and what the upgraded installation shows."""

    before: dict[str, dict[Any, Any]]
    after: dict[str, dict[Any, Any]]
    shown: dict[str, Any]


def rows_of(database: psycopg.Connection[Any], table: str) -> dict[Any, Any]:
    found = database.execute(f"select to_jsonb(t) from {table} t").fetchall()
    return {row.get("id"): row for (row,) in found}


def _migrated(env: dict[str, str]) -> Upgraded:
    """Restore the database of the first commit, migrate it, and look at it."""
    tables = (*KEPT, DEFINITIONS)
    with psycopg.connect(env["DATABASE_URL"], autocommit=True) as database:
        database.execute(gzip.decompress((HERE / "first_commit.sql.gz").read_bytes()))
        database.execute("set search_path = public")
        before = {table: rows_of(database, table) for table in tables}
    own_database.run("migrate", "--verbosity", "0", env=env)
    with psycopg.connect(env["DATABASE_URL"], autocommit=True) as database:
        after = {table: rows_of(database, table) for table in tables}
    said = subprocess.run(
        [sys.executable, "-m", "tests.upgrade.shown"],
        cwd=ROOT,
        env=env,
        input=json.dumps(list(EXPECTED["public"])),
        capture_output=True,
        text=True,
        check=False,
    )
    assert said.returncode == 0, said.stderr[-3000:]
    return Upgraded(before, after, json.loads(said.stdout.splitlines()[-1]))


@pytest.fixture(scope="module")
def upgraded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Upgraded]:
    env = own_database.create_empty(DATABASE, tmp_path_factory.mktemp("data"))
    try:
        yield _migrated(env)
    finally:
        own_database.drop(DATABASE)


def _offered(facet: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {value["valor"]: value for value in facet}


def differences_of_facets(then: dict[str, Any], now: dict[str, Any]) -> list[str]:
    """Where the facets of two answers differ; new values that no candidacy has do not count."""
    found = [f"facets: {sorted(then)} → {sorted(now)}"] * (then.keys() != now.keys())
    for name in then.keys() & now.keys():
        before, after = _offered(then[name]), _offered(now[name])
        kept = {value: after.get(value) for value in before}
        new = [value for value in after.keys() - before.keys() if after[value]["total"]]
        if kept != before or new:
            found.append(f"{name}: {before} → {after}")
    return found


def differences(then: Any, now: Any, at: str = "", *, may_say_more: bool = False) -> list[str]:
    """Where two answers of the API, or two definitions, differ."""
    if at.endswith(".facetas"):
        return differences_of_facets(then, now)
    if isinstance(then, dict) and isinstance(now, dict):
        unknown = set() if may_say_more else now.keys() - then.keys()
        missing = then.keys() - now.keys()
        inside = (
            difference
            for key in then.keys() & now.keys()
            for difference in differences(
                then[key], now[key], f"{at}.{key}", may_say_more=may_say_more
            )
        )
        return [f"{at}: {sorted(unknown)} {sorted(missing)}"] * bool(unknown | missing) + [*inside]
    if isinstance(then, list) and isinstance(now, list) and len(then) == len(now):
        return [
            difference
            for place, (before, after) in enumerate(zip(then, now, strict=True))
            for difference in differences(
                before, after, f"{at}[{place}]", may_say_more=may_say_more
            )
        ]
    if at.endswith(".html"):
        then, now = _passage(then), _passage(now)
    return [] if then == now else [f"{at}: {then!r} → {now!r}"]


def _passage(html: str) -> str:
    """A passage, whether or not the sign of what is left out stands apart from its last word."""
    return html.replace(" …", "…")


@pytest.mark.parametrize("address", sorted(EXPECTED["public"]))
def test_the_public_api_answers_as_before(upgraded: Upgraded, address: str) -> None:
    then, now = EXPECTED["public"][address], upgraded.shown["public"][address]
    if address == "/api/v1/paginas/":
        then, now = (
            [page for page in pages if page["slug"] not in FOLLOWS_THE_PRODUCT]
            for pages in (then, now)
        )
    found = differences(then, now)
    assert not found, "\n".join(found)


def test_each_page_of_the_portal_shows_the_answers(upgraded: Upgraded) -> None:
    shown = 0
    for number in EXPECTED["candidacies"].values():
        page = upgraded.shown["pages"][str(number)]
        for answer in EXPECTED["public"][f"/api/v1/candidaturas/{number}/"]["respuestas"]:
            texts = answer["respuesta"]
            for text in texts if isinstance(texts, list) else [texts]:
                assert " ".join(text.split()) in page, (number, answer["pregunta"])
                shown += 1

    # Who ended says nothing any more (ADR 0058).
    assert shown == 24


def test_seals_still_match_their_submissions(upgraded: Upgraded) -> None:
    assert len(upgraded.after["questionnaires_submission"]) == 8
    assert upgraded.shown["broken_seals"] == []


@pytest.mark.parametrize("table", KEPT)
def test_rows_of_what_people_did_are_unchanged(upgraded: Upgraded, table: str) -> None:
    before, after = upgraded.before[table], upgraded.after[table]

    assert before
    for key, row in before.items():
        assert {column: after[key].get(column) for column in row} == row


def test_questionnaires_ask_the_same_questions(upgraded: Upgraded) -> None:
    """A definition may have more about how answers are read; its questions do not change."""
    before, after = upgraded.before[DEFINITIONS], upgraded.after[DEFINITIONS]

    assert sorted(row["version"] for row in before.values()) == ["curricular-2024", "ine-2022"]
    for key, row in before.items():
        assert differences(row, after[key], may_say_more=True) == []


def test_staffs_own_changes_of_permissions_stay_and_new_permissions_are_granted(
    upgraded: Upgraded,
) -> None:
    # The record of imports has moved to a room of its own since then.
    expected = {
        name: {words.replace("publication.", "imports.") for words in all_words}
        for name, all_words in EXPECTED["permissions"].items()
    }
    over = {
        Where.EVERYWHERE: "{}",
        Where.PAGE_TREE: "page 0001 {}",
        Where.COLLECTIONS: "collection 0001 {}",
    }
    for name in WAGTAILS_GROUPS:
        # The upgrade removes these groups: nobody was in them, and the platform does not use them.
        del expected[name]
    for grant in registered() - FIRST_GRANTS:
        words = grant.permission if grant.where == Where.EVERYWHERE else grant.codename
        # A role that is newer than the installation gets its group with the upgrade.
        expected.setdefault(GROUP_OF_ROLE[grant.role], set()).add(over[grant.where].format(words))

    assert {name: set(words) for name, words in upgraded.shown["permissions"].items()} == expected
    # What staff had taken away stays away, and what staff had given stays.
    assert "catalogs.change_office" not in expected["Administración"]
    assert "page 0001 publish_page" not in expected["Comunicación Social"]
    assert "collection 0001 add_document" not in expected["Comunicación Social"]
    assert "catalogs.view_process" in expected["Consulta"]
    assert expected["Archivo de concentración"] == {
        "page 0001 lock_page",
        "imports.view_importrecord",
    }
