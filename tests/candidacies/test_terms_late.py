"""What arrives after the term is marked late, for ever, and is reviewed and published as any."""

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import timezone

from cms.candidacies import terms
from cms.candidacies.terms import StartEvent
from cms.catalogs.models import TermRules
from cms.moderation.notifications import OBSERVED
from cms.moderation.services import approve_submission
from cms.questionnaires.models import Submission
from cms.questionnaires.seal import seal_of
from cms.questionnaires.selectors import submission_answers
from tests.moderation.samples import send

pytestmark = pytest.mark.django_db
INSTANT = timedelta(microseconds=1)
DELIVERED = datetime(2024, 4, 20, 16, 0, tzinfo=UTC)


@pytest.fixture
def begun(candidacy: Any) -> Any:
    """A candidacy whose term ended long ago."""
    terms.begin([candidacy.pk], event=StartEvent.ACCOUNT_DELIVERED, at=DELIVERED, by=None)
    return candidacy


@pytest.mark.parametrize(("after", "late"), [(0 * INSTANT, False), (INSTANT, True)])
def test_the_last_instant_is_in_time_and_the_next_one_is_late(
    candidacy: Any,
    complete_answers: Any,
    party: Any,
    time_machine: Any,
    after: timedelta,
    late: bool,
) -> None:
    terms.begin([candidacy.pk], event=StartEvent.ACCOUNT_DELIVERED, at=timezone.now(), by=None)
    last = terms.term_of(candidacy).due_at
    time_machine.move_to(last + after, tick=False)

    submission = send(candidacy, complete_answers, party)

    assert (submission.submitted_at, submission.extemporaneous) == (last + after, late)
    sealed = json.loads(bytes(submission.sealed_bytes))
    assert sealed["plazo"] == {"vence": last.astimezone(UTC).isoformat(), "extemporaneo": late}
    assert submission.seal == seal_of(submission.sealed_bytes, "")
    assert submission_answers(submission)["propuesta_1"] == complete_answers["propuesta_1"]


def test_without_a_term_nothing_is_late_and_nothing_is_sealed_of_it(submission: Any) -> None:
    assert not submission.extemporaneous
    assert "plazo" not in json.loads(bytes(submission.sealed_bytes))


def test_lateness_is_never_altered(begun: Any, complete_answers: Any, party: Any) -> None:
    submission = send(begun, complete_answers, party)
    assert submission.extemporaneous, "it is sent today, years after 2024"
    with pytest.raises(DatabaseError), transaction.atomic():
        Submission.objects.update(extemporaneous=False)


def test_the_receipt_the_desk_and_the_record_say_it_and_the_public_does_not(
    begun: Any, complete_answers: Any, party: Any, validator: Any, admin_client: Client
) -> None:
    submission = send(begun, complete_answers, party)
    own, desk = Client(), Client()
    own.force_login(party, backend="django.contrib.auth.backends.ModelBackend")
    desk.force_login(validator, backend="django.contrib.auth.backends.ModelBackend")

    assert "Llegó fuera de plazo" in own.get(f"/captura/{begun.pk}/acuse/").content.decode()
    assert "(extemporáneo)" in desk.get("/admin/revision/").content.decode()
    assert "Extemporáneo" in desk.get(f"/admin/revision/{submission.pk}/").content.decode()
    assert "Extemporáneo." in desk.get(f"/admin/candidaturas/{begun.pk}/").content.decode()

    approve_submission(submission_id=submission.pk, seal=submission.seal, validator=validator)
    for path in (begun.public_path(), f"/api/v1/candidaturas/{begun.pk}/"):
        page = Client().get(path)
        assert page.status_code == 200
        assert not re.search("extempor|fuera de plazo", page.content.decode(), re.IGNORECASE)


def test_what_was_observed_has_a_term_of_its_own(
    process: Any, begun: Any, complete_answers: Any, party: Any, validator: Any, observe: Any
) -> None:
    from cms.moderation.services import return_submission

    TermRules.objects.create(process=process, correction_number=5)
    submission = send(begun, complete_answers, party)
    decision = return_submission(
        submission_id=submission.pk,
        seal=submission.seal,
        validator=validator,
        observations=[observe()],
    )

    term = terms.term_of(begun, kind="curricular")
    assert term.corrects
    assert term.starts_at == decision.decided_at
    assert (term.last_day - timezone.localtime(decision.decided_at).date()).days == 5
    words = OBSERVED.message(decision.pk, party.pk) if party.email else None
    assert words is None or "fuera de plazo" in words.body

    corrected = complete_answers["propuesta_1"].replace("segura y diaria", "diaria")
    again = send(begun, {"propuesta_1": corrected}, party, portrait=False)
    assert not again.extemporaneous


def test_the_mail_of_an_observation_says_until_when(
    returned: Any, party: Any, django_assert_num_queries: Any
) -> None:
    party.email = "enlace@example.org"
    party.save()
    message = OBSERVED.message(returned.decision.pk, party.pk)
    day = terms.term_of(returned.questionnaire.candidacy).last_day
    assert re.search(
        rf"Tienes hasta el {day.day} de \w+ de {day.year}, a las 24:00 h", message.body
    )
    EmailMessage(subject=message.subject, body=message.body, to=[message.address]).message()
