"""The sender of a questionnaire is told by e-mail that it was observed, without its content."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from cms.accounts.models import User
from cms.accounts.services import create_liaison
from cms.moderation.services import ObservationInput, return_submission
from cms.notifications import mail, services
from cms.notifications.models import Notification
from cms.notifications.tasks import deliver
from tests.moderation.samples import *  # noqa: F403
from tests.moderation.samples import send
from tests.waiting import free_port

pytestmark = pytest.mark.django_db
EMAIL = "enlace.pd@partido.example"
OBSERVATION = ObservationInput("propuesta_1", "lema", "Quita el lema de la segunda línea.")


@pytest.fixture
def told(party: User, submission: Any, validator: User) -> Callable[[], Any]:
    """A function that observes the submission of a party with an e-mail address."""
    party.email = EMAIL
    party.save()

    def observe() -> Any:
        return return_submission(
            submission_id=submission.pk,
            seal=submission.seal,
            validator=validator,
            observations=[OBSERVATION],
        )

    return observe


def work_off() -> list[bool]:
    """Do the queued deliveries, as a worker would; return what each answers."""
    jobs = ProcrastinateJob.objects.filter(task_name__endswith=".deliver").order_by("pk")
    return [deliver(**job.args) for job in jobs]


def test_the_sender_is_told_once_where_to_read_the_observations_but_not_their_text(
    told, mailbox, party
):
    decision = told()

    notification = Notification.objects.get()
    assert (notification.kind, notification.about) == ("envio_observado", decision.pk)
    assert notification.recipient == party.pk
    (job,) = ProcrastinateJob.objects.filter(task_name__endswith=".deliver")
    assert job.args == {"notification_id": notification.pk}
    assert mailbox.letters == []

    assert work_off() == [True]
    assert work_off() == [False]

    (letter,) = mailbox.letters
    assert letter.rcpt_tos == [EMAIL]
    (message,) = mailbox.messages
    text = message.get_payload(decode=True).decode()
    candidacy = decision.submission.questionnaire.candidacy
    assert f"https://interno.instituto.example/captura/{candidacy.pk}/" in text
    assert candidacy.name in text
    assert "corregir una respuesta" in text
    assert OBSERVATION.text not in text
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Message-ID"].startswith(f"<envio_observado.{notification.pk}.")
    notification.refresh_from_db()
    assert notification.sent_at is not None


def test_a_decision_that_is_rolled_back_notifies_nobody(told):
    with transaction.atomic():
        told()
        transaction.set_rollback(True)

    assert not Notification.objects.exists()
    assert not ProcrastinateJob.objects.filter(task_name__endswith=".deliver").exists()


def test_a_decision_is_not_notified_twice(told):
    decision = told()
    assert services.notify(kind="envio_observado", about=decision.pk) == 0
    assert Notification.objects.count() == 1


def test_without_a_mail_server_no_notification_is_recorded(told, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    told()
    assert not Notification.objects.exists()


def test_if_the_sender_cannot_be_told_the_other_liaisons_of_the_actor_are(
    told, party, actor, other_liaison
):
    for username, address in (("enlace.uno", "uno@partido.example"), ("enlace.dos", "")):
        colleague = create_liaison(username=username, actors=[actor])
        colleague.email = address
        colleague.save()
    other_liaison.email = "rival@partido.example"
    other_liaison.save()
    party.is_active = False
    party.save()

    told()

    told_to = User.objects.filter(pk__in=Notification.objects.values("recipient"))
    assert [user.username for user in told_to] == ["enlace.uno"]


@pytest.mark.parametrize("change", ["corrected", "scope", "closed", "no address"])
def test_a_notification_that_is_no_longer_true_is_not_sent(
    told, mailbox, party, complete_answers, change
):
    decision = told()
    if change == "corrected":
        candidacy = decision.submission.questionnaire.candidacy
        corrected = complete_answers["propuesta_1"].replace("Agua", "El agua")
        send(candidacy, {"propuesta_1": corrected}, party, portrait=False)
    elif change == "scope":
        party.scopes.all().delete()
    else:
        party.email = "" if change == "no address" else EMAIL
        party.is_active = change != "closed"
        party.save()

    assert work_off() == [False]

    assert mailbox.letters == []
    assert Notification.objects.get().dropped_at is not None


def test_an_address_that_was_refused_for_good_is_not_tried_again(told, mailbox):
    mailbox.refuses = "550 5.1.1 No such user here"
    told()
    assert work_off() == [False]
    assert Notification.objects.get().refused_at is not None
    mailbox.refuses = ""
    assert work_off() == [False]
    assert mailbox.letters == []


@pytest.mark.parametrize("trouble", ["450 4.2.0 Try later", "away"])
def test_a_failing_server_delays_the_message_and_the_error_names_nobody(
    told, mailbox, settings, trouble
):
    mailbox.refuses = trouble
    if trouble == "away":
        settings.EMAIL_PORT = free_port()
    told()
    with pytest.raises(mail.NotDelivered) as delayed:
        work_off()
    # A worker logs this error.
    assert EMAIL not in repr(delayed.value)
    assert delayed.value.__suppress_context__
    assert not Notification.objects.get().is_settled


def test_notifications_of_links_are_deleted_after_a_day_and_the_others_kept(told):
    from datetime import timedelta

    from django.utils import timezone

    from cms.notifications.tasks import purge_notifications

    told()
    Notification.objects.create(kind="enlace_de_acceso", about=1, recipient=1)
    Notification.objects.update(created_at=timezone.now() - timedelta(days=2))
    assert purge_notifications(0) == 1
    assert Notification.objects.get().kind == "envio_observado"
