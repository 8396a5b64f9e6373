"""The marks of the cells of an XLS: errors of formulas, zeros before a code, percentages."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from cms.imports.books.marks import Marks, Place
from cms.imports.books.values import is_percentage, zeros_of

_ERRORS: Final = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
}
_SHEET, _BOOLEAN_OR_ERROR, _FORMULA, _PASSWORD, _END = 0x0085, 0x0205, 0x0006, 0x002F, 0x000A
_BEGIN, _FORMAT, _STYLE, _NUMBER, _SHORT, _SHORTS = 0x0809, 0x041E, 0x00E0, 0x0203, 0x027E, 0x00BD
_EXCEL_97: Final = 0x0600
_NO_SECTOR: Final = 0xFFFFFFF0
MOST_RECORDS: Final = 5_000_000


class Encrypted(Exception):
    """The book has a password."""


@dataclass(slots=True)
class _Globals:
    """What the book says before its sheets: where these start, its formats and its styles."""

    starts: list[int] = field(default_factory=list)
    formats: dict[int, str] = field(default_factory=dict)
    styles: list[int] = field(default_factory=list)

    def zeros(self) -> dict[int, int]:
        """Style → digits that a number is shown with, zeros before it."""
        found = {at: zeros_of(self.formats.get(kind, "")) for at, kind in enumerate(self.styles)}
        return {style: digits for style, digits in found.items() if digits}

    def percentages(self) -> set[int]:
        """The styles of percentages."""
        return {
            at
            for at, kind in enumerate(self.styles)
            if is_percentage(kind, self.formats.get(kind, ""))
        }


def _globals(stream: bytes) -> _Globals:
    """Raises Encrypted."""
    found = _Globals()
    is_97 = True
    for kind, body in _records(stream, 0):
        if kind == _PASSWORD:
            raise Encrypted
        if kind == _BEGIN:
            is_97 = _word(body, 0) >= _EXCEL_97
        elif kind == _SHEET:
            found.starts.append(int.from_bytes(body[:4], "little"))
        elif kind == _FORMAT:
            found.formats[_word(body, 0)] = _format_in(body, is_97=is_97)
        elif kind == _STYLE:
            found.styles.append(_word(body, 2))
        elif kind == _END:
            break
    return found


def _format_in(body: bytes, *, is_97: bool) -> str:
    """The text of a format: in codes of two bytes or of one, by its flag or its age."""
    if not is_97:
        return body[3:].decode("latin-1")
    is_wide = len(body) > 4 and bool(body[4] & 1)
    return body[5:].decode("utf-16-le" if is_wide else "latin-1", "replace")


def marks_of(path: str, sheet: int) -> Marks:
    """Read the marks of the sheet that stands at this place in the book. Raises Encrypted."""
    stream = _stream_of(path)
    book = _globals(stream)
    marks = Marks()
    if sheet >= len(book.starts):
        return marks
    zeros, percentages = book.zeros(), book.percentages()
    for kind, body in _records(stream, book.starts[sheet]):
        if kind == _END:
            break
        code = _error_in(kind, body)
        if code is not None:
            marks.errors[_word(body, 0), _word(body, 2)] = _ERRORS.get(code, "#ERROR!")
        elif zeros or percentages:
            for place, style in _numbers_in(kind, body):
                if style in zeros:
                    marks.zeros[place] = zeros[style]
                if style in percentages:
                    marks.percentages.add(place)
    return marks


def _word(body: bytes, at: int) -> int:
    return int.from_bytes(body[at : at + 2], "little")


def _numbers_in(kind: int, body: bytes) -> Iterator[tuple[Place, int]]:
    """Place and style of each number of a record, which may hold several of a row."""
    if kind in {_NUMBER, _SHORT, _FORMULA}:
        yield (_word(body, 0), _word(body, 2)), _word(body, 4)
    elif kind == _SHORTS:
        for number, at in enumerate(range(4, len(body) - 2, 6)):
            yield (_word(body, 0), _word(body, 2) + number), _word(body, at)


def _error_in(kind: int, body: bytes) -> int | None:
    if kind == _BOOLEAN_OR_ERROR and len(body) >= 8 and body[7] == 1:
        return body[6]
    if kind == _FORMULA and len(body) >= 14 and body[12:14] == b"\xff\xff" and body[6] == 2:
        return body[8]
    return None


def _records(stream: bytes, position: int) -> Iterator[tuple[int, bytes]]:
    for _ in range(MOST_RECORDS):
        if position + 4 > len(stream):
            return
        kind = int.from_bytes(stream[position : position + 2], "little")
        length = int.from_bytes(stream[position + 2 : position + 4], "little")
        yield kind, stream[position + 4 : position + 4 + length]
        position += 4 + length


def _stream_of(path: str) -> bytes:
    """The stream of the book in its container; empty if it is small or not found."""
    with open(path, "rb") as file:  # noqa: PTH123 (this process has no need of paths)
        content = file.read()
    size = 1 << int.from_bytes(content[30:32], "little")
    per_sector = size // 4

    def sector(number: int) -> bytes:
        # The header fills the first sector.
        return content[(number + 1) * size :][:size]

    def numbers(data: bytes) -> list[int]:
        return [int.from_bytes(data[at : at + 4], "little") for at in range(0, len(data), 4)]

    tables = numbers(content[76:512])
    following = int.from_bytes(content[68:72], "little")
    seen = 0
    while following < _NO_SECTOR and seen < len(content) // size:
        part = numbers(sector(following))
        tables += part[: per_sector - 1]
        following, seen = part[-1] if part else _NO_SECTOR, seen + 1
    chain: list[int] = []
    for table in tables:
        if table < _NO_SECTOR:
            chain += numbers(sector(table))

    def whole(number: int) -> bytes:
        parts, steps = [], 0
        while number < len(chain) and steps <= len(chain):
            parts.append(sector(number))
            number, steps = chain[number], steps + 1
        return b"".join(parts)

    folder = whole(int.from_bytes(content[48:52], "little"))
    for at in range(0, len(folder), 128):
        entry = folder[at : at + 128]
        name = entry[: max(int.from_bytes(entry[64:66], "little") - 2, 0)]
        if name.decode("utf-16-le", "replace") in {"Workbook", "Book"}:
            return whole(int.from_bytes(entry[116:120], "little"))
    return b""
