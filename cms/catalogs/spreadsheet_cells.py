"""Makes the cells of spreadsheets harmless: no program may run a text as a formula.

A spreadsheet runs a text that begins like a formula. Exports hold texts of citizens, parties and
attackers (names, addresses, searches). So such a text is written behind an apostrophe, in CSV and
also in XLSX, which people turn into CSV.
"""

import unicodedata
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

# Compared after NFKC, which also folds full-width and small look-alikes.
BEGIN_FORMULAS = frozenset("=+-@")
# Programs that import CSV skip these, or take what follows for another cell.
BEGIN_CELLS = frozenset("\t\r\n")
_PLAIN = (bool, int, float, Decimal, date, datetime, time, timedelta)
# Characters that XML, of which an XLSX consists, does not allow.
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
    """The value of a cell: numbers and dates unchanged, and texts so that no program runs them."""
    if value is None or isinstance(value, _PLAIN):
        return value
    text = str(value).translate(_CONTROL)
    return f"'{text}" if _begins_like_a_formula(text) else text
