"""What this room adds to the admin: rehearsals, and their entries in the history of a process."""

from typing import Any

from django.urls import URLResolver, include, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.log_actions import LogFormatter

from cms.demo.rehearsals import MADE, REMOVED


@hooks.register("register_admin_urls")
def rehearsal_urls() -> list[URLResolver]:
    return [path("ensayos/", include("cms.demo.urls"))]


class _Made(LogFormatter):
    label = gettext_lazy("Hacer un ensayo")

    def format_message(self, log_entry: Any) -> str:
        return _("Hizo el ensayo «%(name)s»") % {"name": log_entry.data.get("ensayo", "")}


class _Removed(LogFormatter):
    label = gettext_lazy("Quitar un ensayo")

    def format_message(self, log_entry: Any) -> str:
        return _("Quitó el ensayo «%(name)s»") % {"name": log_entry.data.get("ensayo", "")}


@hooks.register("register_log_actions")
def rehearsals_in_history(actions: Any) -> None:
    actions.register_action(MADE)(_Made)
    actions.register_action(REMOVED)(_Removed)
