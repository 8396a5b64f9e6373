"""Refuses addresses of the admin that name a page which the account may not explore (ADR 0020).

It runs before every view of the admin, so it also covers views that a later version of Wagtail
adds. Each view still checks its own permission.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.apps import apps
from django.http import Http404, HttpRequest, HttpResponse
from wagtail.models import Page
from wagtail.permissions import policy_registry

from cms.candidacies.exploring import may_explore
from cms.candidacies.sealed import holds_sealed_pages, is_sealed

ADMIN = "/admin/"
PAGE_ARGUMENTS = frozenset(
    {"page_id", "parent_page_id", "page_to_move_id", "page_pk", "destination_id"}
)
PAGE_NAMESPACES = ("wagtailadmin_pages", "wagtailadmin_api:pages")
# Numbers in addresses that are not of pages. A number that a later version adds is taken for that
# of a page.
NOT_PAGES = frozenset(
    {
        "revision_id",
        "revision_id_a",
        "revision_id_b",
        "task_id",
        "task_state_id",
        "workflow_state_id",
    }
)
CHOOSERS = frozenset(
    {
        "wagtailadmin_choose_page",
        "wagtailadmin_choose_page_child",
        "wagtailadmin_choose_page_search",
        "wagtailadmin_choose_page_chosen_multiple",
    }
)
# Reports of Wagtail about pages of every type. What they list are mostly pages that nobody edits,
# with links to addresses that do not exist; the institute's own report is `cms.reports`.
_REPORTS_OF_NO_USE = ("aging_pages", "page_types_usage", "workflow", "workflow_tasks")
NOT_SHOWN = frozenset(
    f"wagtailadmin_reports:{name}{part}" for name in _REPORTS_OF_NO_USE for part in ("", "_results")
)
FILES = {
    "wagtailadmin_api:images": ("wagtailimages", "image"),
    "wagtailadmin_api:documents": ("wagtaildocs", "document"),
}
ANY_USE_OF_A_FILE = ("add", "change", "delete", "choose")
PAGES_IN_QUERY = ("target_pages[]", "parent_page_id")
# The value of a selection that stands for all the pages of a list.
ALL = "all"
# The parameter that names the page to which the list belongs.
BELOW = "childOf"


def _is_page_type(app_label: str, model_name: str) -> bool:
    try:
        return issubclass(apps.get_model(app_label, model_name), Page)
    except (LookupError, ValueError):
        return False


def _named(request: HttpRequest) -> Iterator[str]:
    """Every value in the address that is the number of a page."""
    match = request.resolver_match
    if match is None:
        return
    arguments: dict[str, Any] = match.kwargs
    is_about_pages = match.namespace in PAGE_NAMESPACES
    for name, value in arguments.items():
        is_number = str(value).isdecimal() and name not in NOT_PAGES
        if name in PAGE_ARGUMENTS or (is_about_pages and is_number):
            yield str(value)
    model = (arguments.get("app_label", ""), arguments.get("model_name", ""))
    if _is_page_type(*model):
        yield from (str(arguments[name]) for name in ("object_id",) if name in arguments)
        # A selection of all the pages below a page (`ALL`) names that page.
        yield from (number for number in request.GET.getlist("id") if number != ALL)
        yield from request.GET.getlist(BELOW)
    if match.view_name in CHOOSERS:
        for name in PAGES_IN_QUERY:
            yield from filter(None, request.GET.getlist(name))
        if match.view_name.endswith("chosen_multiple"):
            yield from request.GET.getlist("id")


def _may_use_files(request: HttpRequest) -> bool:
    """Lists of files, and actions on several, show titles to everybody who enters the admin."""
    match = request.resolver_match
    if match is None:
        return True
    arguments = match.kwargs
    named = (arguments.get("app_label"), arguments.get("model_name"))
    model = FILES.get(match.namespace) or (named if named in FILES.values() else None)
    if model is None:
        return True
    policy = policy_registry.get_by_type(apps.get_model(*model))
    return bool(policy.user_has_any_permission(request.user, ANY_USE_OF_A_FILE))


def _asks_for_sealed_types(request: HttpRequest) -> bool:
    """Whether a chooser is asked for pages of a sealed type, which nobody explores."""
    for name in request.GET.get("page_type", "").split(","):
        label, _dot, model = name.partition(".")
        if _is_page_type(label, model) and is_sealed(apps.get_model(label, model)):
            return True
    return False


def _asks_for_all(request: HttpRequest) -> bool:
    """Whether an action is about all the pages of a list, as «Select all» on a long list is."""
    match = request.resolver_match
    arguments: dict[str, Any] = {} if match is None else match.kwargs
    model = (arguments.get("app_label", ""), arguments.get("model_name", ""))
    return _is_page_type(*model) and ALL in request.GET.getlist("id")


def _all_are_editorial(parents: Iterable[int]) -> bool:
    """Whether every page below these may be known, since Wagtail may list them all."""
    pages = list(Page.objects.filter(pk__in=parents))
    return bool(pages) and not any(map(holds_sealed_pages, pages))


class ExplorablePagesMiddleware:
    """Answers 404 if an address names a page or a file that the account may not know about."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        """Runs before the view. Wagtail itself turns away accounts that may not enter the admin."""
        match = request.resolver_match
        if match is None or not request.path_info.startswith(ADMIN):
            return
        if not request.user.has_perm("wagtailadmin.access_admin"):
            return
        if match.view_name in NOT_SHOWN:
            raise Http404
        if not _may_use_files(request):
            raise Http404
        named = list(_named(request))
        is_chooser = match.view_name in CHOOSERS
        if not (named or is_chooser or _asks_for_all(request)):
            return
        if not all(number.isdecimal() and len(number) < 19 for number in named):
            raise Http404
        if not may_explore(request.user, map(int, named)):
            raise Http404
        below = map(int, request.GET.getlist(BELOW))
        if _asks_for_all(request) and not _all_are_editorial(below):
            raise Http404
        if is_chooser and _asks_for_sealed_types(request):
            raise Http404
