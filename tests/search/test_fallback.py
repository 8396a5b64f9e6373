"""A search server that is slow, gone or answers nonsense: PostgreSQL answers the same request."""

import logging
from collections.abc import Iterator
from dataclasses import replace

import pytest
from django.db import connection

from cms.catalogs.models import SynonymGroup
from conoceles_site import health
from search.engines import ENGINES, engine, fallback
from search.engines.breaker import FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS, Breaker
from search.engines.elasticsearch import client as search_client
from search.engines.elasticsearch import indexing, tasks
from search.query import SearchQuery
from search.reading import read
from search.services import search
from search.similar import similar
from tests.search.faulty_server import NONSENSE, faulty_server

pytestmark = pytest.mark.django_db

FAILING = [*(NONSENSE.keys() - {"refuses"}), "silent", "dripping", "cut"]


@pytest.fixture(autouse=True)
def breaker(monkeypatch) -> Iterator[Breaker]:
    """A breaker of this test alone."""
    own = Breaker()
    monkeypatch.setattr(fallback, "breaker", own)
    yield own
    search_client.forget()


@pytest.fixture
def between(search_server, search_index, settings):
    """What stands between the site and the search server, and may fail."""
    search_client.forget()
    with faulty_server(search_server.url) as server:
        settings.ELASTICSEARCH_URL = server.url
        settings.ELASTICSEARCH_SECONDS = 20.0  # Other tests may keep the machine busy.
        yield server
    settings.ELASTICSEARCH_URL = search_server.url


@pytest.fixture
def water(between, publish):
    """Two candidacies that speak of water, in the index too."""
    rows = [
        publish(name=name, texts={"propuesta_1": "Agua potable para cada ejido de la sierra"})
        for name in ("Ana Nogal", "Rosa Mezquite")
    ]
    indexing.rebuild()
    between.searches = 0  # Those of the rebuild do not count.
    return rows


def ask(process, text="agua"):
    return search(SearchQuery(process=process, text=text))


def test_the_search_server_answers_while_it_is_well(process, water, between, breaker) -> None:
    result = ask(process)

    assert (result.engine, result.total, breaker.failure) == ("elasticsearch", 2, "")
    assert between.searches == 1


@pytest.mark.parametrize("fault", sorted(FAILING))
def test_postgresql_answers_in_place_of_a_server_that_fails(
    process, water, between, breaker, fault, settings, caplog
) -> None:
    well = ask(process)
    settings.ELASTICSEARCH_SECONDS = 0.3
    between.fault = fault
    with caplog.at_level(logging.INFO):
        result = ask(process)  # It comes although what is between holds its answer for ever.

    assert result.engine == "postgresql"
    assert (result.total, result.facets) == (well.total, well.facets)
    assert {hit.row.candidacy_id for hit in result.hits} == {row.pk for row in water}
    assert breaker.failure
    assert "agua" not in caplog.text
    assert "search_server_failed" in caplog.text


@pytest.mark.parametrize("fault", ["html", "silent", "not-a-search"])
def test_a_server_that_fails_from_the_beginning_is_no_obstacle(
    process, water, between, fault, settings
) -> None:
    search_client.forget()
    settings.ELASTICSEARCH_SECONDS = 0.3
    between.fault = fault

    assert (ask(process).engine, ask(process).total) == ("postgresql", 2)


def test_a_server_that_refuses_connections_is_no_obstacle(process, publish, settings) -> None:
    publish(texts={"propuesta_1": "agua"})
    settings.ELASTICSEARCH_URL = "http://127.0.0.1:9"

    assert (ask(process).engine, ask(process).total) == ("postgresql", 1)


def test_a_server_that_failed_is_left_alone(process, water, between) -> None:
    between.fault = "red"
    ask(process)
    asked = between.searches
    ask(process)

    assert between.searches == asked


def test_all_that_one_search_asks_has_the_set_time_together(
    process, water, between, breaker, settings
) -> None:
    """And a search that asks more than there is time for does not turn the server off."""
    settings.ELASTICSEARCH_SECONDS = 1.5
    between.fault = "silent-later"
    result = ask(process, "agua ejido helicóptero")

    # It asks how many hold each word; then PostgreSQL answers, with fewer words too.
    assert (result.engine, result.total, between.searches) == ("postgresql", 2, 2)
    assert result.left_out[0] == "helicóptero"
    between.fault = ""
    assert (ask(process).engine, breaker.failure) == ("elasticsearch", "")


def test_a_search_that_the_server_refuses_does_not_stop_the_others(
    process, water, between, breaker
) -> None:
    between.fault = "refuses"
    assert ask(process).engine == "postgresql"
    between.fault = ""

    assert (ask(process).engine, breaker.failure) == ("elasticsearch", "")


@pytest.mark.parametrize("sign", ["", "-", "OR "])
def test_a_search_with_more_clauses_than_the_server_takes_does_not_stop_the_others(
    process, water, between, breaker, sign
) -> None:
    """Whatever was typed: the words with most synonyms, as many as are read."""
    terms_of_groups = SynonymGroup.objects.values_list("terms", flat=True)
    groups = sorted(terms_of_groups, key=len, reverse=True)
    for start in range(0, 40, 8):
        words = [min(terms, key=len) for terms in groups[start : start + 40]]
        ask(process, f"agua {' '.join(f'{sign}{word}' for word in words)}")

    assert breaker.failure == ""
    assert ask(process).engine == "elasticsearch"


def test_the_index_does_not_answer_while_changes_wait_to_be_written_to_it(
    process, water, between, breaker
) -> None:
    """So a candidacy that was withdrawn is counted nowhere from the commit on."""
    withdrawn, kept = water
    tasks.enqueue([withdrawn.pk])
    withdrawn.delete()
    result = ask(process)

    assert (result.engine, result.total, between.searches) == ("postgresql", 1, 0)
    assert [hit.row.candidacy_id for hit in result.hits] == [kept.pk]
    assert breaker.failure == ""


def test_the_index_answers_again_once_the_changes_are_written(process, water, between) -> None:
    withdrawn, _kept = water
    key = withdrawn.pk
    tasks.enqueue([key])
    withdrawn.delete()
    tasks.index_candidacy.func(candidacy_id=key)
    with connection.cursor() as cursor:
        cursor.execute("update procrastinate_jobs set status = 'doing'")
        cursor.execute("update procrastinate_jobs set status = 'succeeded'")
    result = ask(process)

    assert (result.engine, result.total) == ("elasticsearch", 1)


@pytest.mark.parametrize("mend", [indexing.rebuild, indexing.reconcile])
def test_a_change_that_failed_keeps_the_index_from_answering_until_it_is_repaired(
    process, water, between, mend
) -> None:
    withdrawn, _kept = water
    tasks.enqueue([withdrawn.pk])
    withdrawn.delete()
    with connection.cursor() as cursor:
        cursor.execute("update procrastinate_jobs set status = 'doing'")
        cursor.execute("update procrastinate_jobs set status = 'failed'")
    assert (ask(process).engine, ask(process).total) == ("postgresql", 1)
    mend()

    assert (ask(process).engine, ask(process).total) == ("elasticsearch", 1)


def test_without_an_index_of_this_version_postgresql_answers(process, water, search_index) -> None:
    for name in search_index.ours():
        search_index.remove(name)

    assert (ask(process).engine, ask(process).total) == ("postgresql", 2)


def test_what_is_like_a_candidacy_is_shown_while_the_server_is_well(
    process, water, between, publish
) -> None:
    one, other = water
    publish(name="Luz Sauz", texts={"propuesta_1": "Bibliotecas y museos abiertos"})
    indexing.rebuild()

    assert [row.pk for row in similar(one)] == [other.pk]
    between.fault = "red"
    assert similar(one) == []


def test_what_an_old_version_of_a_row_was_like_is_not_shown(process, water, between) -> None:
    one, other = water
    type(other).objects.filter(pk=other.pk).update(version=other.version + 1)

    assert similar(one) == []


def test_without_a_search_server_postgresql_is_the_engine(process, publish, settings) -> None:
    row = publish(texts={"propuesta_1": "agua"})
    settings.ELASTICSEARCH_URL = ""

    assert engine().name == "postgresql"
    assert similar(row) == []


def test_the_engine_with_fallback_has_the_name_of_the_one_that_answered(
    process, water, between
) -> None:
    both = engine()
    query = SearchQuery(process=process, text="agua")
    first = both.find(query, read("agua"))
    assert both.name == "elasticsearch"
    between.fault = "cut"
    second = both.find(query, read("agua"))

    assert both.name == "postgresql"
    first_alike, second_alike = (
        replace(one, ids=(), versions={}, lexemes=()) for one in (first, second)
    )
    assert first_alike == second_alike
    # PostgreSQL leaves out what nobody writes: «agü».
    assert set(first.lexemes) > set(second.lexemes) == {"agu"}
    assert set(ENGINES) == {"elasticsearch", "postgresql"}


# --- the breaker


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_breaker_admits_one_request_after_each_pause_and_pauses_grow() -> None:
    clock = Clock()
    one = Breaker(clock)
    assert one.admits()
    pauses = []
    for _failure in range(8):
        one.failed("ConnectionError")
        start = clock.now
        assert not one.admits()
        while not one.admits():
            clock.now += 0.5
        assert not one.admits()
        pauses.append(clock.now - start)

    assert pauses == [FIRST_PAUSE_SECONDS * 2**n for n in range(5)] + [LONGEST_PAUSE_SECONDS] * 3
    one.answered()
    assert (one.admits(), one.failure) == (True, "")
    one.failed("ConnectionError")
    clock.now += FIRST_PAUSE_SECONDS
    assert one.admits()


# --- who is told


def test_readiness_names_the_engine_and_is_never_lost_with_the_server(
    client, process, water, between
) -> None:
    said = []
    for fault in ("", "red", "cut"):
        between.fault = fault
        health.search.forget()
        answer = client.get("/readyz")
        said.append((answer.status_code, answer.json()["busqueda"]))
    health.search.forget()

    assert said == [
        (200, "elasticsearch"),
        (200, "postgresql, porque el servidor de búsqueda no contesta como debe"),
        (200, "postgresql, porque el servidor de búsqueda no contesta"),
    ]


def test_staff_are_told_that_there_is_no_index(water, search_index) -> None:
    for name in search_index.ours():
        search_index.remove(name)

    assert fallback.trouble() == (
        "no tiene un índice de esta versión: ejecuta «python manage.py search_rebuild»"
    )
