"""The marks of the cells of an ODS: errors of formulas, and percentages."""

import re
import zipfile
from typing import Final
from xml.sax.saxutils import unescape

from cms.imports.books.marks import Marks

_TABLE: Final = re.compile(rb"<table:table\s[^>]*?table:name=\"([^\"]*)\"[^>]*>")
_PART: Final = re.compile(
    rb"<table:table-row(?P<row>[^>]*)>"
    rb"|<table:(?:covered-)?table-cell(?P<cell>[^>]*?)(?:/>|>(?P<body>.*?)</table:(?:covered-)?table-cell>)",
    re.DOTALL,
)
_ROWS: Final = re.compile(rb"number-rows-repeated=\"(\d{1,7})\"")
_COLUMNS: Final = re.compile(rb"number-columns-repeated=\"(\d{1,7})\"")
_TEXT: Final = re.compile(rb"<text:p[^>]*>([^<]*)<")


def marks_of(path: str, sheet: str) -> Marks:
    """Read the marks of a sheet."""
    with zipfile.ZipFile(path) as book:
        content = book.read("content.xml")
    marks = Marks()
    start = _start_of(content, sheet)
    end = content.find(b"</table:table>", start)
    row = column = 0
    repeated = 0
    for found in _PART.finditer(content, start, end if end > 0 else len(content)):
        if found["row"] is not None:
            row += repeated
            times = _ROWS.search(found["row"])
            repeated, column = int(times[1]) if times else 1, 0
            continue
        attributes = found["cell"]
        if b'value-type="error"' in attributes:
            said = _TEXT.search(found["body"] or b"")
            marks.errors[row, column] = said[1].decode("utf-8", "replace") if said else "#ERROR!"
        elif b'value-type="percentage"' in attributes:
            marks.percentages.add((row, column))
        times = _COLUMNS.search(attributes)
        column += int(times[1]) if times else 1
    return marks


def _start_of(content: bytes, sheet: str) -> int:
    for found in _TABLE.finditer(content):
        name = unescape(found[1].decode("utf-8", "replace"), {"&quot;": '"', "&apos;": "'"})
        if name == sheet:
            return found.end()
    return len(content)
