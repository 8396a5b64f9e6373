"""Links with which somebody chooses the first password of an account. ADR 0055."""

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Way(models.TextChoices):
    """How a link reaches somebody."""

    MAIL = "correo", _("Por correo")
    PAPER = "papel", _("En una hoja impresa")


class LinkState(models.TextChoices):
    """What a link is worth."""

    OPEN = "vigente", _("Vigente")
    USED = "usado", _("Ya se usó")
    SUPERSEDED = "sustituido", _("Hay uno más nuevo")
    REVOKED = "anulado", _("Anulado")
    EXPIRED = "vencido", _("Venció")


class ActivationLink(models.Model):
    """A link that was given to the owner of an account. An account has one open link at most.

    The link's code is in no column. It is derived from `salt` with the installation's key, so that
    mail and paper can be made again; `digest` is the SHA-256 by which an arriving code is found.

    Attributes:
        opened_at: when its page was first shown, perhaps to a program that reads mail.
        received_at: when a person first pressed the button that says so.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="activation_links"
    )
    salt = models.CharField(max_length=32)
    digest = models.CharField(max_length=64, unique=True)
    way = models.CharField(max_length=6, choices=Way.choices)
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    expires_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)
    superseded_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    wagtail_reference_index_ignore = True

    class Meta:
        app_label = "accounts"
        verbose_name = _("enlace para activar una cuenta")
        verbose_name_plural = _("enlaces para activar cuentas")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user"],
                condition=models.Q(used_at=None, superseded_at=None, revoked_at=None),
                name="one_open_activation_link_per_account",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"

    def state(self, at: datetime) -> LinkState:
        """What the link is worth at an instant, whatever became of its account."""
        if self.used_at is not None:
            return LinkState.USED
        if self.revoked_at is not None:
            return LinkState.REVOKED
        if self.superseded_at is not None:
            return LinkState.SUPERSEDED
        return LinkState.OPEN if at < self.expires_at else LinkState.EXPIRED
