"""The form with which staff write a new version of a questionnaire."""

from dataclasses import fields
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cms.catalogs.forms import WrittenJSON
from cms.questionnaires.definitions import Question
from cms.questionnaires.models import QuestionnaireDefinition

# PostgreSQL does not keep the order of names; people want to read the key and the label first.
_FIRST = ("key", "value", "label", "kind", "version", "title", "lead", "counting_rule", "chapter")
_LAST = ("unanswered", "question", "in", "not_in", "chapters", "sections", "questions")
READING_ORDER = list(dict.fromkeys([*_FIRST, *(one.name for one in fields(Question)), *_LAST]))


def in_reading_order(content: Any) -> Any:
    """The content with its names in the order in which the definition files write them."""
    if isinstance(content, list):
        return [in_reading_order(item) for item in content]
    if isinstance(content, dict):
        known = [name for name in READING_ORDER if name in content]
        others = sorted(set(content) - set(known))
        return {name: in_reading_order(content[name]) for name in (*known, *others)}
    return content


class WrittenContent(WrittenJSON):
    """The content of a version, in the order in which its files are written."""

    def prepare_value(self, value: Any) -> Any:
        return super().prepare_value(value if isinstance(value, str) else in_reading_order(value))


class DefinitionForm(forms.ModelForm):  # type: ignore[type-arg]
    """Asks for the content only: kind, version and title are read from it."""

    content = WrittenContent(
        label=_("Contenido"),
        help_text=_(
            "Cambia «version» por una clave nueva y edita apartados, preguntas, opciones o límites."
            " Las respuestas que ya se dieron siguen con la versión con que se dieron."
        ),
    )

    class Meta:
        model = QuestionnaireDefinition
        fields = ("content",)

    def _post_clean(self) -> None:
        """Skip the checks of the model if the content could not be read."""
        if not self.errors:
            super()._post_clean()  # type: ignore[misc]
