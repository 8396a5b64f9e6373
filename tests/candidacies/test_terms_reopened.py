"""A term is reopened by who may, with who authorised it and why, and that stays written."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import timezone

from cms.accounts.models import Role
from cms.accounts.services import create_staff
from cms.candidacies import terms
from cms.candidacies.models import CandidacyPage, Reopening
from cms.candidacies.terms import MayNotReopen, ReopeningRefused, StartEvent
from cms.catalogs.models import CandidacyState, Process
from tests.moderation.samples import send
from tests.two_connections import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(db: None) -> Any:
    return create_staff(username="innovacion.uno", role=Role.ADMINISTRATOR)


@pytest.fixture
def over(candidacy: Any) -> Any:
    """A candidacy whose term ended long ago."""
    long_ago = timezone.now() - timedelta(days=90)
    terms.begin([candidacy.pk], event=StartEvent.ACCOUNT_DELIVERED, at=long_ago, by=None)
    return candidacy


def reopened(candidacy: Any, by: Any, **changes: Any) -> Any:
    now = timezone.now()
    sample = {
        "until": now + timedelta(days=2),
        "authorised_by": "IEC/CG/045/2027",
        "reason": "Falla del sistema",
    }
    return terms.reopen(candidacy_id=candidacy.pk, by=by, at=now, **{**sample, **changes})


def test_within_a_reopening_nothing_is_late_and_after_it_it_is(
    over: Any, administrator: Any, complete_answers: Any, party: Any, monkeypatch: Any
) -> None:
    made = reopened(over, administrator)

    term = terms.term_of(over)
    assert (term.reopened, term.due_at) == (True, made.until)
    assert not send(over, complete_answers, party).extemporaneous
    assert terms.term_of(over).is_over(made.until + timedelta(microseconds=1))
    assert made.by_name == "innovacion.uno (innovacion.uno)"


@pytest.mark.parametrize("role", [Role.CURRICULAR_REVIEWER, Role.OBSERVER, Role.COMMUNICATION])
def test_other_roles_reopen_nothing(over: Any, role: str) -> None:
    with pytest.raises(MayNotReopen):
        reopened(over, create_staff(username="otra.persona", role=role))
    assert not Reopening.objects.exists()


def test_who_captures_reopens_nothing(over: Any, liaison: Any) -> None:
    with pytest.raises(MayNotReopen):
        reopened(over, liaison)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"until": timezone.now() - timedelta(days=1)}, "until"),
        ({"authorised_by": " \t"}, "authorised_by"),
        ({"authorised_by": "x" * 201}, "authorised_by"),
        ({"reason": "\n"}, "reason"),
        ({"reason": "x" * 2001}, "reason"),
    ],
)
def test_what_is_missing_or_past_is_refused(
    over: Any, administrator: Any, changes: Any, field: str
) -> None:
    with pytest.raises(ReopeningRefused) as refused:
        reopened(over, administrator, **changes)
    assert refused.value.field == field


def test_what_did_not_begin_or_ended_is_not_reopened(
    make_candidacy: Any, over: Any, administrator: Any
) -> None:
    with pytest.raises(ReopeningRefused, match="no ha empezado"):
        reopened(make_candidacy(), administrator)
    CandidacyPage.objects.filter(pk=over.pk).update(state=CandidacyState.ENDED)
    with pytest.raises(ReopeningRefused, match="baja"):
        reopened(over, administrator)


def test_the_record_leads_to_the_form_and_then_says_what_was_done(
    over: Any, administrator: Any
) -> None:
    client, record = Client(), f"/admin/candidaturas/{over.pk}/"
    client.force_login(administrator, backend="django.contrib.auth.backends.ModelBackend")
    assert f"{record}reabrir/" in client.get(record).content.decode()
    day = timezone.localdate() + timedelta(days=3)
    typed = {
        "day": day.isoformat(),
        "hour": "",
        "authorised_by": "<b>IEC</b>",
        "reason": "Ñandú 🌵",
    }

    wrong = client.post(f"{record}reabrir/", {**typed, "day": "ayer"})
    assert wrong.status_code == 422
    assert "Escribe una fecha" in wrong.content.decode()
    assert "Ñandú 🌵" in wrong.content.decode(), "what was typed stays"

    assert client.post(f"{record}reabrir/", typed)["Location"] == record
    page = client.get(record).content.decode()
    assert "&lt;b&gt;IEC&lt;/b&gt;" in page
    assert "24:00 h" in page
    assert "Reabrió el plazo hasta el" in page
    twice = client.post(f"{record}reabrir/", typed)
    assert (twice.status_code, Reopening.objects.count()) == (422, 1)
    assert "escribe un momento posterior" in twice.content.decode()


def test_an_account_that_may_not_know_of_it_is_told_that_it_does_not_exist(over: Any) -> None:
    client = Client()
    reviewer = create_staff(username="revision.tres", role=Role.CURRICULAR_REVIEWER)
    client.force_login(reviewer, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(f"/admin/candidaturas/{over.pk}/reabrir/").status_code == 404


def test_a_double_click_reopens_once(
    committed: None, make_candidacy: Any, administrator: Any
) -> None:
    candidacy = make_candidacy()
    long_ago = timezone.now() - timedelta(days=90)
    terms.begin([candidacy.pk], event=StartEvent.ACCOUNT_DELIVERED, at=long_ago, by=None)
    until = timezone.now() + timedelta(days=2)

    def click() -> Any:
        return reopened(candidacy, administrator, until=until)

    outcomes = at_once(click, click)

    assert sorted(type(one).__name__ for one in outcomes) == ["Reopening", "ReopeningRefused"]


def test_only_a_reopening_of_a_rehearsal_goes_with_it(
    process: Any, over: Any, administrator: Any
) -> None:
    reopened(over, administrator)
    with pytest.raises(DatabaseError), transaction.atomic():
        Reopening.objects.all().delete()

    rehearsal = Process.objects.create(slug="ensayo", name="Ensayo", rehearsal_of=process)
    CandidacyPage.objects.filter(pk=over.pk).update(process=rehearsal)

    assert Reopening.objects.all().delete()[0] == 1
