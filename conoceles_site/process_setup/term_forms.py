"""The form of the terms of a process."""

from typing import Any, ClassVar

from django import forms
from django.contrib.postgres.forms import SimpleArrayField
from django.utils.translation import gettext_lazy as _

from cms.catalogs.forms import CatalogForm
from cms.catalogs.models import TermRules


class ReminderDaysField(SimpleArrayField):
    """Days parted by commas or spaces."""

    default_error_messages: ClassVar = {"item_invalid": _("El día %(nth)s:")}

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str):
            value = ",".join(value.replace(",", " ").replace(";", " ").split())
        return super().to_python(value)


class TermRulesForm(CatalogForm):
    """How long each term of a process is, and when who has not sent is reminded."""

    reminder_days = ReminderDaysField(
        forms.IntegerField(min_value=1, max_value=365),
        label=_("Días del plazo en que se recuerda por correo"),
        required=False,
        help_text=_(
            "Separados por comas: 10, 13, 15. El día 1 es el que sigue a la entrega de la cuenta."
            " El último día y el día después de vencido se avisa siempre. Si lo dejas vacío,"
            " solo se avisa en esos dos."
        ),
    )

    class Meta:
        model = TermRules
        fields = (
            "capture_number",
            "capture_calendar",
            "replacement_number",
            "replacement_calendar",
            "correction_number",
            "correction_calendar",
            "every_day",
            "reminder_days",
            "resignation_limit",
        )
        labels: ClassVar = {
            "capture_calendar": _("El plazo de captura se cuenta en"),
            "replacement_calendar": _("El de quien sustituye se cuenta en"),
            "correction_calendar": _("El plazo para corregir se cuenta en"),
        }
        help_texts: ClassVar = {
            "capture_number": _("Desde la entrega de la cuenta, que no se cuenta."),
            "replacement_number": _("Quien sustituye a otra persona tiene su propio plazo."),
            "correction_number": _("Desde que el Instituto observa un envío."),
            "every_day": _(
                "Márcalo si en este proceso sábados, domingos e inhábiles también cuentan en los"
                " plazos en días hábiles (LGSMIME, art. 7)."
            ),
            "resignation_limit": _(
                "Cuántos días antes de la jornada se avisa que ya no hay sustitución por renuncia."
                " La ley dice 30 (LGIPE, art. 241); el Consejo decide."
            ),
        }
