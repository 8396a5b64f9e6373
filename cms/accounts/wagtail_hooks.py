"""What this room adds to the admin: attempts to sign in, for administrators."""

from typing import Any

from django.http import HttpRequest
from django.urls import URLResolver, include, path
from wagtail import hooks

from cms.accounts import admin_views
from cms.accounts.home_panel import SignInsPanel
from cms.accounts.permissions import may_administer


@hooks.register("register_admin_urls")
def attempts_urls() -> list[URLResolver]:
    patterns = [path("<int:user_id>/dejar-entrar/", admin_views.let_in, name="let_in")]
    return [path("intentos/", include((patterns, "accounts")))]


@hooks.register("construct_homepage_panels")
def attempts_on_the_home_page(request: HttpRequest, panels: list[Any]) -> None:
    if may_administer(request.user):
        panels.append(SignInsPanel())
