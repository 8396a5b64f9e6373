"""`search_rebuild`, `search_reconcile` and `search_doctor`: what they do and what they say."""

import json
from collections.abc import Callable, Iterator
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from cms.published.models import PublishedCandidacy
from search.engines.elasticsearch import index, indexing, schema
from tests.waiting import free_port

pytestmark = pytest.mark.django_db

HEALTHY = {
    "engine": "elasticsearch",
    "documents": 2,
    "missing": 0,
    "stale": 0,
    "gone": 0,
    "repaired": 0,
    "problems": [],
}


def said(command: str, *options: str) -> str:
    out = StringIO()
    call_command(command, *options, stdout=out)
    return out.getvalue()


def answer(command: str, *options: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(said(command, "--format", "json", *options))
    return found


def refusal(command: str) -> dict[str, Any]:
    """The report of a command that ends with status 1."""
    out = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command(command, "--format", "json", stdout=out)
    assert ended.value.code == 1
    found: dict[str, Any] = json.loads(out.getvalue())
    return found


@pytest.fixture
def rows(publish: Callable[..., PublishedCandidacy]) -> list[PublishedCandidacy]:
    return [publish(name=name) for name in ("Ana Lira", "Berta Mora")]


@pytest.fixture
def no_server(settings: Any) -> None:
    """A search server is configured, and nothing listens at its address."""
    settings.ELASTICSEARCH_URL = f"http://127.0.0.1:{free_port()}"


@pytest.fixture
def blocked(search_index: Any, rows: Any) -> Iterator[None]:
    """The server refuses to write, as it does when its disk is full."""
    blocks = {"index.blocks.read_only_allow_delete": True}
    index.patient().indices.put_settings(index=schema.alias(), settings=blocks)
    yield
    free = {"index.blocks.read_only_allow_delete": None}
    index.patient().indices.put_settings(index=schema.alias(), settings=free)


def test_a_rebuild_indexes_every_public_row(search_index: Any, rows: Any) -> None:
    assert answer("search_rebuild", "--dry-run")["documents"] == 2
    assert answer("search_doctor")["missing"] == 2

    assert answer("search_rebuild") == HEALTHY

    assert answer("search_doctor") == HEALTHY
    assert "Todo está en orden." in said("search_doctor")
    assert "El índice tiene 2 candidaturas" in said("search_rebuild")


def test_reconciling_says_what_differed_and_repairs_it(search_index: Any, rows: Any) -> None:
    call_command("search_rebuild", stdout=StringIO())
    PublishedCandidacy.objects.filter(pk=rows[0].pk).update(version=2)
    PublishedCandidacy.objects.filter(pk=rows[1].pk).delete()
    found = {**HEALTHY, "stale": 1, "gone": 1}

    [problem] = answer("search_doctor")["problems"]
    assert "faltan 0, hay 1 de otra versión y 1 que ya no están" in problem
    assert "search_reconcile" in problem
    assert answer("search_reconcile", "--dry-run") == found
    assert answer("search_reconcile") == {**found, "repaired": 2}
    assert answer("search_reconcile") == {**HEALTHY, "documents": 1}
    assert "0 diferencias" in said("search_reconcile")


def test_without_a_server_every_command_says_that_postgresql_searches(rows: Any) -> None:
    for command in ("search_rebuild", "search_reconcile", "search_doctor"):
        assert answer(command) == {**HEALTHY, "engine": "postgresql"}


def test_a_server_that_does_not_answer_is_named_with_what_to_do(no_server: None) -> None:
    [problem] = answer("search_doctor")["problems"]
    assert "no contesta (ConnectionError)" in problem
    assert "ELASTICSEARCH_URL" in problem
    for command in ("search_rebuild", "search_reconcile"):
        [problem] = refusal(command)["problems"]
        assert "search_doctor" in problem


def test_an_index_of_no_version_and_a_rebuild_that_was_killed_are_told(
    search_index: Any, rows: Any
) -> None:
    for name in index.ours():
        index.remove(name)
    assert [problem[:32] for problem in answer("search_doctor")["problems"]] == [
        "No hay un índice de esta versión"
    ]
    index.create()

    problems = answer("search_doctor")["problems"]

    assert [problem[:30] for problem in problems] == [
        "Una reconstrucción quedó a med",
        "No hay un índice de esta versi",
    ]
    call_command("search_rebuild", stdout=StringIO())
    assert answer("search_doctor") == HEALTHY


def test_a_server_that_refuses_to_write_is_told(blocked: None) -> None:
    assert "Libera espacio" in answer("search_doctor")["problems"][0]
    [problem] = refusal("search_reconcile")["problems"]
    assert "cluster_block_exception" in problem


def test_two_rebuilds_are_not_made_at_once(search_index: Any, rows: Any) -> None:
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("select pg_advisory_lock(%s)", [indexing.REBUILDING])
        [problem] = refusal("search_rebuild")["problems"]
    finally:
        other.close()
    assert "Otro proceso está rehaciendo el índice" in problem
