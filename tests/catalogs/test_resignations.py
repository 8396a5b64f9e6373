"""The limit of the law for replacing who resigns: it warns, and the Council decides."""

from datetime import date, timedelta
from typing import Any

import pytest

from cms.catalogs.calendar import resignation_warning
from cms.catalogs.models import TermRules

pytestmark = pytest.mark.django_db
ELECTION = date(2027, 6, 6)


@pytest.fixture
def dated(process: Any) -> Any:
    process.election_date = ELECTION
    process.save()
    return process


@pytest.mark.parametrize(
    ("before", "words"),
    [
        (31, ""),
        (30, "Faltan 30 días"),
        (29, "Faltan 29 días"),
        (1, "Falta 1 día"),
        (0, "ya no hay sustitución"),
        (-1, "ya no hay sustitución"),
    ],
)
def test_the_law_warns_from_thirty_days_before_the_election(
    dated: Any, before: int, words: str
) -> None:
    said = resignation_warning(dated, ELECTION - timedelta(days=before))
    assert words in (said or "")
    assert bool(said) == bool(words)


def test_the_limit_is_a_rule_of_the_process(dated: Any) -> None:
    TermRules.objects.create(process=dated, resignation_limit=10)
    assert resignation_warning(dated, ELECTION - timedelta(days=11)) is None
    said = resignation_warning(dated, ELECTION - timedelta(days=10)) or ""
    assert "10 días anteriores" in said


def test_without_a_day_of_the_election_there_is_nothing_to_warn_of(process: Any) -> None:
    process.election_date = None
    assert resignation_warning(process, date(2027, 6, 1)) is None
