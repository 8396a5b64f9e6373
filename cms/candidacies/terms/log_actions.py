"""How the history words what is done with terms. Entries say until when, and never why."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.log_actions import LogActionRegistry, LogFormatter

from cms.catalogs.listing import moment_in

REOPENED = "candidacies.reopen_term"
COUNTED_AGAIN = "candidacies.recount_terms"


class _Reopened(LogFormatter):
    label = gettext_lazy("Reabrir el plazo")

    def format_message(self, log_entry: Any) -> str:
        until = datetime.fromisoformat(log_entry.data["hasta"])
        return _("Reabrió el plazo hasta el %s") % moment_in(until, until.tzinfo)


class _CountedAgain(LogFormatter):
    label = gettext_lazy("Volver a contar los plazos")

    def format_message(self, log_entry: Any) -> str:
        number = log_entry.data.get("cuantos", 0)
        said = ngettext(
            "Volvió a contar los plazos: se alargó %d",
            "Volvió a contar los plazos: se alargaron %d",
            number,
        )
        return str(said % number)


def register(actions: LogActionRegistry) -> None:
    """Register the wording of each entry."""
    actions.register_action(REOPENED)(_Reopened)
    actions.register_action(COUNTED_AGAIN)(_CountedAgain)
