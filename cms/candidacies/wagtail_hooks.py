"""What this room adds to the admin: which pages each role explores."""

from typing import Any

from django.http import HttpRequest
from wagtail import hooks
from wagtail.models import Page
from wagtail.permissions import register_permission_policy

from cms.accounts.permissions import may_administer
from cms.candidacies.exploring import PagesOfTheRole, explorable

register_permission_policy(Page, PagesOfTheRole(Page))


@hooks.register("construct_page_chooser_queryset")
def choose_only_what_one_explores(pages: Any, request: HttpRequest) -> Any:
    """Wagtail's choosers list every title, drafts too, for whoever enters the admin."""
    return pages.filter(pk__in=explorable(request.user).values("pk"))


@hooks.register("construct_reports_menu")
def reports_that_one_may_read(request: HttpRequest, items: list[Any]) -> None:
    """The use of page types names pages that only whoever administers explores."""
    if not may_administer(request.user):
        items[:] = [item for item in items if item.name != "page-types-usage"]
