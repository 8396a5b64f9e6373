"""Forms of the admin's catalogues: nobody writes over what somebody else changed meanwhile."""

import json
from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.contrib.postgres.forms import SimpleArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.forms.models import model_to_dict
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm

OPENED = "as_opened"


class SeesOtherChanges:
    """Says what somebody else changed since a form was opened, before it is written over.

    The form carries what it was opened with. Whoever saves it again has seen what there was.
    """

    def __init__(self: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._now: dict[str, Any] = {}
        if self.instance.pk is None:
            return
        # As JSON gives it back, so that both can be compared.
        now = model_to_dict(self.instance, list(self.fields))
        self._now = json.loads(json.dumps(now, default=str))
        self.fields[OPENED] = forms.CharField(required=False, widget=forms.HiddenInput)
        self.initial[OPENED] = json.dumps(self._now)

    def clean(self: Any) -> dict[str, Any] | None:
        cleaned: dict[str, Any] | None = super().clean()  # type: ignore[misc]
        opened = self._opened()
        moved = [
            name
            for name, value in self._now.items()
            if name in self.changed_data and opened.get(name, value) != value
        ]
        for name in moved:
            said = _(
                "Cambió mientras lo editabas, por otra persona o en otra pestaña, y ahora dice"
                " «%(now)s». Si guardas otra vez, queda lo que escribiste tú."
            )
            self.add_error(name, said % {"now": self._in_words(name)})
        if moved:
            seen = self.data.copy()
            seen[self.add_prefix(OPENED)] = self.initial[OPENED]
            self.data = seen
        return cleaned

    def _opened(self: Any) -> dict[str, Any]:
        """What the form was opened with; nothing when it does not say, or not so."""
        try:
            opened = json.loads(self.data.get(self.add_prefix(OPENED)) or "{}")
        except (ValueError, RecursionError):
            return {}
        return opened if isinstance(opened, dict) else {}

    def _in_words(self: Any, name: str) -> str:
        """What a field holds now, as people read it."""
        now, choices = self._now[name], getattr(self.fields[name], "choices", None)
        chosen = dict(choices or ()).get(now) if isinstance(now, str) else None
        return str(chosen or _in_words(self.instance, name))


class CatalogForm(SeesOtherChanges, forms.ModelForm):  # type: ignore[type-arg]
    """A row of a catalogue."""


class SettingsForm(SeesOtherChanges, WagtailAdminModelForm):
    """Settings of the site, which are one row for everybody."""


def _in_words(row: models.Model, name: str) -> str:
    """The value of a field as people read it."""
    shown = getattr(row, f"get_{name}_display", None)
    value = shown() if shown is not None else getattr(row, name)
    if isinstance(value, bool):
        return str(_("sí") if value else _("no"))
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if isinstance(value, datetime):
        return date_format(timezone.localtime(value), "SHORT_DATETIME_FORMAT")
    return "" if value is None else str(value)


class WrittenJSON(forms.JSONField):
    """JSON that people edit: laid out for reading; an error names its line and column."""

    widget = forms.Textarea(
        attrs={"rows": 40, "class": "w-font-mono", "spellcheck": "false", "wrap": "off"}
    )

    def prepare_value(self, value: Any) -> Any:
        return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=2)

    def bound_data(self, data: Any, initial: Any) -> Any:
        """What was typed, as it was typed."""
        return initial if self.disabled else data

    def to_python(self, value: Any) -> Any:
        if not isinstance(value, str) or not value.strip():
            return super().to_python(value)
        try:
            read = json.loads(value)
        except json.JSONDecodeError as error:
            message = _("El JSON no se entiende en la línea %(line)s, columna %(column)s.")
            raise ValidationError(message % {"line": error.lineno, "column": error.colno}) from None
        except RecursionError:
            raise ValidationError(_("El JSON tiene demasiados corchetes anidados.")) from None
        written = json.dumps(read, ensure_ascii=False)
        if "\\u0000" in written or any("\ud800" <= sign <= "\udfff" for sign in written):
            raise ValidationError(_("El JSON trae signos que no se pueden guardar (\\u0000)."))
        return super().to_python(value)


class TermsField(SimpleArrayField):
    """Terms parted by commas; a semicolon or a new line parts them too, and what is empty goes."""

    widget = forms.Textarea(attrs={"rows": 2})
    default_error_messages: ClassVar = {"item_invalid": _("El texto %(nth)s:")}

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str):
            terms = value.replace(";", ",").replace("\n", ",").split(",")
            value = [" ".join(term.split()) for term in terms if term.strip()]
        return super().to_python(value)
