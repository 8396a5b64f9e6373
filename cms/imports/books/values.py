"""The value of a cell as the text that the same cell has in a CSV. Pure functions."""

import math
import re
from datetime import date, datetime, time, timedelta
from typing import Final

YES, NO = "VERDADERO", "FALSO"
# Spreadsheets keep fifteen significant digits.
_DIGITS: Final = ".15g"
_LARGEST_WHOLE: Final = 10**15
_ZEROS: Final = re.compile(r"0{2,20}")
# The formats of percentages that need no text in the file.
_PERCENTAGES: Final = {9, 10}


def text_of(value: object) -> str:
    """The text of a cell: dates as 1985-04-03, whole numbers without decimals."""
    if isinstance(value, str):
        # Old books may hold it; no text of the database may.
        return value.replace("\0", "")
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, int | float):
        return number(value)
    if isinstance(value, datetime):
        midnight = value.time() == time()
        return value.date().isoformat() if midnight else value.isoformat(" ", "seconds")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    return ""


def number(value: float) -> str:
    """A number without the decimals that it does not have."""
    if not math.isfinite(value):
        return ""
    if float(value).is_integer() and abs(value) < _LARGEST_WHOLE:
        return str(int(value))
    return format(value, _DIGITS)


def zeros_of(code: str) -> int:
    """How many digits a format always shows («00000» shows five); 0 for other formats."""
    return len(code) if _ZEROS.fullmatch(code) else 0


def is_percentage(number: int, code: str) -> bool:
    """Whether a format, by its number and its text, shows percentages."""
    return number in _PERCENTAGES or "%" in code


def with_zeros(value: str, digits: int) -> str:
    """A code that the sheet shows with zeros before it: «05030» of 5030."""
    return value.zfill(digits) if value.isdigit() else value


def as_percentage(value: str) -> str:
    """A fraction that the sheet shows as a percentage: «25%» of 0.25."""
    try:
        return f"{number(round(float(value) * 100, 10))}%"
    except ValueError:
        return value


def letters_of(column: int) -> str:
    """The letters of a column (0 is A), as a spreadsheet shows them."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def cell_name(row: int, column: int) -> str:
    """The name of a cell (0, 0 is A1)."""
    return f"{letters_of(column)}{row + 1}"


def column_of(letters: str) -> int:
    """The number of a column by its letters; A is 0."""
    found = 0
    for letter in letters:
        found = found * 26 + ord(letter) - 64
    return found - 1
