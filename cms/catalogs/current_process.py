"""Which process the portal shows: chosen by somebody who was told what citizens will see."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.log_actions import LogActionRegistry, LogFormatter, log

from cms.catalogs.models import PortalSettings, Process

MAY_CHOOSE = "catalogs.change_portalsettings"
MADE_CURRENT = "catalogs.make_current"


class CurrentMoved(Exception):
    """Somebody else made another process current meanwhile; nothing was changed."""


class _MadeCurrent(LogFormatter):
    label = gettext_lazy("Hacer vigente")

    def format_message(self, log_entry: Any) -> str:
        before = log_entry.data.get("antes")
        if not before:
            return _("Lo hizo el proceso vigente del portal")
        return _("Lo hizo el proceso vigente del portal, en lugar de «%(before)s»") % {
            "before": before
        }


def register(actions: LogActionRegistry) -> None:
    """Register the wording of the entry in the history of a process."""
    actions.register_action(MADE_CURRENT)(_MadeCurrent)


def chosen_process() -> Process | None:
    """The process that staff chose for the portal; None while nobody did (one query)."""
    return Process.objects.filter(pk__in=PortalSettings.objects.values("current_process")).first()


@transaction.atomic
def make_current(*, process: Process, instead_of: int | None, by: Any) -> None:
    """Show a process in the portal from now on. Doing it again changes nothing.

    Args:
        instead_of: the process (id) that was current when the consequences were shown; None: none.

    Raises: PermissionDenied, CurrentMoved.
    """
    if not by.has_perm(MAY_CHOOSE):
        raise PermissionDenied
    PortalSettings.load()
    portal = PortalSettings.objects.select_for_update(of=("self",)).order_by("pk")[0]
    before = portal.current_process
    if portal.current_process_id == process.pk:
        return
    if portal.current_process_id != instead_of:
        raise CurrentMoved
    portal.current_process = process
    portal.save(update_fields=["current_process"])
    said = {"antes": str(before)} if before is not None else {}
    log(instance=process, action=MADE_CURRENT, user=by, data=said)
