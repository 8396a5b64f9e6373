"""Pages of the admin that are no list and no form of one row: what they all have."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.generic import View
from wagtail.admin.views.generic import WagtailAdminTemplateMixin


class AdminScreen(WagtailAdminTemplateMixin, View):
    """A page with the way to it. Whoever derives from it asks for the permission."""

    request: HttpRequest
    page_title: Any = ""

    def trail(self) -> list[tuple[str, Any]]:
        """The addresses and labels between the first page and this one."""
        return []

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        first: list[dict[str, Any]] = list(super().get_breadcrumbs_items())
        trail = [{"url": url, "label": label} for url, label in self.trail()]
        return [*first, *trail, {"url": "", "label": self.get_page_title()}]

    def screen(self, status: int = 200, **context: Any) -> HttpResponse:
        """The page, with what it shows."""
        context = self.get_context_data(page_title=self.get_page_title(), **context)
        return TemplateResponse(self.request, self.template_name, context, status=status)
