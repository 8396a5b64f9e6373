"""Questionnaires in the admin: versions, the drafts of new ones, and what INE is informed of."""

from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.views.generic import CopyView, CreateView, HistoryView, InspectView
from wagtail.admin.viewsets.model import ModelViewSet, ModelViewSetGroup
from wagtail.permissions import register_permission_policy

from cms.catalogs.listing import CountedIndexView
from cms.catalogs.permissions import NeverDeleted, ReadOnly, WrittenOnce
from cms.catalogs.viewsets import CatalogEditView, CatalogViewSet
from cms.questionnaires.forms import DefinitionForm
from cms.questionnaires.kinds import kinds
from cms.questionnaires.models import (
    DefinitionChange,
    ProcessQuestionnaire,
    QuestionnaireDefinition,
)
from cms.questionnaires.selectors import parsed
from cms.questionnaires.versions.admin import ChangeViewSet, DraftViewSet, choose_in_form


class _WrittenAsJson(WrittenOnce):
    """Everybody else writes versions in forms: the JSON is for those who operate the platform."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        if action == "add" and not user.is_superuser:
            return False
        return super().user_has_permission(user, action)


register_permission_policy(QuestionnaireDefinition, _WrittenAsJson(QuestionnaireDefinition))
register_permission_policy(ProcessQuestionnaire, NeverDeleted(ProcessQuestionnaire))
register_permission_policy(DefinitionChange, ReadOnly(DefinitionChange))


class _NewVersion(CreateView):
    """The form begins with a version that the latest process asks, so that nobody starts empty."""

    def get_initial_form_instance(self) -> QuestionnaireDefinition:
        chosen = ProcessQuestionnaire.objects.order_by("-process__election_date", "pk").first()
        first = QuestionnaireDefinition.objects.order_by("pk").first()
        return _draft_of(chosen.definition if chosen is not None else first)

    def get_success_buttons(self) -> list[Any]:
        return []


class _VersionFromAnother(_NewVersion, CopyView):
    """The same, beginning with the version that was chosen."""

    def get_initial_form_instance(self) -> QuestionnaireDefinition:
        return _draft_of(self.get_object())


def _draft_of(stored: QuestionnaireDefinition | None) -> QuestionnaireDefinition:
    return QuestionnaireDefinition(content=dict(stored.content) if stored is not None else {})


class _Reading(InspectView):
    """A version as it is asked and as it is read."""

    template_name = "questionnaires/definition.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        definition = parsed(self.object)
        return {**context, "definition": definition, "reading": definition.reading_by_chapter()}


class _History(HistoryView):
    """Who wrote a version and when, for everybody who may read it."""

    any_permission_required: ClassVar = ["add", "change", "delete", "view"]


class DefinitionViewSet(ModelViewSet):
    model = QuestionnaireDefinition
    icon = "form"
    menu_label = _("Versiones")
    menu_order = 150
    add_view_class = _NewVersion
    copy_view_class = _VersionFromAnother
    history_view_class = _History
    inspect_view_class = _Reading
    inspect_view_enabled = True
    inspect_template_name = "questionnaires/definition.html"
    list_display = ("version", "title", "kind")
    list_filter = ("kind",)
    search_fields = ("version", "title")
    index_view_class = CountedIndexView
    ordering = ("-pk",)

    def get_form_class(self, for_update: bool = False) -> type[DefinitionForm]:
        return DefinitionForm


class _NewChoice(CreateView):
    """Where there is a single kind of questionnaire, the form has it chosen."""

    def get_initial_form_instance(self) -> ProcessQuestionnaire:
        known = kinds()
        return ProcessQuestionnaire(kind=known[0].key if len(known) == 1 else "")

    def save_instance(self) -> ProcessQuestionnaire:
        return choose_in_form(self.form, super().save_instance, self.request.user)


class _OtherChoice(CatalogEditView):
    """The process and the kind stay: another choice is a version and a way of counting."""

    def get_form(self, form_class: Any = None) -> Any:
        form = super().get_form(form_class)
        for name in ("process", "kind"):
            form.fields[name].disabled = True
        return form

    def save_instance(self) -> ProcessQuestionnaire:
        return choose_in_form(self.form, super().save_instance, self.request.user)


class ProcessQuestionnaireViewSet(CatalogViewSet):
    """Which version each process asks, and how it counts characters."""

    model = ProcessQuestionnaire
    icon = "cogs"
    menu_label = _("Versión de cada proceso")
    menu_order = 200
    add_view_class = _NewChoice
    edit_view_class = _OtherChoice
    help_texts: ClassVar = {
        "process": _("De qué proceso son las preguntas. No se cambia después."),
        "kind": _("Cuál de sus cuestionarios. No se cambia después."),
        "definition": _(
            "Se pregunta desde que guardas; lo que ya se respondió conserva su versión. El cambio"
            " queda anotado para informarlo al INE."
        ),
    }
    form_fields = ("process", "kind", "definition", "counting_rule")
    list_display = ("process", "kind", "definition", "counting_rule")
    list_filter = ("process", "kind")
    search_fields = ("process__name", "definition__version", "definition__title")


class QuestionnaireViewSetGroup(ModelViewSetGroup):
    menu_label = _("Cuestionarios")
    menu_icon = "form"
    menu_order = 65
    items = (DraftViewSet, DefinitionViewSet, ProcessQuestionnaireViewSet, ChangeViewSet)


@hooks.register("register_admin_viewset")
def questionnaire_viewsets() -> QuestionnaireViewSetGroup:
    return QuestionnaireViewSetGroup()
