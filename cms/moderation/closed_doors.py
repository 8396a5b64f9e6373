"""The editor's views of sealed pages: what may be looked at, and a sentence for everything else.

Wagtail asks the view of each page type here. Anything that is not a listing is refused, whatever
its name, so that a view which a later version adds is closed until somebody opens it.
"""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from wagtail.admin import messages
from wagtail.admin.viewsets.pages import PageViewSet
from wagtail.models import get_page_models

from cms.candidacies.sealed import explanation, is_sealed

READABLE = frozenset({"index", "index_results", "content_type_use", "content_type_use_results"})


def refuse(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """Say why, and go back to the list of pages; a script gets a 403."""
    if request.method != "GET" or request.headers.get("x-requested-with"):
        raise PermissionDenied(explanation())
    messages.error(request, explanation())
    return redirect("wagtailadmin_explore_root")


class SealedPageViewSet(PageViewSet):
    """Lists, and nothing else."""

    icon = "lock"

    def get_view_by_name(self, name: str) -> Any:
        return super().get_view_by_name(name) if name in READABLE else refuse


def viewsets() -> list[SealedPageViewSet]:
    """One for each sealed page type of the installation, whichever application brings it."""
    return [SealedPageViewSet(model=model) for model in get_page_models() if is_sealed(model)]
