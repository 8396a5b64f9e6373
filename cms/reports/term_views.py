"""The screen of the terms of a process: who is due, by day, and the list as a file."""

from typing import Any, cast
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from cms.accounts.models import User
from cms.catalogs.listing import moment
from cms.catalogs.models import PoliticalActor, Process
from cms.catalogs.viewsets import number
from cms.reports import term_figures, term_tables
from cms.reports.permissions import may_see_names
from cms.reports.views import PARAMETER, ForWhoLooks

PER_PAGE = 100
WHICH = (
    ("", _("Todos")),
    (term_figures.OVER, _("Terminados")),
    (term_figures.TODAY, _("Terminan en 24 horas")),
    (term_figures.SOON, _("Terminan en 3 días")),
    (term_figures.LATER, _("Terminan después")),
)
SENT = (("", _("Todas")), ("falta", _("Falta que envíe")), ("enviado", _("Ya envió")))


def filters_of(parameters: QueryDict) -> term_tables.Filters:
    """The filters in an address or a form; what is none of them counts as not given."""
    which, sent = parameters.get("plazo", ""), parameters.get("envio", "")
    return term_tables.Filters(
        which=which if which in dict(WHICH) else "",
        sent=sent if sent in dict(SENT) else "",
        actor=number(parameters.get("actor")),
    )


class TermsView(ForWhoLooks):
    """By day for everybody who follows the progress; with names for administrators (ADR 0020)."""

    template_name = "terms/list.html"
    page_title = _("Plazos")
    header_icon = "time"
    http_method_names = ("get", "head")

    def above(self) -> list[dict[str, str]]:
        return [{"url": reverse("reports:progress"), "label": str(_("Avance del proceso"))}]

    def get(self, request: HttpRequest) -> HttpResponse:
        process = self.chosen(request.GET.get(PARAMETER))
        if process is None:
            return self.nothing_there()
        at = timezone.now()
        context = self._names(process, at) if may_see_names(request.user) else {}
        return self.screen(
            process=process,
            cut=moment(at),
            by_day=term_tables.by_day(process, at=at),
            home=reverse("reports:terms"),
            **context,
        )

    def _names(self, process: Process, at: Any) -> dict[str, Any]:
        filters = filters_of(self.request.GET)
        found = Paginator(term_tables.listed(process, filters, at=at), PER_PAGE)
        page = found.get_page(self.request.GET.get("pagina"))
        asked = {
            PARAMETER: process.slug,
            "plazo": filters.which,
            "envio": filters.sent,
            "actor": filters.actor or "",
        }
        return {
            "with_names": True,
            "page": page,
            "table": term_tables.names(page.object_list, at=at),
            "filters": filters,
            "asked": urlencode(asked),
            "which_choices": WHICH,
            "sent_choices": SENT,
            "actors": PoliticalActor.objects.filter(process=process),
        }


class TermsDownloadView(ForWhoLooks):
    """The list as it is filtered, as a file. By POST, since the download is written down."""

    template_name = "terms/list.html"
    http_method_names = ("post",)

    def post(self, request: HttpRequest) -> HttpResponse:
        process = self.chosen(request.POST.get(PARAMETER))
        if process is None:
            return self.nothing_there()
        at = timezone.now()
        form = term_tables.CSV if request.POST.get("formato") == "csv" else term_tables.XLSX
        content, kind = term_tables.download(
            process=process,
            filters=filters_of(request.POST),
            form=form,
            user=cast(User, request.user),
            at=at,
        )
        response = HttpResponse(content, content_type=kind)
        stamp = timezone.localtime(at).strftime("%Y-%m-%d-%H%M")
        name = f"plazos-{slugify(process.slug)}-{stamp}.{form}"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response
