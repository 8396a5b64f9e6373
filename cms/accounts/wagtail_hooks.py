"""What this room adds to the admin: accounts, their audit, and attempts to sign in."""

from collections.abc import Iterable
from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest
from django.urls import URLPattern, URLResolver, include, path, reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from cms.accounts import admin_views, audit
from cms.accounts.home_panel import SignInsPanel
from cms.accounts.models import User
from cms.accounts.permissions import may_administer


@hooks.register("register_admin_urls")
def attempts_urls() -> list[URLPattern | URLResolver]:
    if not settings.SERVE_INTERNAL_SITE:
        return []
    # These need django-allauth, which is not installed where nobody signs in.
    from cms.accounts import lost_factor
    from cms.accounts.audit_view import AuditView

    patterns = [path("<int:user_id>/dejar-entrar/", admin_views.let_in, name="let_in")]
    events = [
        path("", AuditView.as_view(), name="index"),
        path("resultados/", AuditView.as_view(results_only=True), name="results"),
    ]
    return [
        path("intentos/", include((patterns, "accounts"))),
        path("auditoria/", include((events, "audit"))),
        path("segundo-paso/", lost_factor.take, name="lost_factor"),
    ]


class _ForAdministrators(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return may_administer(request.user)


@hooks.register("register_reports_menu_item")
def audit_menu_item() -> MenuItem:
    return _ForAdministrators(
        _("Auditoría de cuentas"), reverse_lazy("audit:index"), icon_name="history", order=1000
    )


@hooks.register("register_settings_menu_item")
def lost_factor_menu_item() -> MenuItem:
    return _ForAdministrators(
        _("Quitar un segundo paso"), reverse_lazy("lost_factor"), icon_name="key", order=650
    )


@hooks.register("register_admin_menu_item")
def own_account_menu_item() -> MenuItem:
    """Everybody's own account, where passwords, factors and sessions are."""
    return MenuItem(_("Mi cuenta"), reverse_lazy("account_home"), icon_name="user", order=9000)


@hooks.register("before_bulk_action")
def bulk_deletions_are_written_down(
    request: HttpRequest, action_type: str, objects: Iterable[Any], action: Any
) -> None:
    if action.model is User and action_type == "delete":
        for user in objects:
            audit.record(audit.Event.DELETED, account=user, by=cast(User, request.user))


@hooks.register("after_bulk_action")
def bulk_changes_are_written_down(
    request: HttpRequest, action_type: str, objects: Iterable[Any], action: Any
) -> None:
    events = {"assign_role": audit.Event.ROLE_CHANGED, "set_active_state": None}
    if action.model is not User or action_type not in events:
        return
    event = events[action_type]
    if event is None:
        is_active = action.cleaned_form.cleaned_data["mark_as_active"]
        event = audit.Event.REACTIVATED if is_active else audit.Event.DEACTIVATED
    for user in objects:
        audit.record(event, account=user, by=cast(User, request.user))


@hooks.register("construct_homepage_panels")
def attempts_on_the_home_page(request: HttpRequest, panels: list[Any]) -> None:
    if may_administer(request.user):
        panels.append(SignInsPanel())
