"""The form with which staff write a new version of a questionnaire."""

import json
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cms.questionnaires.models import QuestionnaireDefinition


class WrittenJSON(forms.JSONField):
    """JSON edited by hand: laid out to be read, refused with the place of the error."""

    widget = forms.Textarea(attrs={"rows": 40, "spellcheck": "false", "wrap": "off"})

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, str):
            return value
        return json.dumps(value, ensure_ascii=False, indent=2)

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
    """The content says everything: kind, version and title are read from it."""

    content = WrittenJSON(
        label=_("contenido"),
        help_text=_(
            "Cambia «version» por una clave nueva y edita apartados, preguntas, opciones o límites."
            " Las respuestas que ya se dieron siguen con la versión con que se dieron."
        ),
    )

    class Meta:
        model = QuestionnaireDefinition
        fields = ("content",)

    def _post_clean(self) -> None:
        """What could not be read is not judged by the model as well."""
        if not self.errors:
            super()._post_clean()  # type: ignore[misc]
