"""The editor's forms of public pages: a draft may be incomplete, what goes public may not."""

from typing import Any

from wagtail.admin.forms import WagtailAdminPageForm


class EditorialForm(WagtailAdminPageForm):
    """Says at its field what is missing to publish or to schedule."""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        if not self.is_deferred_validation:
            # The instance takes the values after this: it is asked about what was just typed.
            for field in self._meta.fields:
                if field in cleaned:
                    setattr(self.instance, field, cleaned[field])
            for field, what_to_do in self.instance.missing_to_publish().items():
                if field not in self.errors:
                    self.add_error(field, what_to_do)
        return cleaned
