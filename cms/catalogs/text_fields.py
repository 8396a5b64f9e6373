"""Fields of forms under the rules of text: what enters is cleaned, then counted as it is kept."""

from typing import Any

from django import forms

from cms.catalogs.spanish import clean_text


class CleanTextField(forms.CharField):
    """A text of several lines; its limits count what would be kept, each line end once."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"widget": forms.Textarea, **kwargs})

    def to_python(self, value: Any) -> str | None:
        return super().to_python(None if value is None else clean_text(str(value)))

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """No `maxlength`: browsers count otherwise, and would cut what is pasted in silence."""
        attrs: dict[str, Any] = super().widget_attrs(widget)
        attrs.pop("maxlength", None)
        return attrs
