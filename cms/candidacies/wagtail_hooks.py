"""What this room adds to the admin: which pages, and which entries of the history, a role reads."""

from typing import Any

from django.http import HttpRequest
from django.urls import URLResolver, include, path, reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.models import Page, PageLogEntry
from wagtail.permissions import register_permission_policy

from cms.accounts.activation import may_hand_out
from cms.accounts.permissions import may_administer
from cms.candidacies.exploring import PagesOfTheRole, explorable, sealed_types
from cms.candidacies.terms import log_actions

register_permission_policy(Page, PagesOfTheRole(Page))

_entries_of_explorable_pages = PageLogEntry.objects.viewable_by_user


def readable_entries(user: Any) -> Any:
    """The history of the site: administrators also read what was decided about candidacies."""
    entries = _entries_of_explorable_pages(user)
    if not may_administer(user):
        return entries
    return entries | PageLogEntry.objects.filter(content_type__in=sealed_types())


PageLogEntry.objects.viewable_by_user = readable_entries


@hooks.register("construct_page_chooser_queryset")
def choose_only_explorable_pages(pages: Any, request: HttpRequest) -> Any:
    """Leave out of the choosers the pages that the account may not explore.

    Wagtail's own list the title of every page, drafts included, to every account of the admin.
    """
    return pages.filter(pk__in=explorable(request.user).values("pk"))


@hooks.register("register_log_actions")
def terms_in_history(actions: Any) -> None:
    log_actions.register(actions)


@hooks.register("register_admin_urls")
def account_urls() -> list[URLResolver]:
    return [path("cuentas/", include("cms.candidacies.own_accounts.urls"))]


class _AccountsMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return may_hand_out(request.user)


@hooks.register("register_admin_menu_item")
def accounts_menu_item() -> MenuItem:
    return _AccountsMenuItem(
        _("Entrega de cuentas"),
        reverse_lazy("own_accounts:current"),
        name="cuentas",
        icon_name="key",
        order=57,
    )
