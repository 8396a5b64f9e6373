"""The marks of the cells of an ODS: errors of formulas, zeros before a code, and percentages."""

import re
import zipfile
from typing import Final
from xml.sax.saxutils import unescape

from cms.imports.books.marks import Marks, Place

_TABLE: Final = re.compile(rb"<table:table\s[^>]*?table:name=\"([^\"]*)\"[^>]*>")
_PART: Final = re.compile(
    rb"<table:table-row(?P<row>[^>]*)>"
    rb"|<table:(?:covered-)?table-cell(?P<cell>[^>]*?)(?:/>|>(?P<body>.*?)</table:(?:covered-)?table-cell>)",
    re.DOTALL,
)
_ROWS: Final = re.compile(rb"number-rows-repeated=\"(\d{1,7})\"")
_COLUMNS: Final = re.compile(rb"number-columns-repeated=\"(\d{1,7})\"")
_TEXT: Final = re.compile(rb"<text:p[^>]*>([^<]*)<")
# The text that a cell shows: of a number, zeros at its start come from its format alone.
_CODE: Final = re.compile(rb"0\d{1,19}")
# No table repeats a value so often; a book that does is bounded elsewhere.
MOST_REPEATED: Final = 300


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
        times = _COLUMNS.search(found["cell"])
        wide = int(times[1]) if times else 1
        _look(marks, found["cell"], found["body"] or b"", _places(row, repeated, column, wide))
        column += wide
    return marks


def _places(row: int, rows: int, column: int, columns: int) -> list[range]:
    """The rows and the columns for which a cell stands."""
    return [
        range(start, start + min(times, MOST_REPEATED))
        for start, times in ((row, rows), (column, columns))
    ]


def _look(marks: Marks, attributes: bytes, body: bytes, places: list[range]) -> None:
    if b"value-type" not in attributes:
        return
    said = _TEXT.search(body)
    each: list[Place] = [(row, column) for row in places[0] for column in places[1]]
    if b'value-type="error"' in attributes:
        text = said[1].decode("utf-8", "replace") if said else "#ERROR!"
        marks.errors.update(dict.fromkeys(each, text))
    elif b'value-type="percentage"' in attributes:
        marks.percentages.update(each)
    elif b'value-type="float"' in attributes and said and _CODE.fullmatch(said[1]):
        marks.zeros.update(dict.fromkeys(each, len(said[1])))


def _start_of(content: bytes, sheet: str) -> int:
    for found in _TABLE.finditer(content):
        name = unescape(found[1].decode("utf-8", "replace"), {"&quot;": '"', "&apos;": "'"})
        if name == sheet:
            return found.end()
    return len(content)
