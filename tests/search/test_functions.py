"""`migrate` puts the functions of the PostgreSQL engine in place, only when they changed."""

import json
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from conoceles_site import health
from search.checks import functions_are_in_place
from search.engines.postgres import functions
from search.query import SearchQuery
from search.services import search


@pytest.fixture
def changed(monkeypatch):
    """A file of functions that changed after it was put in place."""
    definitions = functions.definitions() + "\nCREATE FUNCTION added() RETURNS int RETURN 7;"
    monkeypatch.setattr(functions, "definitions", lambda: definitions)
    functions._fingerprint.cache_clear()
    health.migrations.forget()
    yield
    monkeypatch.undo()
    functions._fingerprint.cache_clear()
    health.migrations.forget()


@pytest.mark.django_db
def test_nothing_is_written_when_no_file_changed() -> None:
    with CaptureQueriesContext(connection) as captured:
        functions.after_migrating()

    assert len(captured) == 1
    assert functions.put_in_place() is False


@pytest.mark.django_db
def test_migrating_puts_a_changed_file_in_place(changed, client) -> None:
    assert client.get("/readyz").json()["dependencias"]["migraciones"] != "ok"
    assert [warning.id for warning in functions_are_in_place(databases=["default"])] == [
        "search.W001"
    ]
    call_command("migrate", verbosity=0)

    with connection.cursor() as cursor:
        cursor.execute("select conoceles_search.added(), current_setting('search_path')")
        assert cursor.fetchone() == (7, '"$user", public')
    health.migrations.forget()
    assert client.get("/readyz").json()["dependencias"]["migraciones"] == "ok"
    assert functions_are_in_place(databases=["default"]) == []


@pytest.mark.django_db
def test_a_file_that_fails_leaves_the_previous_functions_in_place(monkeypatch, process) -> None:
    broken = functions.definitions() + "\nCREATE FUNCTION broken() RETURNS int RETURN nothing();"
    monkeypatch.setattr(functions, "definitions", lambda: broken)
    functions._fingerprint.cache_clear()
    try:
        with pytest.raises(Exception, match="nothing"):
            functions.put_in_place()
    finally:
        monkeypatch.undo()
        functions._fingerprint.cache_clear()

    assert functions.are_in_place()
    assert search(SearchQuery(process=process)).total == 0


# Words, phrases, suspects and chosen values of what is asked.
ASKED: tuple[tuple[list[str], list[Any], dict[str, Any], dict[str, Any]], ...] = (
    (
        ["agua"],
        [[1, 1, [["agua"], ["potable"]]]],
        {},
        {"municipio": ["05033"], "edad": [39], "grado": ["x"]},
    ),
    (["garsa", "garsá"], [], {"garsa": ["garsa"]}, {}),
    ([], [], {}, {}),
)


def questions(process):
    """Questions that call every function of the search."""
    for words, series, suspects, chosen in ASKED:
        places = [1] * len(words)
        yield {
            "process": process.pk,
            "instant": timezone.now().isoformat(),
            "wanted": {
                "number": min(len(words), 1),
                "spellings": words,
                "series": series,
                "places": places,
                "kinds": places,
                "words": places,
            },
            **{name: [] for name in ("tiers", "worth", "known", "excluded", "kept", "names")},
            "counted": 20,
            "suspects": suspects,
            "few": 3,
            "chosen": chosen,
            "ordering": "relevancia",
            "ranked": 200,
            "skipped": 0,
            "shown": 20,
        }


@pytest.mark.django_db
def test_every_function_and_view_works_with_an_empty_search_path(process, publish) -> None:
    """PostgreSQL restores dumps and builds indexes with an empty search path."""
    row = publish(name="Ma. Garza", texts={"propuesta_1": "agua potable"})
    with connection.cursor() as cursor:
        cursor.execute("set local search_path = ''")
        cursor.execute(
            "update public.published_publishedcandidacy set name = name where candidacy_id = %s",
            [row.pk],
        )
        for question in questions(process):
            cursor.execute("select conoceles_search.find(%s)", [json.dumps(question)])
        cursor.execute("select count(*) from public.published_visibility")
        assert cursor.fetchone() == (3,)
        # `rank_of` calls nothing but what PostgreSQL brings, for every hit: a setting would cost.
        cursor.execute(
            "select oid::regprocedure::text from pg_proc where pronamespace ="
            " 'conoceles_search'::regnamespace and proname <> 'rank_of' and prolang <> (select oid"
            " from pg_language where lanname = 'sql')"
            " and not exists (select from unnest(proconfig) as setting where"
            " setting like 'search_path=conoceles_search,%')"
        )
        assert cursor.fetchall() == []
