"""Makes the admin the institute's tool: no links to Wagtail's own sites, which are in English."""

from typing import Any, cast

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import URLResolver, include, path
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic.base import BaseListingView
from wagtail.sites.views import IndexView as ListOfSites

from cms.accounts.models import User
from cms.accounts.permissions import may_administer
from cms.catalogs import current_process
from conoceles_site import search_panel, staff_search
from conoceles_site.manuals import menu as manuals_menu
from conoceles_site.next_actions import NextActionsPanel
from conoceles_site.training_mail import TrainingMailMenuItem, TrainingMailView

_ELSEWHERE = ("whats-new-in-wagtail", "editor-guide")
# The items of the reports that `admin_pages.NOT_SHOWN` closes.
_REPORTS_NOT_SHOWN = {"aging-pages", "page-types-usage", "workflows", "workflow-tasks"}


@hooks.register("construct_help_menu")
def help_in_spanish_only(request: HttpRequest, items: list[Any]) -> None:
    items[:] = [item for item in items if not item.name.startswith(_ELSEWHERE)]


for _item in manuals_menu.items():
    hooks.register("register_help_menu_item", lambda item=_item: item)


@hooks.register("construct_reports_menu")
def only_reports_of_use(request: HttpRequest, items: list[Any]) -> None:
    items[:] = [item for item in items if item.name not in _REPORTS_NOT_SHOWN]


@hooks.register("construct_homepage_panels")
def next_actions_on_the_home_page(request: HttpRequest, panels: list[Any]) -> None:
    panels.append(NextActionsPanel(cast(User, request.user)))


@hooks.register("register_admin_urls")
def search_urls() -> list[URLResolver]:
    patterns = [path("reintentar/", search_panel.try_again_view, name="try_again")]
    return [path("buscador/", include((patterns, "search_panel")))]


@hooks.register("register_admin_urls")
def setup_urls() -> list[URLResolver]:
    return [path("procesos/", include("conoceles_site.process_setup.urls"))]


@hooks.register("register_admin_urls")
def training_urls() -> list[URLResolver]:
    patterns = [path("correos/", TrainingMailView.as_view(), name="mail")]
    return [path("capacitacion/", include((patterns, "training")))]


@hooks.register("register_admin_menu_item")
def training_mail_menu_item() -> MenuItem:
    return TrainingMailMenuItem()


@hooks.register("register_log_actions")
def current_process_in_history(actions: Any) -> None:
    current_process.register(actions)


@hooks.register("construct_homepage_panels")
def search_on_the_home_page(request: HttpRequest, panels: list[Any]) -> None:
    if may_administer(request.user):
        panels.append(search_panel.SearchPanel())


@hooks.register("insert_global_admin_js")
def errors_in_one_place() -> SafeString:
    return format_html('<script src="{}" defer></script>', static("js/admin-errors.js"))


@hooks.register("insert_global_admin_css")
def styles_of_ours() -> SafeString:
    return format_html('<link rel="stylesheet" href="{}">', static("css/admin.css"))


# Wagtail makes headings of field names with this, which no translation reaches.
_HEADINGS = {
    "port": _("Puerto"),
    "site_name": _("Nombre del sitio"),
    "root_page": _("Página principal"),
}
for _column in ListOfSites.columns:
    _column.label = _HEADINGS.get(_column.name, _column.label)

BaseListingView.search_queryset = staff_search.search_listing
