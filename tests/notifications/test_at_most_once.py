"""Messages that must never arrive twice: what nobody knows about is shown to a person."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from cms.notifications import kinds, mail, services
from cms.notifications.models import Notification
from cms.notifications.tasks import deliver
from tests.mail_server import Mailbox
from tests.waiting import free_port

pytestmark = pytest.mark.django_db
ADDRESS = "alguien@partido.example"


@pytest.fixture
def asked(mailbox: Mailbox):
    """A message that was asked for and not sent yet."""
    once = kinds.NotificationKind(
        "de_prueba_una_vez",
        recipients=lambda about: [about],
        message=lambda about, _one: kinds.Message(ADDRESS, "Asunto", f"Texto {about}"),
        at_most_once=True,
    )
    kinds.register(once)
    services.notify(kind=once.key, about=7)
    yield Notification.objects.get()
    kinds._registered.pop(once.key)


def is_doubtful(notification: Notification) -> bool:
    return Notification.objects.doubtful().filter(pk=notification.pk).exists()


def test_a_message_that_the_server_took_leaves_once(asked, mailbox):
    assert deliver(asked.pk) is True
    assert deliver(asked.pk) is False
    assert len(mailbox.letters) == 1
    asked.refresh_from_db()
    assert asked.sent_at is not None
    assert not is_doubtful(asked)


@pytest.mark.parametrize("how", ["abruptly", "hanging"])
def test_a_message_whose_connection_was_cut_is_doubtful_and_is_never_sent_again(
    asked, mailbox, settings, how
):
    settings.EMAIL_TIMEOUT = 1
    mailbox.swallows = how
    assert deliver(asked.pk) is False
    assert is_doubtful(asked)
    mailbox.swallows = ""
    for _time in range(3):
        deliver(asked.pk)
    assert len(mailbox.letters) == 1
    assert is_doubtful(asked)


def test_an_attempt_whose_worker_was_killed_is_doubtful(asked, mailbox, monkeypatch):
    """What the database holds after a kill -9 in the middle of a conversation with the server."""

    def killed(*args: Any, **kwargs: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(mail, "send", killed)
    with pytest.raises(KeyboardInterrupt):
        deliver(asked.pk)
    monkeypatch.undo()
    assert not is_doubtful(asked)
    assert deliver(asked.pk) is False
    assert is_doubtful(asked)
    assert mailbox.letters == []


def test_an_attempt_that_nobody_takes_up_again_becomes_doubtful_by_itself(asked):
    Notification.objects.update(attempted_at=timezone.now() - timedelta(minutes=16))
    assert is_doubtful(asked)


@pytest.mark.parametrize("refusal", ["451 try later", "421 too busy"])
def test_a_server_that_asks_to_try_later_is_tried_later(asked, mailbox, refusal):
    mailbox.refuses = refusal
    with pytest.raises(mail.NotDelivered):
        deliver(asked.pk)
    mailbox.refuses = ""
    assert deliver(asked.pk) is True
    assert len(mailbox.letters) == 1


def test_a_server_that_does_not_answer_is_tried_later(asked, mailbox, settings):
    there, settings.EMAIL_PORT = settings.EMAIL_PORT, free_port()
    with pytest.raises(mail.NotDelivered):
        deliver(asked.pk)
    assert not is_doubtful(asked)
    settings.EMAIL_PORT = there
    assert deliver(asked.pk) is True


def test_a_refusal_for_good_is_no_doubt(asked, mailbox):
    mailbox.refuses = "550 no such user"
    assert deliver(asked.pk) is False
    asked.refresh_from_db()
    assert asked.refused_at is not None
    assert not is_doubtful(asked)


@pytest.mark.parametrize("address", ["a\r\nBcc: otro@x.example", "sin arroba ñ", "ñ@@x"])
def test_an_address_that_cannot_be_written_is_refused(asked, mailbox, address):
    kind = kinds.kind_of(asked.kind)
    message = kinds.Message(address, "Asunto", "Texto")
    kinds.register(
        kinds.NotificationKind(kind.key, kind.recipients, lambda *_: message, at_most_once=True)
    )
    assert deliver(asked.pk) is False
    asked.refresh_from_db()
    assert asked.refused_at is not None
    assert mailbox.letters == []


def test_a_person_can_say_that_a_doubtful_message_arrived(asked, mailbox):
    assert services.give_as_sent(notification_id=asked.pk) is False
    Notification.objects.update(attempted_at=timezone.now(), doubtful_at=timezone.now())
    assert services.give_as_sent(notification_id=asked.pk) is True
    assert not is_doubtful(asked)
    assert deliver(asked.pk) is False
    assert mailbox.letters == []
