"""The screens of rehearsals. The services know the rules; the views know HTTP."""

from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from cms.accounts.models import User
from cms.accounts.permissions import may_administer
from cms.catalogs.models import PortalSettings, Process
from cms.demo import rehearsals
from cms.demo.models import RehearsalWork
from cms.demo.rehearsal_forms import RehearsalForm, RemovalForm
from cms.demo.rehearsals import RehearsalRefused


class _Screen(WagtailAdminTemplateMixin, View):
    """A page of the admin about one process, for those who administer."""

    header_icon = "copy"
    page_title: Any = ""
    process: Process

    @property
    def user(self) -> User:
        """The account; `dispatch` has checked it."""
        return cast(User, self.request.user)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not may_administer(request.user):
            raise PermissionDenied
        self.process = get_object_or_404(
            Process.objects.select_related("rehearsal_of", "rehearsal_work"),
            pk=kwargs["process_id"],
        )
        return super().dispatch(request, *args, **kwargs)

    @property
    def steps(self) -> str:
        """The address of the steps of the process."""
        return reverse("setup:steps", args=[self.process.pk])

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        first: list[dict[str, Any]] = list(super().get_breadcrumbs_items())
        trail = [
            {"url": reverse("process:index"), "label": _("Procesos electorales")},
            {"url": self.steps, "label": str(self.process)},
        ]
        return [*first, *trail, {"url": "", "label": self.get_page_title()}]

    def screen(self, status: int = 200, **context: Any) -> HttpResponse:
        """The page, with what it shows."""
        context = self.get_context_data(process=self.process, back=self.steps, **context)
        return TemplateResponse(self.request, self.template_name, context, status=status)

    def work(self) -> RehearsalWork:
        """The work of this rehearsal; 404 if the process is none."""
        return get_object_or_404(
            RehearsalWork, process=self.process, process__rehearsal_of__isnull=False
        )


class NewRehearsalView(_Screen):
    """The form with which a process is copied."""

    page_title = gettext_lazy("Hacer un ensayo")
    template_name = "demo/new.html"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.screen(form=RehearsalForm())

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = RehearsalForm(request.POST)
        if not form.is_valid():
            return self.screen(422, form=form)
        try:
            made = rehearsals.make_rehearsal(of=self.process, by=self.user, **form.cleaned_data)
        except RehearsalRefused as refused:
            return self.screen(409, form=form, why=str(refused))
        messages.success(request, _("Se está haciendo «%s».") % made)
        return redirect("rehearsals:detail", made.pk)


class RehearsalView(_Screen):
    """A rehearsal: how far it is, and what can be done with it."""

    template_name = "demo/detail.html"

    def get_page_title(self) -> str:
        return _("Ensayo")

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        is_current = PortalSettings.objects.filter(current_process=self.process).exists()
        return self.screen(work=self.work(), is_current=is_current)


class ProgressView(_Screen):
    """The part of the page that changes while a job has the rehearsal."""

    template_name = "demo/_progress.html"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        work = self.work()
        response = self.screen(work=work)
        response["X-Done"] = "0" if work.is_at_work else "1"
        return response


class RemoveRehearsalView(_Screen):
    """Removes a rehearsal, confirmed by typing its name."""

    page_title = gettext_lazy("Quitar el ensayo")
    template_name = "demo/remove.html"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.shown(RemovalForm())

    def shown(self, form: RemovalForm, status: int = 200) -> HttpResponse:
        """The page as things are now."""
        is_current = PortalSettings.objects.filter(current_process=self.process).exists()
        return self.screen(status, form=form, work=self.work(), is_current=is_current)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        self.work()
        form = RemovalForm(request.POST)
        if not form.is_valid():
            return self.shown(form, 422)
        try:
            rehearsals.remove_rehearsal(
                process=self.process, typed=form.cleaned_data["name"], by=self.user
            )
        except RehearsalRefused as refused:
            form.refuse(refused)
            return self.shown(form, 409)
        messages.success(request, _("«%s» se está quitando.") % self.process)
        return redirect("setup:steps", self.process.rehearsal_of_id)
