"""What the menu of questionnaires offers of new versions, and the log of changes for INE."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import InspectView
from wagtail.admin.viewsets.base import ViewSet
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets import AdminDateInput

from cms.catalogs.listing import CountedIndexView
from cms.questionnaires import kinds
from cms.questionnaires.models import DefinitionChange, ProcessQuestionnaire
from cms.questionnaires.versions import permissions, selectors, services, urls
from cms.questionnaires.versions.views import SPACE, VersionScreen


@transaction.atomic
def choose_in_form(
    form: Any, save: Callable[[], ProcessQuestionnaire], user: Any
) -> ProcessQuestionnaire:
    """Have the process of a form ask its version, through the service that notes the change.

    Args:
        save: what the view would do; it then finds nothing more to change, and makes the entry in
            the history.
    """
    chosen: ProcessQuestionnaire = form.instance
    services.choose_version(
        process=chosen.process,
        kind=kinds.kind(chosen.kind),
        version=chosen.definition,
        counting_rule=chosen.counting_rule,
        user=user,
    )
    if chosen.pk is None:
        chosen.pk = ProcessQuestionnaire.objects.get(process=chosen.process, kind=chosen.kind).pk
        chosen._state.adding = False
    return save()


class _DraftMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(permissions.SEES))


class DraftViewSet(ViewSet):
    """Drafts of new versions."""

    name = SPACE
    url_prefix = "cuestionarios/borradores"
    icon = "edit"
    menu_label = _("Cambiar cuestionarios")
    menu_order = 100
    menu_item_class = _DraftMenuItem

    def get_urlpatterns(self) -> list[URLPattern]:
        return urls.patterns()


class _ClockColumn(Column):
    """The clock of a change, in words."""

    def get_value(self, instance: DefinitionChange) -> str:
        return selectors.clock_of(instance).words


class _Log(CountedIndexView):
    """What changed, when, and how much time is left to inform INE."""

    def get_base_queryset(self) -> Any:
        return super().get_base_queryset().select_related("process", "before", "after")


class _Change(InspectView):
    """A change in words, with its clock, and the way to note that INE was informed."""

    template_name = "questionnaires/change.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return {**context, **_about(self.object, self.request.user)}


def _about(change: DefinitionChange, user: Any) -> dict[str, Any]:
    is_due = change.informed_on is None and not change.process.is_rehearsal
    return {
        "change": change,
        "clock": selectors.clock_of(change),
        "may_inform": is_due and user.has_perm(permissions.INFORMS),
    }


class InformedForm(forms.Form):
    """On which day INE was informed, and with which folio."""

    informed_on = forms.DateField(
        label=_("Fecha en que se informó"),
        initial=timezone.localdate,
        widget=AdminDateInput,
        help_text=_("La del acuse de SIVOPLE. Detiene el plazo; después no se cambia."),
    )
    folio = forms.CharField(
        label=_("Folio"), max_length=80, help_text=_("El del oficio o del acuse.")
    )


class InformView(VersionScreen):
    """Notes that INE was informed of a change."""

    permission = permissions.INFORMS
    template_name = "questionnaires/change_informed.html"
    header_icon = "mail"
    page_title = _("Anotar que se informó al INE")

    def trail(self) -> list[tuple[str, Any]]:
        return [
            (reverse("definitionchange:index"), _("Cambios para el INE")),
            (reverse("definitionchange:inspect", args=[self.change.pk]), str(self.change)),
        ]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.has_perm(self.permission):
            raise PermissionDenied
        found = DefinitionChange.objects.select_related("process", "after")
        change = found.filter(pk=kwargs["pk"]).first()
        if change is None:
            raise Http404
        self.change = change
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self.change.informed_on is not None:
            return redirect(reverse("definitionchange:inspect", args=[self.change.pk]))
        return self._shown(InformedForm())

    def _shown(self, form: InformedForm, status: int = 200) -> HttpResponse:
        return self.screen(status, change=self.change, form=form, media=form.media)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        form = InformedForm(request.POST)
        if not form.is_valid():
            return self._shown(form, 422)
        try:
            services.mark_informed(change_id=self.change.pk, **form.cleaned_data, user=self.user)
        except services.InvalidNotice as invalid:
            form.add_error(invalid.field, invalid.explanation)
            return self._shown(form, 422)
        except services.AlreadyInformed as already:
            messages.warning(request, already.explanation)
        else:
            messages.success(request, _("Quedó anotado que se informó al INE."))
        return redirect(reverse("definitionchange:inspect", args=[self.change.pk]))


class ChangeViewSet(ModelViewSet):
    """The changes of questionnaires that INE is informed of."""

    model = DefinitionChange
    icon = "history"
    menu_label = _("Cambios para el INE")
    menu_order = 300
    copy_view_enabled = False
    inspect_view_enabled = True
    index_view_class = _Log
    inspect_view_class = _Change
    index_template_name = "questionnaires/changes.html"
    inspect_template_name = "questionnaires/change.html"
    # The viewset needs a form, though it never shows one.
    form_fields = ("folio",)
    list_display = (
        "after",
        "process",
        "made_at",
        "due_on",
        _ClockColumn("clock", label=_("Plazo")),
        "informed_on",
        "folio",
    )
    list_filter = ("process",)
    search_fields = ("after__title", "process__name", "folio")

    def get_urlpatterns(self) -> list[URLPattern]:
        informed = path("<int:pk>/informar/", InformView.as_view(), name="inform")
        return [*super().get_urlpatterns(), informed]
