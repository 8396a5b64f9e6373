"""Privacy notices and who accepted which text."""

from datetime import timedelta
from typing import Any, ClassVar, NoReturn

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

# The form offers the moment at which it was opened; a day is enough to write a notice.
SLOW_TYPING = timedelta(days=1)
# In characters; every reader of the capture gets all of them.
LONGEST_PART = 20_000
NOTICE_ELEMENTS = (
    "responsible",
    "purposes",
    "consent_purposes",
    "transfers",
    "refusal",
    "integral_notice",
)


class NoticeAcceptance(models.Model):
    """An account read a notice and accepted it: append-only, with the hash of the text shown.

    Source: LGPDPPSO 14, 21 (nothing is stored, drafts included, before the notice is shown).
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    username = models.CharField(max_length=150)
    capacity = models.CharField(_("calidad"), max_length=24)
    notice_hash = models.CharField(max_length=64)
    accepted_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("aceptación de aviso")
        verbose_name_plural = _("aceptaciones de avisos")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "notice_hash"], name="notice_accepted_once"),
        ]

    def __str__(self) -> str:
        return f"{self.username} · {self.notice_hash[:12]}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Append-only; the database refuses what goes around this (migration 0002)."""
        if self.pk is not None:
            raise TypeError("Una aceptación no se modifica.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """It is the evidence that the text was shown first."""
        raise TypeError("Una aceptación no se elimina.")


class SimplifiedNotice(models.Model):
    """A version of the simplified privacy notice, written once. The newest in force is shown.

    The fields are the elements that LGPDPPSO 22 asks of the simplified notice; none may be empty,
    here and in the database.
    """

    title = models.CharField(_("título"), max_length=160)
    responsible = models.TextField(_("responsable y domicilio"), max_length=LONGEST_PART)
    purposes = models.TextField(_("finalidades"), max_length=LONGEST_PART)
    consent_purposes = models.TextField(
        _("finalidades que requieren consentimiento"), max_length=LONGEST_PART
    )
    transfers = models.TextField(_("transferencias"), max_length=LONGEST_PART)
    refusal = models.TextField(_("cómo negarse antes del tratamiento"), max_length=LONGEST_PART)
    integral_notice = models.TextField(_("dónde está el aviso integral"), max_length=LONGEST_PART)
    in_force_from = models.DateTimeField(_("vigente desde"))

    class Meta:
        verbose_name = _("aviso de privacidad simplificado")
        verbose_name_plural = _("avisos de privacidad simplificados")
        ordering: ClassVar = ["-in_force_from", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(**{f"{name}__regex": r"\S"}), name=f"notice_says_{name}"
            )
            for name in NOTICE_ELEMENTS
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Written once: acceptances keep the hash of this text."""
        if self.pk is not None:
            raise TypeError("Un aviso no se modifica: haz una versión nueva.")
        self.in_force_from = max(self.in_force_from, timezone.now())
        super().save(*args, **kwargs)

    def clean(self) -> None:
        """No element may be blank (LGPDPPSO 22; an omission is sanctioned, 132-V)."""
        super().clean()
        message = _("Este elemento es obligatorio en el aviso simplificado (LGPDPPSO 22).")
        wrong: dict[str, Any] = {
            name: message for name in NOTICE_ELEMENTS if not getattr(self, name).strip()
        }
        earliest = timezone.now() - SLOW_TYPING
        if self.in_force_from is not None and self.in_force_from < earliest:
            wrong["in_force_from"] = _(
                "Un aviso no rige hacia atrás: escribe una fecha y hora que no hayan pasado."
            )
        if wrong:
            raise ValidationError(wrong)
