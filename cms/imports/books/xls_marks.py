"""The marks of the cells of an XLS: errors of formulas, which its reader gives as empty cells."""

from collections.abc import Iterator
from typing import Final

from cms.imports.books.marks import Marks

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
_NO_SECTOR: Final = 0xFFFFFFF0
MOST_RECORDS: Final = 5_000_000


class Encrypted(Exception):
    """The book has a password."""


def marks_of(path: str, sheet: int) -> Marks:
    """Read the errors of the sheet that stands at this place in the book. Raises Encrypted."""
    stream = _stream_of(path)
    starts: list[int] = []
    for kind, body in _records(stream, 0):
        if kind == _PASSWORD:
            raise Encrypted
        if kind == _SHEET:
            starts.append(int.from_bytes(body[:4], "little"))
        elif kind == _END:
            break
    marks = Marks()
    if sheet >= len(starts):
        return marks
    for kind, body in _records(stream, starts[sheet]):
        if kind == _END:
            break
        code = _error_in(kind, body)
        if code is not None:
            place = int.from_bytes(body[:2], "little"), int.from_bytes(body[2:4], "little")
            marks.errors[place] = _ERRORS.get(code, "#ERROR!")
    return marks


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
