"""The rules of the terms of a process, in its steps."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cms.accounts.services import create_staff
from cms.candidacies import terms
from cms.candidacies.terms import StartEvent
from cms.catalogs.models import TermRules
from cms.catalogs.term_rules import rules_of

pytestmark = pytest.mark.django_db
TYPED = {
    "capture_number": "10",
    "capture_calendar": "habiles",
    "replacement_number": "5",
    "replacement_calendar": "naturales",
    "correction_number": "72",
    "correction_calendar": "horas",
    "every_day": "on",
    "reminder_days": "9, 5 5",
    "resignation_limit": "30",
}


@pytest.fixture
def browser(db: None) -> Client:
    client = Client()
    administrator = create_staff(username="innovacion.uno", role="administracion")
    client.force_login(administrator, backend="django.contrib.auth.backends.ModelBackend")
    return client


def rules_page(process: Any) -> str:
    return reverse("setup:terms", args=[process.pk])


def test_a_process_without_rules_of_its_own_has_the_usual_ones(
    process: Any, browser: Client
) -> None:
    usual = rules_of(process)
    assert usual.pk is None
    assert (usual.capture.number, usual.capture.calendar) == (15, "naturales")
    assert (usual.correction.number, usual.reminder_days) == (3, [10, 13, 15])
    page = browser.get(rules_page(process)).content.decode()
    assert 'value="15"' in page
    assert "10,13,15" in page


def test_the_form_writes_the_rules_once_however_often_it_is_sent(
    process: Any, browser: Client
) -> None:
    for _again in range(2):
        assert browser.post(rules_page(process), TYPED).status_code == 302
    rules = TermRules.objects.get(process=process)
    assert (rules.capture.number, rules.correction.calendar) == (10, "horas")
    assert (rules.every_day, rules.reminder_days) == (True, [5, 9])


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("capture_number", "0", "de 1 a 365"),
        ("capture_number", "366", "de 1 a 365"),
        ("correction_number", "99999", "de 1 a 8760"),
        ("capture_number", "", "obligatorio"),
        ("reminder_days", "0, 5", "El día 1"),
        ("reminder_days", ",".join(map(str, range(1, 13))), "Son demasiados días"),
        ("resignation_limit", "500", "120"),
    ],
)
def test_what_cannot_be_counted_is_refused_where_it_is(
    process: Any, browser: Client, field: str, value: str, words: str
) -> None:
    answer = browser.post(rules_page(process), {**TYPED, field: value})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not TermRules.objects.exists()


def test_open_terms_that_would_move_are_shown_and_moved_when_confirmed(
    process: Any, browser: Client, make_candidacy: Any
) -> None:
    candidacy = make_candidacy()
    terms.begin([candidacy.pk], event=StartEvent.ACCOUNT_DELIVERED, at=timezone.now(), by=None)
    TermRules.objects.create(process=process, capture_number=20)
    recount = f"{rules_page(process)}contar/"

    assert recount in browser.get(rules_page(process)).content.decode()
    assert candidacy.name in browser.get(recount).content.decode()
    stale = browser.post(recount, {"vistos": "3"})
    assert (stale.status_code, "No cambió nada" in stale.content.decode()) == (409, True)
    assert browser.post(recount, {"vistos": "1"}).status_code == 302
    left = terms.term_of(candidacy).last_day - timezone.localdate()
    assert left in (timedelta(days=20), timedelta(days=21))
    assert "no hay nada que cambiar" in browser.get(recount).content.decode()
