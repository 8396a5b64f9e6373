"""The editor's views of sealed pages: every one is refused.

Wagtail asks here for the views of each page type, also those that a later version of Wagtail adds.
"""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from wagtail.admin import messages
from wagtail.admin.viewsets.pages import PageViewSet
from wagtail.models import get_page_models

from cms.candidacies.sealed import explanation, is_sealed


def refuse(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """Explain why, and redirect to the list of pages; scripts get a 403."""
    if request.method != "GET" or request.headers.get("x-requested-with"):
        raise PermissionDenied(explanation())
    messages.error(request, explanation())
    return redirect("wagtailadmin_explore_root")


class SealedPageViewSet(PageViewSet):
    """Refuses every view."""

    icon = "lock"

    def get_view_by_name(self, name: str) -> Any:
        return refuse


def viewsets() -> list[SealedPageViewSet]:
    """A viewset for each sealed page type of the installation, whichever application brings it."""
    return [SealedPageViewSet(model=model) for model in get_page_models() if is_sealed(model)]
