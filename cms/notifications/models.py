"""What has to be told to whom, and whether it was. Rows hold keys: no name, address or text."""

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


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
