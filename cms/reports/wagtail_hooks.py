"""What this room adds to the admin: the progress, its menu item, and the rule of what is idle."""

from typing import Any, ClassVar

from django.http import HttpRequest
from django.urls import URLResolver, include, path, reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.permissions import register_permission_policy

from cms.catalogs.permissions import NeverDeleted
from cms.catalogs.viewsets import CatalogViewSet
from cms.reports import log_actions
from cms.reports.models import FollowUpRule
from cms.reports.permissions import may_see

register_permission_policy(FollowUpRule, NeverDeleted(FollowUpRule))


class FollowUpRuleViewSet(CatalogViewSet):
    """From how many days without movement a questionnaire is counted apart, process by process."""

    model = FollowUpRule
    icon = "time"
    menu_label = _("Reglas de seguimiento")
    add_to_settings_menu = True
    help_texts: ClassVar = {
        "process": _("La regla es de este proceso; sin regla, se cuentan desde los 7 días.")
    }
    form_fields = ("process", "idle_days")
    list_display = ("process", "idle_days")


@hooks.register("register_admin_viewset")
def follow_up_viewset() -> FollowUpRuleViewSet:
    return FollowUpRuleViewSet()


class _ProgressMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return may_see(request.user)


@hooks.register("register_admin_urls")
def progress_urls() -> list[URLResolver]:
    return [path("avance/", include("cms.reports.urls"))]


@hooks.register("register_admin_menu_item")
def progress_menu_item() -> MenuItem:
    return _ProgressMenuItem(
        _("Avance"), reverse_lazy("reports:progress"), name="avance", icon_name="table", order=45
    )


@hooks.register("register_log_actions")
def downloads_in_history(actions: Any) -> None:
    log_actions.register(actions)
