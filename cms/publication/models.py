"""Evidence of what came in from outside."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cms.catalogs.models import Process


class ImportRecord(models.Model):
    """A file that changed something: who brought it, its hash, its source and the counts."""

    process = models.ForeignKey(Process, models.CASCADE, related_name="+")
    command = models.CharField(max_length=40)
    profile = models.CharField(max_length=40)
    source = models.CharField(_("archivo"), max_length=255)
    sha256 = models.CharField(max_length=64)
    published = models.BooleanField(_("publicado"), default=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    operator = models.CharField(_("quién lo ejecutó"), max_length=150)
    counts = models.JSONField()
    imported_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("importación")
        verbose_name_plural = _("importaciones")
        ordering: ClassVar = ["-imported_at"]

    def __str__(self) -> str:
        return f"{self.command} · {self.source}"
