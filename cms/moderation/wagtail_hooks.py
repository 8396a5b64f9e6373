"""What this room adds to the admin: the desk, its entries in the history, and closed doors."""

from typing import Any

from django.http import HttpRequest
from django.urls import URLResolver, include, path, reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from cms.accounts.permissions import may_review
from cms.moderation import closed_doors, log_actions


class _DeskMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return may_review(request.user)


@hooks.register("register_admin_urls")
def desk_urls() -> list[URLResolver]:
    return [path("revision/", include("cms.moderation.urls"))]


@hooks.register("register_admin_menu_item")
def desk_menu_item() -> MenuItem:
    return _DeskMenuItem(
        _("Revisión"),
        reverse_lazy("moderation:queue"),
        name="revision",
        icon_name="clipboard-list",
        order=50,
    )


@hooks.register("register_log_actions")
def decisions_in_history(actions: Any) -> None:
    log_actions.register(actions)


@hooks.register("register_admin_viewset")
def sealed_viewsets() -> list[closed_doors.SealedPageViewSet]:
    return closed_doors.viewsets()
