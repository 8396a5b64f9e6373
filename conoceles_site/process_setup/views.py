"""The screens of setting a process up. The services know the rules; the views know HTTP."""

from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from cms.accounts.models import User
from cms.accounts.permissions import may_administer
from cms.catalogs import current_process
from cms.catalogs.addresses import public_url
from cms.catalogs.models import Process
from cms.catalogs.public_paths import HOME
from cms.demo.rehearsals import rehearsal_of
from conoceles_site.process_setup import steps
from conoceles_site.process_setup.prospect import prospect_of
from conoceles_site.process_setup.readings import standing_of


class ProcessScreen(WagtailAdminTemplateMixin, View):
    """A page of the admin about one process."""

    permission = steps.EDITS_PROCESSES
    header_icon = "date"
    page_title: Any = ""
    process: Process

    @property
    def user(self) -> User:
        """The account; `dispatch` has checked it."""
        return cast(User, self.request.user)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.has_perm(self.permission):
            raise PermissionDenied
        self.process = get_object_or_404(Process, pk=kwargs["process_id"])
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        first: list[dict[str, Any]] = list(super().get_breadcrumbs_items())
        trail = [{"url": reverse("process:index"), "label": _("Procesos electorales")}]
        if not isinstance(self, SetupView):
            trail.append({"url": self.checklist, "label": str(self.process)})
        return [*first, *trail, {"url": "", "label": self.get_page_title()}]

    @property
    def checklist(self) -> str:
        """The address of the list of steps."""
        return reverse("setup:steps", args=[self.process.pk])

    def screen(self, status: int = 200, **context: Any) -> HttpResponse:
        """The page, with what it shows."""
        context = self.get_context_data(process=self.process, **context)
        return TemplateResponse(self.request, self.template_name, context, status=status)


class SetupView(ProcessScreen):
    """What is done, what is missing, and where each thing is done."""

    template_name = "setup/steps.html"

    def get_page_title(self) -> str:
        return _("Preparar «%s»") % self.process

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        found = steps.steps_of(standing_of(self.process), self.user)
        return self.screen(
            steps=found,
            missing=steps.missing(found),
            may_rehearse=may_administer(self.user),
            rehearsal=rehearsal_of(self.process),
        )


class CurrentView(ProcessScreen):
    """What citizens will see if the process is the current one; a POST makes it so."""

    permission = current_process.MAY_CHOOSE
    template_name = "setup/current.html"

    def get_page_title(self) -> str:
        return _("Hacer vigente «%s»") % self.process

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.shown()

    def shown(self, status: int = 200, why: str = "") -> HttpResponse:
        """The page as things are now."""
        standing = standing_of(self.process)
        return self.screen(
            status,
            standing=standing,
            prospect=prospect_of(standing),
            portal=public_url(HOME.path()),
            back=self.checklist,
            why=why,
        )

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        shown = request.POST.get("instead_of", "")
        instead_of = int(shown) if shown.isdecimal() and len(shown) < 19 else None
        try:
            current_process.make_current(process=self.process, instead_of=instead_of, by=self.user)
        except current_process.CurrentMoved:
            why = _(
                "Mientras leías, otra persona hizo vigente otro proceso. No cambió nada: revisa y"
                " confirma de nuevo."
            )
            return self.shown(409, why)
        messages.success(request, _("«%s» es ahora el proceso vigente.") % self.process)
        return redirect(self.checklist)
