"""How the history of a candidacy words what happened to its register."""

from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.log_actions import LogActionRegistry, LogFormatter

from cms.catalogs.models import EndCause

ENDED = "candidacies.end"
REPLACED = "candidacies.replace"
REINSTATED = "candidacies.reinstate"
CORRECTED = "candidacies.correct"


class _Ended(LogFormatter):
    label = gettext_lazy("Dar de baja")

    def format_message(self, log_entry: Any) -> str:
        day = date.fromisoformat(log_entry.data["fecha"])
        return _("Dio de baja la candidatura por %(cause)s, con fecha %(day)s") % {
            "cause": EndCause(log_entry.data["causa"]).label,
            "day": date_format(day, r"j \d\e F \d\e Y").lower(),
        }


class _Replaced(LogFormatter):
    label = gettext_lazy("Sustituir")

    def format_message(self, log_entry: Any) -> str:
        return _("Registró a quien sustituye (candidatura %(number)s)") % {
            "number": log_entry.data["sustituta"]
        }


class _Reinstated(LogFormatter):
    label = gettext_lazy("Dejar sin efecto la baja")

    def format_message(self, log_entry: Any) -> str:
        return _("Dejó sin efecto la baja")


class _Corrected(LogFormatter):
    label = gettext_lazy("Corregir el registro")

    def format_message(self, log_entry: Any) -> str:
        return _("Corrigió datos del registro")


def register(actions: LogActionRegistry) -> None:
    """Register the wording of each entry."""
    for action, formatter in (
        (ENDED, _Ended),
        (REPLACED, _Replaced),
        (REINSTATED, _Reinstated),
        (CORRECTED, _Corrected),
    ):
        actions.register_action(action)(formatter)
