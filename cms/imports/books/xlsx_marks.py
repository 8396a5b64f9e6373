"""The marks of the cells of an XLSX: errors, formulas without result, zeros, percentages."""

import re
import zipfile
from collections.abc import Iterator
from typing import Final
from xml.etree import ElementTree

from cms.imports.books.marks import Marks, Place
from cms.imports.books.values import column_of, is_percentage, zeros_of

PIECE: Final = 1 << 20
LONGEST_ROW: Final = 64 << 20
# A cell that holds something; cells with a style alone close themselves.
_CELL: Final = re.compile(rb"<(?:\w+:)?c\s([^>]*[^/>])>(.*?)</(?:\w+:)?c>", re.DOTALL)
_PLACE: Final = re.compile(rb"\br=\"([A-Z]{1,3})(\d{1,7})\"")
_STYLE: Final = re.compile(rb"\bs=\"(\d{1,6})\"")
_VALUE: Final = re.compile(rb"<(?:\w+:)?v(?:\s[^>]*)?>([^<]+)</")
_FORMULA: Final = re.compile(rb"<(?:\w+:)?f[\s/>]")
_RELATION: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT: Final = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"


def marks_of(path: str, sheet: str) -> Marks:
    """Read the marks of a sheet, a piece at a time."""
    with zipfile.ZipFile(path) as book:
        part = _part_of(book, sheet)
        marks = Marks()
        if part is None:
            return marks
        zeros, percentages = _styles(book)
        for piece in _pieces(book, part):
            for attributes, body in _CELL.findall(piece):
                _look(marks, attributes, body, zeros, percentages)
        return marks


def _look(
    marks: Marks, attributes: bytes, body: bytes, zeros: dict[int, int], percentages: set[int]
) -> None:
    found = _PLACE.search(attributes)
    if found is None:
        return
    place: Place = (int(found[2]) - 1, column_of(found[1].decode()))
    value = _VALUE.search(body)
    if value is not None or b"is>" in body:
        marks.sees(place)
    if b't="e"' in attributes:
        marks.errors[place] = value[1].decode("utf-8", "replace") if value else "#ERROR!"
    elif value is None and b't="str"' not in attributes and _FORMULA.search(body):
        marks.without_result.append(place)
    if (zeros or percentages) and (style := _STYLE.search(attributes)):
        number = int(style[1])
        if number in zeros:
            marks.zeros[place] = zeros[number]
        if number in percentages:
            marks.percentages.add(place)


def _pieces(book: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    """The text of a part in pieces that never cut a cell."""
    with book.open(part) as file:
        kept = b""
        while piece := file.read(PIECE):
            kept += piece
            cut = max(kept.rfind(b"<row"), kept.rfind(b":row"))
            if cut > 0:
                yield kept[:cut]
                kept = kept[cut:]
            elif len(kept) > LONGEST_ROW:
                raise MemoryError
        yield kept


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _part_of(book: zipfile.ZipFile, sheet: str) -> str | None:
    """The part of the file that holds a sheet."""
    names = set(book.namelist())
    if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= names:
        return None
    relation = ""
    for element in ElementTree.fromstring(book.read("xl/workbook.xml")).iter():  # noqa: S314
        if _local(element.tag) == "sheet" and element.get("name") == sheet:
            relation = element.get(_RELATION) or element.get(_STRICT) or ""
    for element in ElementTree.fromstring(book.read("xl/_rels/workbook.xml.rels")).iter():  # noqa: S314
        if relation and element.get("Id") == relation:
            target = element.get("Target", "")
            part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            return part if part in names else None
    return None


def _styles(book: zipfile.ZipFile) -> tuple[dict[int, int], set[int]]:
    """Style → digits of its zeros, and the styles of percentages."""
    if "xl/styles.xml" not in book.namelist():
        return {}, set()
    root = ElementTree.fromstring(book.read("xl/styles.xml"))  # noqa: S314
    formats: dict[int, str] = {}
    styles: list[int] = []
    for element in root.iter():
        if _local(element.tag) == "numFmt":
            formats[int(element.get("numFmtId", "0"))] = element.get("formatCode", "")
        elif _local(element.tag) == "cellXfs":
            styles = [int(style.get("numFmtId", "0")) for style in element]
    zeros = {at: zeros_of(formats.get(kind, "")) for at, kind in enumerate(styles)}
    percentages = {
        at for at, kind in enumerate(styles) if is_percentage(kind, formats.get(kind, ""))
    }
    return {style: digits for style, digits in zeros.items() if digits}, percentages
