"""How the history of a page words the entries of decisions."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.log_actions import LogActionRegistry, LogFormatter

from cms.candidacies import people

APPROVED = "moderation.approve"
RETURNED = "moderation.return"
PUBLISHED_AFTER_SILENCE = "moderation.publish_waiting"


class _Approved(LogFormatter):
    label = gettext_lazy("Aprobar envío")

    def format_message(self, log_entry: Any) -> str:
        return _("Aprobó el envío %(number)s") % {"number": log_entry.data.get("envio", "")}


class _Returned(LogFormatter):
    label = gettext_lazy("Devolver envío")

    def format_message(self, log_entry: Any) -> str:
        count = log_entry.data.get("observaciones", 0)
        return ngettext(
            "Devolvió el envío %(number)s con %(count)s observación",
            "Devolvió el envío %(number)s con %(count)s observaciones",
            count,
        ) % {"number": log_entry.data.get("envio", ""), "count": count}


class _PublishedAfterSilence(LogFormatter):
    label = gettext_lazy("Publicar al terminar la veda")

    def format_message(self, log_entry: Any) -> str:
        return _("Se publicó, al terminar la veda, el envío %(number)s") % {
            "number": log_entry.data.get("envio", "")
        }


class _SamePerson(LogFormatter):
    label = gettext_lazy("Unir con otra candidatura")

    def format_message(self, log_entry: Any) -> str:
        return _("Anotó que es la misma persona que la candidatura %(other)s: %(reason)s") % {
            "other": log_entry.data.get("otra", ""),
            "reason": log_entry.data.get("porque", ""),
        }


class _OtherPerson(LogFormatter):
    label = gettext_lazy("Separar de otra candidatura")

    def format_message(self, log_entry: Any) -> str:
        reason = log_entry.data.get("porque", "")
        return _("Anotó que no es la misma persona: %(reason)s") % {"reason": reason}


def register(actions: LogActionRegistry) -> None:
    """Register the wording of each entry."""
    actions.register_action(APPROVED)(_Approved)
    actions.register_action(RETURNED)(_Returned)
    actions.register_action(PUBLISHED_AFTER_SILENCE)(_PublishedAfterSilence)
    actions.register_action(people.LINKED)(_SamePerson)
    actions.register_action(people.SEPARATED)(_OtherPerson)
