"""What happened to candidacies after they were registered: append-only rows (ADR 0058)."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cms.catalogs.models import EndCause

LONGEST_REASON = 1000


class StandingChange(models.TextChoices):
    ENDED = "baja", _("Baja")
    REPLACED = "sustitucion", _("Sustitución")
    REINSTATED = "reversion", _("Baja sin efecto")


class _SaidBy(models.Model):
    """Who wrote a row, and when: the name stays when the account goes."""

    reason = models.TextField(_("motivo"), blank=True, max_length=LONGEST_REASON)
    agreement = models.CharField(_("acuerdo o resolución"), max_length=120, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    by_name = models.CharField(_("quién"), max_length=300)
    at = models.DateTimeField(_("cuándo"))

    class Meta:
        abstract = True


class StatusChange(_SaidBy):
    """A candidacy ended, was replaced, or an end that was a mistake lost its effect.

    Attributes:
        on: the day of the end, as the resolution says. cause: only of an end.
        beyond_limit: the law's limit had passed, and the Council decided (LGIPE 241).
        successor: who replaced it.
    """

    candidacy = models.ForeignKey(
        "candidacies.CandidacyPage", models.CASCADE, related_name="status_changes"
    )
    change = models.CharField(max_length=12, choices=StandingChange.choices)
    cause = models.CharField(max_length=20, choices=EndCause.choices, blank=True)
    on = models.DateField(_("fecha"), null=True)
    beyond_limit = models.BooleanField(default=False)
    successor = models.ForeignKey(
        "candidacies.CandidacyPage", models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("cambio de estado")
        verbose_name_plural = _("cambios de estado")
        ordering: ClassVar = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.candidacy_id}: {self.change}"


class CorrectedField(models.TextChoices):
    NAME = "name", _("Nombre")
    NICKNAME = "nickname", _("Sobrenombre")
    LIST_NUMBER = "list_number", _("Lugar en la lista")
    SEX = "sex", _("Sexo o género")
    AGE = "age", _("Edad al registro")
    ACTOR = "actor", _("Actor político")


class CorrectionKind(models.TextChoices):
    MISTAKE = "error", _("Error de escritura o de captura")
    AGREEMENT = "acuerdo", _("Cambio que aprobó el Consejo General")
    IDENTITY = "identidad", _("Cambio de identidad de la persona")


class RegistrationCorrection(_SaidBy):
    """A field of the register was corrected.

    `before` and `after` are empty of a change of identity: what the register said before is kept
    nowhere (ADR 0058).
    """

    candidacy = models.ForeignKey(
        "candidacies.CandidacyPage", models.CASCADE, related_name="corrections"
    )
    field = models.CharField(max_length=12, choices=CorrectedField.choices)
    kind = models.CharField(max_length=10, choices=CorrectionKind.choices)
    before = models.CharField(max_length=250, blank=True)
    after = models.CharField(max_length=250, blank=True)

    class Meta:
        verbose_name = _("corrección del registro")
        verbose_name_plural = _("correcciones del registro")
        ordering: ClassVar = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.candidacy_id}: {self.field}"

    @property
    def is_identity(self) -> bool:
        """Whether nobody may read what the register said before."""
        return self.kind == CorrectionKind.IDENTITY


def name_of(user: Any) -> str:
    """How a row names the account that wrote it."""
    full = str(user.get_full_name())
    return f"{full} ({user.username})" if full else str(user.username)
