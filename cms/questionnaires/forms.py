"""The form with which staff write a new version of a questionnaire."""

import json
from dataclasses import fields
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

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


class WrittenJSON(forms.JSONField):
    """JSON that people edit: laid out for reading; an error names its line and column."""

    widget = forms.Textarea(
        attrs={"rows": 40, "class": "w-font-mono", "spellcheck": "false", "wrap": "off"}
    )

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, str):
            return value
        return json.dumps(in_reading_order(value), ensure_ascii=False, indent=2)

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str) and value.strip():
            try:
                json.loads(value)
            except json.JSONDecodeError as error:
                message = _("El JSON no se entiende en la línea %(line)s, columna %(column)s.")
                raise ValidationError(
                    message % {"line": error.lineno, "column": error.colno}
                ) from None
        return super().to_python(value)


class DefinitionForm(forms.ModelForm):  # type: ignore[type-arg]
    """Asks for the content only: kind, version and title are read from it."""

    content = WrittenJSON(
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
