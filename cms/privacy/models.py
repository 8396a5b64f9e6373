"""Privacy notices and who accepted which text."""

from typing import ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

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


class SimplifiedNotice(models.Model):
    """A version of the simplified privacy notice. The newest in force is the one shown.

    The fields are the elements that LGPDPPSO 22 asks of the simplified notice; none may be empty.
    """

    title = models.CharField(_("título"), max_length=160)
    responsible = models.TextField(_("responsable y domicilio"))
    purposes = models.TextField(_("finalidades"))
    consent_purposes = models.TextField(_("finalidades que requieren consentimiento"))
    transfers = models.TextField(_("transferencias"))
    refusal = models.TextField(_("cómo negarse antes del tratamiento"))
    integral_notice = models.TextField(_("dónde está el aviso integral"))
    in_force_from = models.DateTimeField(_("vigente desde"))

    class Meta:
        verbose_name = _("aviso de privacidad simplificado")
        verbose_name_plural = _("avisos de privacidad simplificados")
        ordering: ClassVar = ["-in_force_from"]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        """No element may be blank (LGPDPPSO 22; an omission is sanctioned, 132-V)."""
        super().clean()
        empty = [name for name in NOTICE_ELEMENTS if not getattr(self, name).strip()]
        if empty:
            message = _("Este elemento es obligatorio en el aviso simplificado (LGPDPPSO 22).")
            raise ValidationError(dict.fromkeys(empty, message))
