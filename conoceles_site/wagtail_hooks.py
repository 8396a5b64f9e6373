"""The admin as the institute's own tool: without doors to Wagtail's sites, which are in English."""

from typing import Any

from django.http import HttpRequest
from wagtail import hooks

_ELSEWHERE = ("whats-new-in-wagtail", "editor-guide")


@hooks.register("construct_help_menu")
def help_in_spanish_only(request: HttpRequest, items: list[Any]) -> None:
    items[:] = [item for item in items if not item.name.startswith(_ELSEWHERE)]
