"""The screen where the trainer reads what a training copy would have sent (ADR 0060)."""

from typing import Any, Final

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _
from django.views.generic import View
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from cms.accounts.permissions import may_administer, require_administration
from cms.catalogs.training import is_training
from cms.notifications.models import TrainingMessage

PER_PAGE: Final = 25


class TrainingMailView(WagtailAdminTemplateMixin, View):
    """The messages, newest first; those to somebody, or about something, with `q`.

    Raises: Http404 where it is no training copy. NotAnAdministrator.
    """

    page_title = _("Correos de la capacitación")
    header_icon = "mail"
    template_name = "training/mail.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not is_training():
            raise Http404
        require_administration(request.user)
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = list(super().get_breadcrumbs_items())
        return [*items, {"url": "", "label": self.page_title}]

    def get(self, request: HttpRequest) -> HttpResponse:
        asked = request.GET.get("q", "").strip()[:100]
        found = TrainingMessage.objects.all()
        if asked:
            found = found.filter(Q(recipients__icontains=asked) | Q(subject__icontains=asked))
        page = Paginator(found, PER_PAGE).get_page(request.GET.get("p"))
        context = {"letters": page, "asked": asked, "total": page.paginator.count}
        return TemplateResponse(request, self.template_name, self.get_context_data(**context))


class TrainingMailMenuItem(MenuItem):
    """Leads to the screen; only a training copy has it."""

    def __init__(self) -> None:
        super().__init__(
            TrainingMailView.page_title,
            reverse_lazy("training:mail"),
            name="capacitacion",
            icon_name="mail",
            order=900,
        )

    def is_shown(self, request: HttpRequest) -> bool:
        return is_training() and may_administer(request.user)
