"""Terms begin with the delivery of the account, once, and end with their last instant."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from cms.candidacies import terms
from cms.candidacies.models import CandidacyPage, CaptureTerm, Reopening
from cms.candidacies.terms import StartEvent
from cms.catalogs.models import CandidacyState, Holiday, TermRules

pytestmark = pytest.mark.django_db
DELIVERED = datetime(2024, 4, 20, 16, 0, tzinfo=UTC)  # Ten o'clock in Saltillo.
LAST = datetime(2024, 5, 6, 5, 59, 59, 999999, tzinfo=UTC)
INSTANT = timedelta(microseconds=1)


def deliver(*candidacies: Any, at: datetime = DELIVERED) -> int:
    ids = [candidacy.pk for candidacy in candidacies]
    return terms.begin(ids, event=StartEvent.ACCOUNT_DELIVERED, at=at, by=None)


def test_the_usual_term_is_fifteen_days_from_the_delivery(make_candidacy: Any) -> None:
    candidacy = make_candidacy()

    assert deliver(candidacy) == 1

    term = terms.term_of(candidacy)
    assert (term.starts_at, term.due_at, term.number) == (DELIVERED, LAST, 15)
    assert not term.is_over(LAST)
    assert term.is_over(LAST + INSTANT)
    assert (term.days_left(DELIVERED), term.days_left(LAST), term.days_left(LAST + INSTANT)) == (
        15,
        0,
        0,
    )


def test_a_second_delivery_begins_nothing(make_candidacy: Any) -> None:
    first, second = make_candidacy(), make_candidacy()
    deliver(first)

    assert deliver(first, second, at=DELIVERED + timedelta(days=3)) == 1

    assert terms.term_of(first).starts_at == DELIVERED
    assert terms.term_of(second).starts_at == DELIVERED + timedelta(days=3)
    assert deliver(first, second) == 0


def test_each_place_has_its_own_midnight(make_candidacy: Any) -> None:
    saltillo, acuna = make_candidacy(cvegeo="05030"), make_candidacy(cvegeo="05002")
    deliver(saltillo, acuna)

    found = terms.terms_of([saltillo, acuna])

    assert found[acuna.pk].due_at == found[saltillo.pk].due_at - timedelta(hours=1)
    assert {str(term.last_day) for term in found.values()} == {"2024-05-05"}


def test_who_takes_the_place_of_another_has_the_term_of_replacements(
    process: Any, make_candidacy: Any
) -> None:
    TermRules.objects.create(process=process, replacement_number=5)
    new, old = make_candidacy(), make_candidacy()
    CandidacyPage.objects.filter(pk=old.pk).update(superseded_by=new.pk, state=CandidacyState.ENDED)

    assert deliver(new, old) == 1, "what ended has no term"
    assert str(terms.term_of(new).last_day) == "2024-04-25"
    assert terms.term_of(old) is None


def test_holidays_count_as_they_are_when_the_term_begins(process: Any, make_candidacy: Any) -> None:
    TermRules.objects.create(process=process, capture_number=3, capture_calendar="habiles")
    before, after = make_candidacy(), make_candidacy()
    deliver(before)
    Holiday.objects.create(day="2024-04-24", name="Acuerdo del Consejo")
    deliver(after)

    found = terms.terms_of([before, after])

    assert [str(found[one.pk].last_day) for one in (before, after)] == ["2024-04-24", "2024-04-25"]


def test_the_term_that_ends_last_counts_and_a_correction_only_for_its_questionnaire(
    make_candidacy: Any,
) -> None:
    candidacy = make_candidacy()
    deliver(candidacy)
    observed = DELIVERED + timedelta(days=14)

    begun = [
        terms.begin_correction(
            candidacy=candidacy, kind="curricular", about=7, at=observed, by=None
        )
        for _again in range(2)
    ]

    assert begun[1] is None
    corrects = terms.term_of(candidacy, kind="curricular")
    assert corrects.corrects
    assert str(corrects.last_day) == "2024-05-07"
    assert terms.term_of(candidacy, kind="identidad").due_at == LAST
    assert terms.term_of(candidacy) == corrects


def test_an_early_correction_takes_no_day_of_the_capture(make_candidacy: Any) -> None:
    candidacy = make_candidacy()
    deliver(candidacy)
    terms.begin_correction(
        candidacy=candidacy, kind="curricular", about=7, at=DELIVERED + timedelta(days=1), by=None
    )
    assert terms.term_of(candidacy, kind="curricular").due_at == LAST


def test_many_terms_begin_and_are_read_in_few_queries(
    make_candidacy: Any, django_assert_num_queries: Any
) -> None:
    candidacies = [make_candidacy() for _each in range(12)]
    with django_assert_num_queries(7):  # Two are the savepoint.
        assert deliver(*candidacies) == 12
    with django_assert_num_queries(1):
        assert len(terms.terms_of(candidacies)) == 12


def test_a_term_is_never_shortened_not_even_in_the_database(make_candidacy: Any) -> None:
    deliver(make_candidacy())
    with pytest.raises(DatabaseError), transaction.atomic():
        CaptureTerm.objects.update(due_at=DELIVERED)


def test_a_reopening_is_never_altered_and_never_deleted(make_candidacy: Any) -> None:
    candidacy = make_candidacy()
    reopening = Reopening.objects.create(
        candidacy=candidacy, until=LAST, authorised_by="IEC/CG/1/2024", reason="x", by_name="Ana"
    )
    with pytest.raises(DatabaseError), transaction.atomic():
        Reopening.objects.update(until=LAST + timedelta(days=1))
    with pytest.raises(DatabaseError), transaction.atomic():
        Reopening.objects.all().delete()
    with pytest.raises(TypeError):
        reopening.save()
