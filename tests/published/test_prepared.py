"""What every page asks is planned once for each connection, and its plan fits whatever is asked."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import DataError, OperationalError, ProgrammingError, connection, transaction

from cms.catalogs import prepared
from cms.published import cards, selectors

GENERIC = "set local plan_cache_mode = force_generic_plan"


def _plans_of(beginning: str) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "select generic_plans + custom_plans from pg_prepared_statements"
            " where ltrim(statement, E'\\n') like %s",
            [f"{beginning}%"],
        )
        return [number for (number,) in cursor.fetchall()]


def test_the_row_of_a_page_is_prepared_the_first_time_and_used_again(
    process: Any, make_candidacy: Any
) -> None:
    first, second = make_candidacy(), make_candidacy()
    before = sum(_plans_of('select c."candidacy_id"'))

    assert selectors.candidacy(first.pk) is not None
    assert selectors.candidacy(second.pk) is not None

    assert sum(_plans_of('select c."candidacy_id"')) == before + 2


def test_who_stands_beside_is_found_by_the_place_whatever_the_plan(
    process: Any, make_candidacy: Any
) -> None:
    page, rival = make_candidacy(), make_candidacy()
    row = selectors.candidacy(page.pk)
    assert row is not None
    usual = cards.beside(row, at=row.updated_at)
    with connection.cursor() as cursor:
        cursor.execute(GENERIC)

    assert cards.beside(row, at=row.updated_at) == usual
    assert [card.candidacy_id for card in usual] == [rival.pk]


# -- outside of transactions nothing stands between a query and the database -----------------------

QUESTION = (
    "select %(number)s::int, %(moment)s::timestamptz, %(word)s::text, %(words)s::text[],"
    " %(nothing)s::date, %(numbers)s::bigint[], %(number)s::int + 1, 7 %% 4,"
    " tstzrange(%(moment)s, null) @> %(moment)s"
)
GIVEN = {
    "number": 70_000,
    "moment": datetime(2026, 6, 7, 8, 0, tzinfo=UTC),
    "word": "Peña «y» 100 %",
    "words": ["agua", 'con "comillas", y coma', ""],
    "nothing": None,
    "numbers": [1, 2**40],
}


@pytest.mark.usefixtures("committed")
def test_a_query_outside_of_transactions_answers_what_djangos_cursor_answers() -> None:
    with prepared.cursor() as direct:
        direct.execute(QUESTION, GIVEN)
        found = direct.fetchall()
    with connection.cursor() as usual:
        usual.execute(QUESTION, GIVEN)

        assert isinstance(direct, prepared.DirectCursor)
        assert found == usual.fetchall()


@pytest.mark.usefixtures("committed")
def test_inside_of_a_transaction_a_query_belongs_to_it() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("create temporary table only_here on commit drop as select 3 as number")
        with prepared.cursor() as found:
            found.execute("select number from only_here", [])
            assert found.fetchall() == [(3,)]


@pytest.mark.usefixtures("committed")
def test_a_query_is_prepared_again_when_the_connection_forgot_it() -> None:
    for _time in range(2):
        with connection.cursor() as cursor:
            cursor.execute("deallocate all")
        with prepared.cursor() as found:
            found.execute("select %s::int", [5])
            assert found.fetchone() == (5,)


@pytest.mark.usefixtures("committed")
def test_queries_beyond_the_limit_are_answered_and_not_kept() -> None:
    beyond = prepared.MOST_STATEMENTS + 5
    with prepared.cursor() as found:
        for number in [*range(beyond), *range(beyond - 3, beyond)]:
            found.execute(f"select {number}, %s::int", [number])
            assert found.fetchone() == (number, number)

    assert len(_plans_of("select 2")) <= prepared.MOST_STATEMENTS


@pytest.mark.usefixtures("committed")
def test_errors_are_those_of_django_and_the_connection_goes_on() -> None:
    with prepared.cursor() as found:
        with pytest.raises(DataError):
            found.execute("select 1 / %s::int", [0])
        with pytest.raises(ProgrammingError):
            found.execute("select * from no_such_table", [])
        found.execute("select %s::int", [6])
        assert found.fetchone() == (6,)


@pytest.mark.usefixtures("committed")
def test_a_lost_connection_is_an_error_of_operation() -> None:
    with prepared.cursor() as found:
        found.execute("select pg_backend_pid()", [])
        (number,) = found.fetchone()
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("select pg_terminate_backend(%s, 5000)", [number])
    other.close()

    for _time in range(2):
        with prepared.cursor() as found, pytest.raises(OperationalError):
            found.execute("select 1", [])
    connection.close()
    with prepared.cursor() as found:
        found.execute("select pg_backend_pid()", [])
        assert found.fetchone() != (number,)
