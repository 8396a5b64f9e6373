"""Cells of the spreadsheets that the admin exports: a text is a text, whatever program opens it.

A spreadsheet runs a text that begins like a formula. What citizens, parties or attackers wrote ends
in exports (names, addresses, typed searches), so such a text goes out behind an apostrophe, in CSV
and in XLSX, which people turn into CSV.
"""

import unicodedata
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from wagtail.admin.views.mixins import SpreadsheetExportMixin

# As they are after NFKC, which also folds the full-width and small look-alikes.
BEGIN_FORMULAS = frozenset("=+-@")
# Programs that import CSV skip them, or take what follows for another cell.
BEGIN_CELLS = frozenset("\t\r\n")
_PLAIN = (bool, int, float, Decimal, date, datetime, time, timedelta)
# Not allowed in XML, which an XLSX is made of.
_CONTROL = dict.fromkeys(code for code in range(32) if chr(code) not in BEGIN_CELLS)


def _begins_like_a_formula(text: str) -> bool:
    if text[:1] in BEGIN_CELLS and text:
        return True
    for character in text:
        if character.isspace() or unicodedata.category(character) in {"Cf", "Cc", "Zs"}:
            continue
        folded = unicodedata.normalize("NFKC", character)
        return folded[:1] in BEGIN_FORMULAS or character == "\N{MINUS SIGN}"
    return False


def harmless(value: Any) -> Any:
    """The value of a cell: numbers and dates as they are, texts so that nothing runs them."""
    if value is None or isinstance(value, _PLAIN):
        return value
    text = str(value).translate(_CONTROL)
    return f"'{text}" if _begins_like_a_formula(text) else text


def guard_exports() -> None:
    """Make every export of Wagtail, present and future, write harmless cells."""
    original: Callable[..., Any] = SpreadsheetExportMixin.preprocess_field_value

    def guarded(self: Any, field: str, value: Any, export_format: str) -> Any:
        return harmless(original(self, field, value, export_format))

    SpreadsheetExportMixin.preprocess_field_value = guarded
