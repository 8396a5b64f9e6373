"""What every page asks is planned once for each connection, and its plan fits whatever is asked."""

from typing import Any

from django.db import connection

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
