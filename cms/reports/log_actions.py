"""How the history of a process words what is done with its progress."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.log_actions import LogActionRegistry, LogFormatter

DOWNLOADED = "reports.download"


class _Downloaded(LogFormatter):
    label = gettext_lazy("Descargar el avance")

    def format_message(self, log_entry: Any) -> str:
        said = _("Descargó el avance, con nombres") if log_entry.data.get("nombres") else ""
        return said or _("Descargó el avance")


def register(actions: LogActionRegistry) -> None:
    """Register the wording of each entry."""
    actions.register_action(DOWNLOADED)(_Downloaded)
