"""The screen of the progress. The services know the rules; the views know HTTP."""

from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from django.views.generic import View
from wagtail.admin.auth import require_admin_access
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.admin.views.home import HomeView

from cms.accounts.models import User
from cms.catalogs.addresses import public_link
from cms.catalogs.listing import moment
from cms.catalogs.models import Process
from cms.catalogs.public_paths import HOME
from cms.reports import book, selectors, services, tables
from cms.reports.permissions import may_see_names, only_looks, require_progress

PARAMETER = "proceso"


@require_admin_access
def first_page(request: HttpRequest) -> HttpResponseBase:
    """The admin's first page; whoever only looks begins with the progress."""
    if only_looks(request.user):
        return redirect("reports:progress")
    page: HttpResponseBase = HomeView.as_view()(request)
    return page


class ForWhoLooks(WagtailAdminTemplateMixin, View):
    """A screen about one process, for accounts that follow the progress."""

    template_name = "reports/progress.html"
    page_title = _("Avance del proceso")
    header_icon = "table"
    _show_breadcrumbs = True
    http_method_names: tuple[str, ...]

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        own = {"url": "", "label": str(self.page_title)}
        return [*super().get_breadcrumbs_items(), *self.above(), own]

    def above(self) -> list[dict[str, str]]:
        """The screens of this room above this one."""
        return []

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        require_progress(request.user)
        self.processes = selectors.processes()
        return super().dispatch(request, *args, **kwargs)

    def chosen(self, slug: str | None) -> Process | None:
        """The process of this key; without a key, the current one."""
        if slug is None:
            return self.processes[0] if self.processes else None
        return next((one for one in self.processes if one.slug == slug), None)

    def nothing_there(self) -> HttpResponse:
        """There is no such process, or none at all: say so, and let another be chosen."""
        return self.screen(status=404 if self.processes else 200)

    def screen(self, *, status: int = 200, **context: Any) -> HttpResponse:
        shown = self.get_context_data(processes=self.processes, parameter=PARAMETER, **context)
        return cast(HttpResponse, self.render_to_response(shown, status=status))


class ProgressView(ForWhoLooks):
    """Every table of a process, with its cut."""

    http_method_names = ("get", "head")

    def get(self, request: HttpRequest) -> HttpResponse:
        process = self.chosen(request.GET.get(PARAMETER))
        if process is None:
            return self.nothing_there()
        progress = selectors.progress_of(process, at=timezone.now())
        return self.screen(
            process=process,
            cut=moment(progress.at),
            parts=tables.parts(progress),
            with_names=may_see_names(request.user),
            portal=public_link(HOME.path()),
        )


class DownloadView(ForWhoLooks):
    """The same as a spreadsheet. By POST, since the download is written down."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest) -> HttpResponse:
        process = self.chosen(request.POST.get(PARAMETER))
        if process is None:
            return self.nothing_there()
        at = timezone.now()
        content = services.download_progress(process=process, user=cast(User, request.user), at=at)
        stamp = timezone.localtime(at).strftime("%Y-%m-%d-%H%M")
        response = HttpResponse(content, content_type=book.TYPE)
        name = f"avance-{slugify(process.slug)}-{stamp}.xlsx"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response
