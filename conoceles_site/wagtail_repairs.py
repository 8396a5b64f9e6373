"""Repairs forms of Wagtail 8.0.1 that answer 500 when a field is missing: they answer in words."""

from collections.abc import Callable
from typing import Any

from wagtail.admin.forms.choosers import URLOrAbsolutePathValidator
from wagtail.contrib.redirects.forms import ConfirmImportManagementForm


def _is_absolute_path(value: Any) -> bool:
    return str(value or "").startswith("/")


def repair_forms() -> None:
    """Apply the repairs. Called once, when every application is loaded."""
    URLOrAbsolutePathValidator.is_absolute_path = staticmethod(_is_absolute_path)
    original: Callable[..., Any] = ConfirmImportManagementForm.clean

    def clean(self: Any) -> Any:
        return self.cleaned_data if self.errors else original(self)

    ConfirmImportManagementForm.clean = clean
