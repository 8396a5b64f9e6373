"""Mail leaves here, whatever it says."""

import smtplib
from contextlib import suppress
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from cms.catalogs.training import is_training
from cms.notifications.kinds import Message
from cms.notifications.outbox import keep

_SENDS_NOTHING = ("django.core.mail.backends.dummy.EmailBackend",)
# From here on, a reply of the server means "never", not "not now" (RFC 5321, 4.2.1).
PERMANENT = 500


class NotDelivered(Exception):
    """The mail server could not be reached, or asks to try later. It names nobody: it is logged."""


class OutcomeUnknown(NotDelivered):
    """The connection ended after the message was handed over: the server may have taken it."""


class RefusedForGood(Exception):
    """The mail server refuses this address or message, today and tomorrow. It names nobody."""


def mail_is_sent() -> bool:
    """Whether this installation sends mail: without a server, nothing that needs it is offered.

    A training copy offers all of it: its messages are kept for the trainer to read.
    """
    return is_training() or settings.EMAIL_BACKEND not in _SENDS_NOTHING


def send(message: Message, *, reference: str) -> None:
    """Hand a message to the mail server; in a training copy, keep it (`outbox`).

    Args:
        reference: the same for each attempt to send the same message. It becomes the Message-ID, by
            which mail systems recognise a message that arrives twice.

    Raises: NotDelivered, OutcomeUnknown, RefusedForGood.
    """
    letter = EmailMessage(
        subject=message.subject,
        body=message.body,
        to=[message.address],
        # Nobody answers these messages, and programs should not either.
        headers={"Auto-Submitted": "auto-generated", "Message-ID": _message_id(reference)},
    )
    if is_training():
        # Whatever EMAIL_URL says, and whoever changed the backend.
        keep(letter)
        return
    connection = get_connection()
    # What the server says repeats the address: neither the reply nor its exception goes on.
    try:
        connection.open()
        _note_handing_over(connection)
        connection.send_messages([letter])
    except smtplib.SMTPRecipientsRefused as refused:
        codes = [code for code, _reply in refused.recipients.values()]
        raise _outcome(min(codes, default=0)) from None
    except smtplib.SMTPResponseException as refused:
        is_about_the_message = isinstance(refused, smtplib.SMTPDataError)
        raise _outcome(refused.smtp_code if is_about_the_message else 0) from None
    except (smtplib.SMTPException, OSError) as error:
        handed_over = getattr(connection, "handed_over", False)
        fault = OutcomeUnknown if handed_over else NotDelivered
        raise fault(type(error).__name__) from None
    except ValueError:
        raise RefusedForGood("the address cannot be written") from None
    finally:
        # The server has the message already: how the connection ends changes nothing.
        with suppress(smtplib.SMTPException, OSError):
            connection.close()


def _note_handing_over(connection: Any) -> None:
    """Have the connection say, in `handed_over`, whether it began to hand a message over."""
    server = getattr(connection, "connection", None)
    if not isinstance(server, smtplib.SMTP):
        return
    hand_over = server.data

    def data(message: Any) -> Any:
        connection.handed_over = True
        return hand_over(message)

    server.data = data  # type: ignore[assignment,method-assign]


def _outcome(code: int) -> Exception:
    return (RefusedForGood if code >= PERMANENT else NotDelivered)(f"SMTP {code}")


def _message_id(reference: str) -> str:
    _name, sender = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return f"<{reference}@{sender.rpartition('@')[2]}>"
