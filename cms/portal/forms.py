"""Forms of the editor: a draft may be incomplete, but what is published may not."""

from typing import Any

from wagtail.admin.forms import WagtailAdminPageForm


class EditorialForm(WagtailAdminPageForm):
    """Says, beside each field, what is missing before the page can be published or scheduled."""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        if not self.is_deferred_validation:
            # The instance would take these values only later; it must judge what was just typed.
            for field in self._meta.fields:
                if field in cleaned:
                    setattr(self.instance, field, cleaned[field])
            for field, what_to_do in self.instance.missing_to_publish().items():
                if field not in self.errors:
                    self.add_error(field, what_to_do)
        return cleaned
