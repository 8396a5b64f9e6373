"""A new holiday moves no term that runs, until somebody of the institute counts again."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from cms.accounts.models import Role
from cms.accounts.permissions import NotAnAdministrator
from cms.accounts.services import create_staff
from cms.candidacies import terms
from cms.candidacies.models import CaptureTerm
from cms.candidacies.terms import StartEvent
from cms.candidacies.terms.recount import MovesChanged, count_again, moves
from cms.catalogs.models import Holiday, TermRules

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(db: None) -> Any:
    return create_staff(username="innovacion.uno", role=Role.ADMINISTRATOR)


@pytest.fixture
def running(process: Any, make_candidacy: Any) -> Any:
    """Ten working days that began today, and a term that ended."""
    TermRules.objects.create(process=process, capture_number=10, capture_calendar="habiles")
    now = timezone.now()
    candidacy, ended = make_candidacy(), make_candidacy()
    terms.begin([candidacy.pk], event=StartEvent.ACCOUNT_DELIVERED, at=now, by=None)
    long_ago = now - timedelta(days=90)
    terms.begin([ended.pk], event=StartEvent.ACCOUNT_DELIVERED, at=long_ago, by=None)
    return candidacy


def a_holiday_within(candidacy: Any) -> None:
    """A day off on the last day of the term, and one ninety days ago."""
    last = terms.term_of(candidacy).last_day
    for day in (last, last - timedelta(days=91)):
        Holiday.objects.create(day=day, name="Acuerdo")


def test_a_new_holiday_moves_nothing_by_itself(process: Any, running: Any) -> None:
    before = terms.term_of(running)
    a_holiday_within(running)

    assert terms.term_of(running) == before
    assert [one.term.candidacy_id for one in moves(process, at=timezone.now())] == [running.pk]


def test_counting_again_moves_what_was_shown_and_keeps_the_first_end(
    process: Any, running: Any, administrator: Any
) -> None:
    before = terms.term_of(running)
    a_holiday_within(running)
    now = timezone.now()

    with pytest.raises(MovesChanged):
        count_again(process=process, seen=2, by=administrator, at=now)
    assert count_again(process=process, seen=1, by=administrator, at=now) == 1
    assert count_again(process=process, seen=0, by=administrator, at=now) == 0

    after = terms.term_of(running)
    assert after.last_day > before.last_day
    assert CaptureTerm.objects.get(candidacy=running).first_due_at == before.due_at


def test_a_shorter_rule_never_shortens_what_was_told(process: Any, running: Any) -> None:
    TermRules.objects.filter(process=process).update(capture_number=2)
    assert moves(process, at=timezone.now()) == []


def test_a_longer_rule_may_be_given_to_terms_that_run(
    process: Any, running: Any, administrator: Any
) -> None:
    TermRules.objects.filter(process=process).update(
        capture_number=60, capture_calendar="naturales"
    )
    count_again(process=process, seen=1, by=administrator, at=timezone.now())
    found = terms.term_of(running)
    assert (found.number, found.calendar) == (60, "naturales")


def test_only_administrators_count_again(process: Any, running: Any) -> None:
    reviewer = create_staff(username="revisa.uno", role=Role.CURRICULAR_REVIEWER)
    with pytest.raises(NotAnAdministrator):
        count_again(process=process, seen=0, by=reviewer, at=timezone.now())
