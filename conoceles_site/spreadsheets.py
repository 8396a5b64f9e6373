"""Guards every spreadsheet that Wagtail exports: see `cms.catalogs.spreadsheet_cells`."""

from collections.abc import Callable
from typing import Any

from wagtail.admin.views.mixins import SpreadsheetExportMixin

from cms.catalogs.spreadsheet_cells import harmless


def guard_exports() -> None:
    """Make every export of Wagtail, present or future, write harmless cells."""
    original: Callable[..., Any] = SpreadsheetExportMixin.preprocess_field_value

    def guarded(self: Any, field: str, value: Any, export_format: str) -> Any:
        return harmless(original(self, field, value, export_format))

    SpreadsheetExportMixin.preprocess_field_value = guarded
