"""What this room adds to the admin: the desk, the candidacies, the history, and sealed pages."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLResolver, include, path, reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.models import Page

from cms.candidacies.sealed import holds_sealed_pages
from cms.moderation import log_actions, sealed_views
from cms.moderation.home_panel import PendingPanel
from cms.moderation.permissions import reviewed_kinds
from cms.moderation.register import may_read


class _DeskMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return bool(reviewed_kinds(request.user))


@hooks.register("register_admin_urls")
def desk_urls() -> list[URLResolver]:
    return [
        path("revision/", include("cms.moderation.urls")),
        path("candidaturas/", include("cms.moderation.register_urls")),
    ]


@hooks.register("register_admin_menu_item")
def desk_menu_item() -> MenuItem:
    return _DeskMenuItem(
        _("Revisión"),
        reverse_lazy("moderation:queue"),
        name="revision",
        icon_name="clipboard-list",
        order=50,
    )


class _CandidaciesMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return may_read(request.user)


@hooks.register("register_admin_menu_item")
def candidacies_menu_item() -> MenuItem:
    return _CandidaciesMenuItem(
        _("Candidaturas"),
        reverse_lazy("register:index"),
        name="candidaturas",
        icon_name="user",
        order=55,
    )


@hooks.register("construct_homepage_panels")
def pending_on_the_home_page(request: HttpRequest, panels: list[Any]) -> None:
    if reviewed_kinds(request.user):
        panels.append(PendingPanel())


@hooks.register("register_log_actions")
def decisions_in_history(actions: Any) -> None:
    log_actions.register(actions)


@hooks.register("register_admin_viewset")
def sealed_viewsets() -> list[sealed_views.SealedPageViewSet]:
    return sealed_views.viewsets()


@hooks.register("before_delete_page")
@hooks.register("before_move_page")
@hooks.register("before_copy_page")
@hooks.register("before_unpublish_page")
def keep_sealed_descendants(request: HttpRequest, page: Page, *args: Any) -> HttpResponse | None:
    """Refuse to delete, move, copy or unpublish a page that is sealed or has sealed descendants."""
    return sealed_views.refuse(request) if holds_sealed_pages(page) else None


@hooks.register("before_bulk_action")
def keep_sealed_descendants_in_bulk(
    request: HttpRequest, action_type: str, objects: list[Any], action: Any
) -> HttpResponse | None:
    """Refuse the same for a selection of pages."""
    if action_type not in {"delete", "move", "unpublish"}:
        return None
    holds = any(isinstance(item, Page) and holds_sealed_pages(item) for item in objects)
    return sealed_views.refuse(request) if holds else None
