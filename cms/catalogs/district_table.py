"""Reads a table of districts that somebody pasted or sent as CSV. Pure but for the catalogue.

A line is a district: its number, its name or seat, and its municipalities, in one cell or in
several. A first line with the names of the columns may say another order.
"""

import csv
import difflib
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from cms.catalogs.contests import ContestsRefused
from cms.catalogs.districts import MOST_DISTRICTS, DistrictRow, problems_of
from cms.catalogs.files import municipalities_of
from cms.catalogs.spanish import clean_line, clean_text, fold

_COLUMNS = {
    "number": {"distrito", "numero", "no", "no.", "num", "num.", "clave", "distrito local"},
    "name": {"nombre", "cabecera", "sede", "cabecera distrital"},
    "covers": {"municipios", "municipio", "cvegeo", "alcaldias", "alcaldia", "claves"},
}
# Every municipality of the entity with the most, by name, takes 12,000.
LONGEST_CELL = 20_000
_PARTED = re.compile(r"[;|/\n\t]")
_DELIMITER = re.compile("[\t;,]")
_NUMBER = re.compile(r"(?:distrito\s+(?:local\s+|federal\s+)?)?0*([0-9]{1,6})(?:\.0)?")
# A book of Excel, or of LibreOffice, is a ZIP file; older books of Excel begin with the second.
_BOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


@dataclass(frozen=True, slots=True)
class _Line:
    """A line with what it says, cell by cell, and its number in the table."""

    place: int
    cells: tuple[str, ...]


def decoded(content: bytes) -> str:
    """The text of a file. Raises: ContestsRefused: it is none."""
    if content.startswith(_BOOKS):
        said = _(
            "Ese archivo es un libro de cálculo. Ábrelo, copia las celdas y pégalas abajo, o"
            " guárdalo como CSV."
        )
        raise ContestsRefused(said)
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def read(text: str, entity_code: str) -> list[DistrictRow]:
    """The districts of a table.

    Raises: ContestsRefused: with everything that is wrong, in the order of the lines.
    """
    lines = list(_lines(text))
    if not lines:
        raise ContestsRefused(_("Pega la tabla de los distritos, o elige un archivo CSV."))
    order = _order_of(lines[0].cells)
    body = lines[1:] if order is not None else lines
    if len(body) > MOST_DISTRICTS:
        said = _("Son %(number)s renglones, y ninguna entidad tiene más de %(most)s distritos.")
        raise ContestsRefused(said % {"number": len(body), "most": MOST_DISTRICTS})
    places = _Places(entity_code)
    problems: list[tuple[int, str]] = []
    rows = []
    for line in body:
        row, wrong = _row(line, order, places)
        problems += [(line.place, said) for said in wrong]
        rows += [row] if row is not None else []
    problems += problems_of(rows, entity_code)
    if problems or not rows:
        told = [said for _line, said in sorted(problems, key=lambda one: one[0])]
        raise ContestsRefused(*(told or [_("Debajo de los nombres de columnas no hay nada.")]))
    return rows


def _lines(text: str) -> Iterator[_Line]:
    """The lines that say something."""
    text = clean_text(text)
    # That which parts the first two cells: the last one may hold others between municipalities.
    first = _DELIMITER.search(text.partition("\n")[0])
    reader = csv.reader(io.StringIO(text), delimiter=first[0] if first else "\t", strict=True)
    place = 0
    try:
        for cells in reader:
            # The limit of `csv` is that of the whole process, which others change.
            if max(map(len, cells), default=0) > LONGEST_CELL:
                raise csv.Error
            place += 1
            cleaned = tuple(map(clean_text, cells))
            if any(cleaned):
                yield _Line(place, cleaned)
    except csv.Error as error:
        said = _("Fila %(row)s: una celda es demasiado larga o le falta cerrar sus comillas.")
        raise ContestsRefused(said % {"row": place + 1}) from error


def _order_of(cells: Sequence[str]) -> dict[str, int] | None:
    """Which column holds what, if a line names columns; None if it does not."""
    names = [fold(cell) for cell in cells]
    found = {
        what: place
        for what, known in _COLUMNS.items()
        for place, name in enumerate(names)
        if name in known
    }
    return found if "number" in found else None


def _row(
    line: _Line, order: dict[str, int] | None, places: "_Places"
) -> tuple[DistrictRow | None, list[str]]:
    """The district of a line, and what is wrong in it."""
    at = order or {"number": 0, "name": 1, "covers": 2}
    number, name = _cell(line, at.get("number")), _cell(line, at.get("name"))
    begins = at.get("covers")
    # Where the municipalities come last, each may have a cell of its own.
    last = begins is not None and begins == max(at.values())
    cells = () if begins is None else line.cells[begins : None if last else begins + 1]
    covers, wrong = places.named(part for cell in cells for part in _PARTED.split(cell))
    said = [_("Fila %(row)s: %(said)s") % {"row": line.place, "said": one} for one in wrong]
    matched = _NUMBER.fullmatch(fold(number))
    if matched is None:
        told = _("Fila %(row)s: «%(cell)s» no es el número de un distrito.")
        return None, [told % {"row": line.place, "cell": number[:40]}, *said]
    return DistrictRow(int(matched[1]), name, tuple(covers), line.place), said


def _cell(line: _Line, place: int | None) -> str:
    has_it = place is not None and place < len(line.cells)
    return clean_line(line.cells[place]) if place is not None and has_it else ""


class _Places:
    """The municipalities of an entity, by key and by name."""

    def __init__(self, entity_code: str) -> None:
        self._keys: set[str] = set()
        self._names: dict[str, list[str]] = {}
        self._shown: dict[str, str] = {}
        for row in municipalities_of(entity_code):
            self._keys.add(row["cvegeo"])
            for name in {row["nombre"], row["nombre"].partition(",")[0]}:
                self._names.setdefault(fold(name), []).append(row["cvegeo"])
            self._shown[fold(row["nombre"])] = row["nombre"]

    def named(self, parts: Iterator[str]) -> tuple[list[str], list[str]]:
        """The keys of the municipalities that a district names, and what is wrong in them."""
        found, wrong = [], []
        for part in filter(None, map(str.strip, self._parted(parts))):
            keys = self._of(part)
            if len(keys) == 1:
                found += [key for key in keys if key not in found]
            elif keys:
                said = _("hay %(number)s municipios «%(name)s»: escribe su clave, %(keys)s.")
                keyed = " o ".join(keys)
                wrong.append(said % {"number": len(keys), "name": part[:60], "keys": keyed})
            else:
                wrong.append(self._unknown(part))
        return found, wrong

    def _parted(self, parts: Iterator[str]) -> Iterator[str]:
        """Names and keys one by one: a few names hold a comma («San Juan Mixtepec, Dto. 08»)."""
        for part in parts:
            yield from [part] if self._of(part) else part.split(",")

    def _of(self, part: str) -> list[str]:
        # A spreadsheet takes the first zero of a key away.
        key = part.removesuffix(".0").zfill(5)
        return [key] if key in self._keys else self._names.get(fold(part), [])

    def _unknown(self, part: str) -> str:
        near = difflib.get_close_matches(fold(part[:120]), self._shown, n=1, cutoff=0.75)
        if near:
            said = _("«%(name)s» no es un municipio de la entidad. ¿Es «%(near)s»?")
            return said % {"name": part[:60], "near": self._shown[near[0]]}
        said = _("«%(name)s» no es un municipio de la entidad: escribe su nombre o su clave.")
        return said % {"name": part[:60]}
