"""The record of each import."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cms.catalogs.models import Process

COUNTED = {
    "created": _("nuevas"),
    "updated": _("actualizadas"),
    "unchanged": _("sin cambio"),
    "not_applied": _("no aplicadas"),
    "left_alone": _("capturadas aquí, intactas"),
}


class ImportRecord(models.Model):
    """A file that changed something: who brought it, its hash, its source and the counts."""

    process = models.ForeignKey(
        Process, models.CASCADE, related_name="+", verbose_name=_("proceso")
    )
    command = models.CharField(_("comando"), max_length=40)
    profile = models.CharField(_("perfil"), max_length=40)
    source = models.CharField(_("archivo"), max_length=255)
    sha256 = models.CharField(_("SHA-256 del archivo"), max_length=64)
    published = models.BooleanField(_("publicado"), default=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("cuenta"),
    )
    operator = models.CharField(_("quién lo ejecutó"), max_length=150)
    counts = models.JSONField(_("cuentas"))
    imported_at = models.DateTimeField(_("fecha"), auto_now_add=True)

    class Meta:
        verbose_name = _("importación")
        verbose_name_plural = _("importaciones")
        ordering: ClassVar = ["-imported_at"]

    def __str__(self) -> str:
        return f"{self.command} · {self.source}"

    def counts_in_words(self) -> str:
        """What the file changed, in one line."""
        return ", ".join(
            f"{self.counts[name]:,} {word}"
            for name, word in COUNTED.items()
            if self.counts.get(name)
        )

    counts_in_words.short_description = _("qué cambió")  # type: ignore[attr-defined]
