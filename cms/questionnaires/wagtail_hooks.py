"""Questionnaires in the admin: adding a question is a new version written here."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.views.generic import CopyView, CreateView, InspectView
from wagtail.admin.viewsets.model import ModelViewSet, ModelViewSetGroup
from wagtail.permissions import register_permission_policy

from cms.catalogs.permissions import NeverDeleted, WrittenOnce
from cms.catalogs.viewsets import CatalogViewSet
from cms.questionnaires.forms import DefinitionForm
from cms.questionnaires.kinds import kinds
from cms.questionnaires.models import ProcessQuestionnaire, QuestionnaireDefinition
from cms.questionnaires.selectors import parsed

register_permission_policy(QuestionnaireDefinition, WrittenOnce(QuestionnaireDefinition))
register_permission_policy(ProcessQuestionnaire, NeverDeleted(ProcessQuestionnaire))


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


class DefinitionViewSet(ModelViewSet):
    model = QuestionnaireDefinition
    icon = "form"
    menu_label = _("Versiones")
    menu_order = 100
    add_view_class = _NewVersion
    copy_view_class = _VersionFromAnother
    inspect_view_class = _Reading
    inspect_view_enabled = True
    inspect_template_name = "questionnaires/definition.html"
    list_display = ("version", "title", "kind")
    ordering = ("-pk",)

    def get_form_class(self, for_update: bool = False) -> type[DefinitionForm]:
        return DefinitionForm


class _NewChoice(CreateView):
    """Where there is a single kind of questionnaire, the form has it chosen."""

    def get_initial_form_instance(self) -> ProcessQuestionnaire:
        known = kinds()
        return ProcessQuestionnaire(kind=known[0].key if len(known) == 1 else "")


class ProcessQuestionnaireViewSet(CatalogViewSet):
    """Which version each process asks, and how it counts characters."""

    model = ProcessQuestionnaire
    icon = "cogs"
    menu_label = _("Versión de cada proceso")
    menu_order = 200
    add_view_class = _NewChoice
    form_fields = ("process", "kind", "definition", "counting_rule")
    list_display = ("process", "kind", "definition", "counting_rule")
    list_filter = ("process",)


class QuestionnaireViewSetGroup(ModelViewSetGroup):
    menu_label = _("Cuestionarios")
    menu_icon = "form"
    menu_order = 65
    items = (DefinitionViewSet, ProcessQuestionnaireViewSet)


@hooks.register("register_admin_viewset")
def questionnaire_viewsets() -> QuestionnaireViewSetGroup:
    return QuestionnaireViewSetGroup()
