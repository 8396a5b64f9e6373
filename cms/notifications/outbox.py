"""Where the mail of a training copy goes: into a table that the trainer reads (ADR 0060)."""

from collections.abc import Sequence
from datetime import timedelta
from email.utils import make_msgid
from typing import Final

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

from cms.catalogs.training import is_training
from cms.notifications.models import TrainingMessage

KEPT: Final = timedelta(days=30)


class OutboxBackend(BaseEmailBackend):
    """Django's way of sending, for a training copy: it keeps messages and sends none."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Keep them; returns how many."""
        for letter in email_messages:
            keep(letter)
        return len(email_messages)


def keep(letter: EmailMessage) -> TrainingMessage:
    """Write a message down in place of sending it. One that is tried again is kept once."""
    said = {
        "recipients": ", ".join(letter.recipients()),
        "subject": str(letter.subject),
        "body": str(letter.body),
    }
    reference = letter.extra_headers.get("Message-ID") or make_msgid(domain="localhost")
    kept, _is_new = TrainingMessage.objects.update_or_create(reference=reference, defaults=said)
    return kept


def purge() -> int:
    """Delete what is old; where no training copy is any more, everything. Returns how many."""
    rows = TrainingMessage.objects.all()
    if is_training():
        rows = rows.filter(kept_at__lt=timezone.now() - KEPT)
    return rows.delete()[0]
