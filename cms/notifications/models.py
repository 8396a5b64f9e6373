"""What has to be told to whom, and whether it was. Rows hold keys: no name, address or text.

Only a training copy, whose data are fictitious, keeps messages themselves.
"""

from datetime import timedelta
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

# Longer than a mail server may take to answer: by then whoever was sending it is gone.
LONGEST_ATTEMPT = timedelta(minutes=15)


class NotificationQuerySet(models.QuerySet["Notification"]):
    """Notifications, by what became of them."""

    def doubtful(self) -> "NotificationQuerySet":
        """Those of which nobody knows whether they left. A person decides about each."""
        long_ago = timezone.now() - LONGEST_ATTEMPT
        unknown = Q(doubtful_at__isnull=False) | Q(attempted_at__lt=long_ago)
        return self.filter(unknown, sent_at=None, dropped_at=None, refused_at=None)


class Notification(models.Model):
    """One message to one recipient about one thing. It is sent once, however often it is asked for.

    `about` and `recipient` are keys whose meaning only the kind knows: what is told, and to whom.
    The message itself is written when it is sent, and is not kept.
    """

    kind = models.CharField(max_length=40)
    about = models.BigIntegerField()
    recipient = models.BigIntegerField()
    created_at = models.DateTimeField(default=timezone.now, db_index=True)
    sent_at = models.DateTimeField(_("enviada"), null=True)
    dropped_at = models.DateTimeField(
        _("descartada"), null=True, help_text="Nobody to tell any more, or nothing left to say."
    )
    refused_at = models.DateTimeField(
        _("rechazada"), null=True, help_text="The mail server refused this address for good."
    )
    attempted_at = models.DateTimeField(
        null=True, help_text="Of a message that is sent at most once: it is being sent since then."
    )
    doubtful_at = models.DateTimeField(
        _("dudosa"), null=True, help_text="It is not known whether the mail server took it."
    )

    objects: ClassVar = NotificationQuerySet.as_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("notificación")
        verbose_name_plural = _("notificaciones")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["kind", "about", "recipient"], name="each_recipient_is_told_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.about} → {self.recipient}"

    @property
    def is_settled(self) -> bool:
        """Whether nothing is left to do."""
        return any((self.sent_at, self.dropped_at, self.refused_at))


class TrainingMessage(models.Model):
    """A message that a training copy did not send. Only training copies have rows (ADR 0060)."""

    reference = models.CharField(max_length=255, unique=True)
    recipients = models.TextField(_("para"))
    subject = models.TextField(_("asunto"))
    body = models.TextField(_("mensaje"))
    kept_at = models.DateTimeField(_("fecha"), default=timezone.now, db_index=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("correo de la capacitación")
        verbose_name_plural = _("correos de la capacitación")
        ordering: ClassVar = ["-kept_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.pk}"
