"""Form fields that clean a text first, and then count it as it will be stored."""

from typing import Any

from django import forms

from cms.catalogs.spanish import clean_line, clean_text


class CleanLineField(forms.CharField):
    """A text on one line, without invisible characters; one that has no others is empty."""

    def to_python(self, value: Any) -> str | None:
        return super().to_python(None if value is None else clean_line(str(value)))


class CleanTextField(forms.CharField):
    """A text of several lines. Its limits count the stored text, where a line end counts once."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"widget": forms.Textarea, **kwargs})

    def to_python(self, value: Any) -> str | None:
        return super().to_python(None if value is None else clean_text(str(value)))

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Leave out `maxlength`: browsers count otherwise, and would silently cut pasted text."""
        attrs: dict[str, Any] = super().widget_attrs(widget)
        attrs.pop("maxlength", None)
        return attrs
