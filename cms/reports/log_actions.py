"""How the history of a process words what is done with its progress."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.log_actions import LogActionRegistry, LogFormatter

DOWNLOADED = "reports.download"
TERMS_DOWNLOADED = "reports.download_terms"


class _Downloaded(LogFormatter):
    label = gettext_lazy("Descargar el avance")

    def format_message(self, log_entry: Any) -> str:
        said = _("Descargó el avance, con nombres") if log_entry.data.get("nombres") else ""
        return said or _("Descargó el avance")


class _TermsDownloaded(LogFormatter):
    label = gettext_lazy("Descargar los plazos")

    def format_message(self, log_entry: Any) -> str:
        return _("Descargó los plazos, con nombres")


def register(actions: LogActionRegistry) -> None:
    """Register the wording of each entry."""
    actions.register_action(DOWNLOADED)(_Downloaded)
    actions.register_action(TERMS_DOWNLOADED)(_TermsDownloaded)
