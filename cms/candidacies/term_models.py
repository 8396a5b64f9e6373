"""Terms of candidacies: when each began, when it ends, and who opened it again."""

from typing import Any, ClassVar, NoReturn

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cms.catalogs.terms import TermCalendar


class StartEvent(models.TextChoices):
    """What starts a term."""

    ACCOUNT_DELIVERED = "entrega_de_cuenta", _("entrega de la cuenta")
    CORRECTION_ASKED = "observacion", _("observación del Instituto")


class CaptureTerm(models.Model):
    """A term of a candidacy, with its end as it was counted when it began (ADR 0057).

    `due_at` is its last instant. A new holiday or another rule moves it only when somebody of the
    institute counts again, and never to an earlier instant; `first_due_at` stays as it was.
    `about` is what was observed, for terms to correct, and 0 for the term of capture. `kind` is
    the questionnaire that it is for; empty: all of them.
    """

    candidacy = models.ForeignKey("candidacies.CandidacyPage", models.CASCADE, related_name="terms")
    event = models.CharField(_("empezó con"), max_length=20, choices=StartEvent.choices)
    about = models.BigIntegerField(default=0)
    kind = models.CharField(max_length=12, blank=True)
    number = models.PositiveIntegerField(_("número"))
    calendar = models.CharField(_("calendario"), max_length=10, choices=TermCalendar.choices)
    starts_at = models.DateTimeField(_("empezó"))
    first_due_at = models.DateTimeField(_("vencía"))
    due_at = models.DateTimeField(_("vence"), db_index=True)
    moved_at = models.DateTimeField(_("se volvió a contar"), null=True)
    begun_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("plazo")
        verbose_name_plural = _("plazos")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["candidacy", "event", "about"], name="one_term_per_event"
            ),
            models.CheckConstraint(
                condition=models.Q(due_at__gte=models.F("first_due_at")),
                name="terms_are_never_shortened",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.candidacy_id}: {self.number} {self.calendar}"


class Reopening(models.Model):
    """A candidacy may send in time again, until an instant: who authorised it, who wrote it, why.

    Append-only (trigger in the migration). `by_name` outlives the account.
    """

    candidacy = models.ForeignKey(
        "candidacies.CandidacyPage", models.CASCADE, related_name="reopenings"
    )
    until = models.DateTimeField(_("hasta"))
    authorised_by = models.CharField(_("quién lo autorizó"), max_length=200)
    reason = models.TextField(_("por qué"))
    made_at = models.DateTimeField(_("anotada"), default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    by_name = models.CharField(_("quién la anotó"), max_length=310)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("reapertura")
        verbose_name_plural = _("reaperturas")
        ordering: ClassVar = ["made_at", "pk"]

    def __str__(self) -> str:
        return f"{self.candidacy_id} → {self.until:%Y-%m-%d %H:%M}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Refuse to save it again; the database does the same."""
        if self.pk is not None:
            raise TypeError("Una reapertura no se modifica.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse: it is evidence. It only goes with a rehearsal. Source: LGA 7, 41."""
        raise TypeError("Una reapertura no se elimina.")
