"""What an institute decides about how it follows its process."""

from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from cms.catalogs.models import Process

USUAL_IDLE_DAYS = 7


class FollowUpRule(models.Model):
    """After how many days without movement a questionnaire of a process is counted as idle."""

    process = models.OneToOneField(
        Process, models.CASCADE, related_name="+", verbose_name=_("proceso")
    )
    idle_days = models.PositiveSmallIntegerField(
        _("días sin movimiento"),
        default=USUAL_IDLE_DAYS,
        validators=[MinValueValidator(1), MaxValueValidator(120)],
        help_text=_(
            "Días naturales, de 1 a 120. El avance cuenta aparte los cuestionarios que llevan al"
            " menos estos días en el mismo punto. No es un plazo y no cambia nada en público."
        ),
    )

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("regla de seguimiento")
        verbose_name_plural = _("reglas de seguimiento")
        permissions: ClassVar = [("view_progress", _("Puede ver el avance del proceso"))]

    def __str__(self) -> str:
        return str(self.process)
