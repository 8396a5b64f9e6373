"""Some two hundred malformed spreadsheets: each is refused in words, or read without loss.

Each is read in this process, to be quick; those that need the limits are read apart.
"""

import io
import json
import re
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from cms.imports.books import apart, kinds
from cms.imports.books.sheet import read_sheet
from cms.imports.report import FileRefused
from tests.imports.books import (
    HEADER,
    ROW,
    TABLE,
    ods,
    ods_cell,
    ods_row,
    rezipped,
    written,
    xls,
    xlsx,
    zipped,
)

Case = tuple[str, Callable[[], bytes], str]
"""What is wrong, the file, and words of the answer; "" when it is read as if nothing were."""

BASE = xlsx()
OLD = xls()
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def answer(path: Path, sheet: str = "") -> tuple[str, list[list[Any]]]:
    """The problems of a file in words, or its rows."""
    try:
        kind = kinds.kind_of(path)
        if kind is None:
            return "texto", []
        output = io.StringIO()
        read_sheet(str(path), kind, sheet, output)
    except FileRefused as refused:
        return str(refused), []
    except FileNotFoundError:
        raise
    except BaseException:  # noqa: BLE001 (the process that reads it answers the same)
        return str(kinds.damaged()), []
    return "", [json.loads(line) for line in output.getvalue().splitlines()[1:]]


def _merged(area: str) -> Callable[[], bytes]:
    return lambda: xlsx(lambda book, sheet: sheet.merge_range(area, "PT"))


def merged_cells() -> Iterator[Case]:
    for area in ("A2:A3", "G2:G9", "A2:C2", "B2:D8", "L2:L2000", "C5:D5", "A4:L4"):
        yield f"combinadas {area}", _merged(area), f"celdas {area} están combinadas"
    for area in ("A1:L1", "A1:B1", "K1:L1", "A1:A2", "C1:D3"):
        yield f"título {area}", _merged(area), "debería llevar los nombres de las columnas"
    for area in ("N1:P1", "N2:N9", "Z5:AA9"):
        yield f"fuera {area}", _merged_apart(area), ""
    for first, last, left, right in ((1, 2, 0, 0), (1, 9, 6, 6), (1, 1, 0, 2), (0, 0, 0, 5)):

        def made(at: tuple[int, int, int, int] = (first, last, left, right)) -> bytes:
            return xls(lambda book, sheet: sheet.write_merge(*at, "PT"))

        words = "combinadas"
        yield f"xls combinadas {first}:{last} {left}:{right}", made, words


def _merged_apart(area: str) -> Callable[[], bytes]:
    return lambda: xlsx(lambda book, sheet: sheet.merge_range(area, ""))


def formulas() -> Iterator[Case]:
    for error in ("#N/A", "#DIV/0!", "#REF!", "#NAME?", "#VALUE!", "#NUM!", "#NULL!"):
        made = _formula("=X1", error)
        yield f"error {error}", made, ""
    for formula in ("=1+1", "=A1", "=VLOOKUP(A1,B:C,2,0)", "=HYPERLINK(A1)", "=NOW()", "=RAND()"):
        yield f"sin resultado {formula}", _without_result(formula), "no tiene resultado guardado"
        yield f"con resultado {formula}", _formula(formula, "PT"), ""
    yield "texto que parece fórmula", lambda: _string("=1+1"), ""
    for text in ("+52 844", "-", "@usuario", "=cmd|' /C calc'!A0", "'00123", "\t=1"):
        yield f"texto {text!r}", partial(_string, text), ""


def _string(text: str) -> bytes:
    return xlsx(lambda book, sheet: sheet.write_string(1, 1, text))


def _formula(formula: str, value: Any) -> Callable[[], bytes]:
    return lambda: xlsx(lambda book, sheet: sheet.write_formula(1, 6, formula, None, value))


def _without_result(formula: str) -> Callable[[], bytes]:
    def made() -> bytes:
        content = xlsx(lambda book, sheet: sheet.write_formula(1, 6, formula, None, 7))
        return rezipped(content, sheet=lambda part: re.sub(rb"(</f>)<v>7</v>", rb"\1", part))

    return made


def sheets() -> Iterator[Case]:
    def hidden(book: Any, sheet: Any) -> None:
        other = book.add_worksheet("Otra")
        other.write(0, 0, "x")
        other.hide()

    def very_hidden(book: Any, sheet: Any) -> None:
        other = book.add_worksheet("Otra")
        other.write(0, 0, "x")
        other.very_hidden()

    def several(number: int) -> Callable[[Any, Any], None]:
        def change(book: Any, sheet: Any) -> None:
            for at in range(number):
                book.add_worksheet(f"Hoja {at}").write(0, 0, "x")

        return change

    yield "oculta", lambda: xlsx(hidden), ""
    yield "muy oculta", lambda: xlsx(very_hidden), ""
    for number in (1, 2, 5, 40):
        made = partial(xlsx, several(number))
        yield f"{number} hojas más", made, f"tiene {number + 1} hojas con datos"
    yield "hoja de gráfica", lambda: xlsx(_chart), ""
    yield "vacía", lambda: xlsx(rows=[]), "está vacía"
    yield "solo espacios", lambda: xlsx(rows=[["  ", " "], [" "]]), "está vacía"
    yield "ods vacía", lambda: ods([]), "está vacía"
    yield "xls vacía", lambda: xls(rows=[]), "está vacía"
    yield "todas ocultas", _all_hidden, "no tiene hojas visibles"
    yield "ods varias", lambda: ods(tables=_table("Otra")), "2 hojas con datos"
    yield "xls varias", lambda: xls(lambda b, s: b.add_sheet("Otra").write(0, 0, "x")), "2 hojas"
    for name in ("Ñandú", "a'b", "x & y", "<b>", "💧", "31/12"[:2] + "-12", "R" * 31):
        yield f"hoja {name}", partial(_named, name), ""


def _named(name: str) -> bytes:
    return rezipped(BASE, workbook=lambda part: part.replace(b'"Registro"', _quoted(name)))


def _quoted(name: str) -> bytes:
    from xml.sax.saxutils import quoteattr

    return quoteattr(name).encode()


def _table(name: str) -> str:
    return f'<table:table table:name="{name}">{ods_row(["a", "b"])}</table:table>'


def _chart(book: Any, sheet: Any) -> None:
    chart = book.add_chart({"type": "bar"})
    chart.add_series({"values": "=Registro!$A$1:$A$2"})
    book.add_chartsheet("Gráfica").set_chart(chart)


def _all_hidden() -> bytes:
    hide = lambda part: part.replace(b"<sheet ", b'<sheet state="hidden" ')  # noqa: E731
    return rezipped(BASE, workbook=hide)


def numbers() -> Iterator[Case]:
    for value in (0, -1, 41, 42.5, 2.5, 1e15, 1e308, 5e-324, 123456789012345678, True, False):
        yield f"número {value}", partial(xlsx, rows=[HEADER, [value, *ROW[1:]]]), ""
        yield f"xls número {value}", partial(xls, rows=[HEADER, [value, *ROW[1:]]]), ""
    for code in ("00000", "0%", "0.00%", "dd/mm/yyyy", "[h]:mm", "General", "@", "#,##0", "[$$]0"):
        yield f"formato {code}", partial(_shown, code, 31140.5), ""
        yield f"formato {code} de -1", partial(_shown, code, -1), ""
        yield f"formato {code} de 99999999", partial(_shown, code, 99999999), ""
    yield "desde 1904", lambda: xlsx(options_of_dates, date_1904=True), ""


def options_of_dates(book: Any, sheet: Any) -> None:
    sheet.write(1, 10, 31140, book.add_format({"num_format": "dd/mm/yyyy"}))


def _shown(code: str, value: float) -> bytes:
    return xlsx(lambda book, sheet: sheet.write(1, 5, value, book.add_format({"num_format": code})))


def empty_rows() -> Iterator[Case]:
    for number in (1, 3, 50, 5000):
        yield f"{number} filas vacías antes", partial(xlsx, rows=[*[[]] * number, *TABLE]), ""
    yield "ods vacías al final", lambda: ods(more=_repeated(1_048_000)), ""
    yield "ods vacías en medio", lambda: ods([HEADER], more=_repeated(5000) + ods_row(ROW)), ""
    for far in ("Z999999", "A1048576", "XFD1", "XFD1048576", "AMJ70"):
        yield f"algo en {far}", partial(xlsx, _written_at(far)), "muy lejos"
    yield "xls lejos", lambda: xls(lambda b, s: s.write(65535, 0, "x")), ""
    yield "estilos en filas vacías", lambda: xlsx(_styled), ""


def _styled(book: Any, sheet: Any) -> None:
    bold = book.add_format({"bold": True})
    for line in range(2, 400):
        for column in range(12):
            sheet.write_blank(line, column, None, bold)


def _written_at(cell: str) -> Callable[[Any, Any], None]:
    return lambda book, sheet: sheet.write(cell, "x")


def _start_of(content: bytes, cut: int) -> bytes:
    return content[:cut]


def _repeated(number: int) -> str:
    return (
        f'<table:table-row table:number-rows-repeated="{number}">'
        '<table:table-cell table:number-columns-repeated="1024"/></table:table-row>'
    )


def passwords_and_macros() -> Iterator[Case]:
    encrypted = COMPOUND + bytes(2000) + "EncryptedPackage".encode("utf-16-le") + bytes(600)
    yield "contraseña xlsx", lambda: encrypted, "tiene contraseña"
    manifest = "<manifest:encryption-data/>"
    yield "contraseña ods", lambda: ods(manifest=manifest), "tiene contraseña"
    yield "contraseña zip", _encrypted_zip, "tiene contraseña"
    yield "contraseña xls", _encrypted_xls, "tiene contraseña"
    yield "macros", lambda: rezipped(BASE, macros=b"\xd0\xcf\x11\xe0" + bytes(5000)), ""
    yield "macros dañadas", lambda: rezipped(BASE, macros=b""), ""


def _encrypted_zip() -> bytes:
    content = bytearray(ods())
    at = content.find(b"PK\x01\x02")
    while at >= 0:
        content[at + 8] |= 1
        at = content.find(b"PK\x01\x02", at + 4)
    content[6] |= 1
    return bytes(content)


def _encrypted_xls() -> bytes:
    """The first record after the beginning of the book says that a password is needed."""
    begins = OLD.find(b"\x09\x08\x10\x00\x00\x06\x05\x00")
    content = bytearray(OLD)
    after = begins + 20
    content[after : after + 10] = b"\x2f\x00\x06\x00\x00\x00\x01\x02\x03\x04"
    return bytes(content)


def damaged() -> Iterator[Case]:
    for part in range(1, 20):
        cut = len(BASE) * part // 20
        yield f"xlsx cortado {part}/20", partial(_start_of, BASE, cut), "dañado"
    for part in range(1, 8):
        cut = len(OLD) * part // 8
        yield f"xls cortado {part}/8", partial(_start_of, OLD, cut), "*"
    for seed in range(12):
        yield f"xlsx con bytes cambiados {seed}", partial(_noisy, BASE, seed), "*"
        yield f"xls con bytes cambiados {seed}", partial(_noisy, OLD, seed), "*"
    for name in ("sheet", "workbook", "relations", "strings", "styles"):
        for what in (None, b"", b"<a", b"no es XML", b"\xff\xfe\0\0"):
            yield f"{name} es {what!r}", partial(rezipped, BASE, **{name: what}), "*"
    for content in ("", "<a", "no es XML"):
        parts: dict[str, str | bytes] = {"mimetype": "x.spreadsheet", "content.xml": content}
        yield f"content.xml es {content!r}", partial(zipped, parts), "*"


def _noisy(content: bytes, seed: int) -> bytes:
    import random

    noise, changed = random.Random(seed), bytearray(content)
    for _ in range(40):
        changed[noise.randrange(600, len(changed))] = noise.randrange(256)
    return bytes(changed)


def other_files() -> Iterator[Case]:
    page = "<html><body><table><tr><td>nombre</td></tr></table></body></html>"
    yield "HTML", page.encode, "página web"
    yield "HTML con BOM", lambda: b"\xef\xbb\xbf  " + page.encode(), "página web"
    yield "tabla suelta", lambda: b"<table><tr><td>x", "página web"
    yield "MHTML", lambda: b"MIME-Version: 1.0\r\nContent-Type: multipart/related", "página web"
    xml = f'<?xml version="1.0"?><Workbook xmlns="{kinds._SHEET_OF_2003.decode()}"/>'
    yield "XML de 2003", xml.encode, "Excel 2003"
    yield "Word", lambda: zipped({"word/document.xml": "x"}), "Word"
    yield "PowerPoint", lambda: zipped({"ppt/presentation.xml": "x"}), "PowerPoint"
    yield "Numbers", lambda: zipped({"Index/Document.iwa": "x"}), "Numbers"
    yield "ZIP", lambda: zipped({"candidaturas.csv": "a,b"}), "ZIP"
    yield "XLSB", lambda: zipped({"xl/workbook.bin": b"x"}), "xlsb"
    yield "ODT", lambda: ods(mimetype="application/vnd.oasis.opendocument.text"), "LibreOffice"
    doc = COMPOUND + bytes(3000) + "WordDocument".encode("utf-16-le") + bytes(600)
    yield "DOC", lambda: doc, "Word"
    yield "otro de Office", lambda: COMPOUND + bytes(4000), "Office"
    for start, what in (
        (b"%PDF-1.7", "PDF"),
        (b"\x1f\x8b\x08", "GZIP"),
        (b"Rar!\x1a\x07", "RAR"),
        (b"7z\xbc\xaf\x27\x1c", "7z"),
        (b"\x89PNG\r\n", "imagen"),
        (b"\xff\xd8\xff\xe0", "imagen"),
        (b"{\\rtf1", "RTF"),
        (b"\x09\x02\x06\x00", "antes de 1995"),
        (b"\0\1\0\0Standard Jet DB", "Access"),
        (b'{"url": "https://docs.google.com/open"}', "Google"),
        (b"PK\x05\x06" + bytes(18), "vacío"),
    ):
        yield f"archivo {what} {start[:3]!r}", partial(bytes.ljust, start, 300, b"x"), what


def bombs() -> Iterator[Case]:
    many = {f"xl/parte{number}.xml": "x" for number in range(3000)}
    yield "muchas partes", lambda: zipped({"xl/workbook.xml": "x", **many}), "crece demasiado"
    yield "bomba", _bomb, "crece demasiado"
    entities = "".join(f'<!ENTITY a{n + 1} "{f"&a{n};" * 10}">' for n in range(12))
    laughs = f'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a0 "ja">{entities}]><w>&a12;</w>'
    for part in ("workbook", "styles", "relations"):
        yield f"risas en {part}", partial(rezipped, BASE, **{part: laughs}), "*"


def _bomb() -> bytes:
    """A part says that it holds four gigabytes, in the folder of the file and before itself."""
    content = bytearray(rezipped(BASE))
    size = (4_000_000_000).to_bytes(4, "little")
    at = content.find(b"PK\x01\x02")
    content[at + 24 : at + 28] = size
    content[22:26] = size
    return bytes(content)


CASES = [
    *merged_cells(),
    *formulas(),
    *sheets(),
    *numbers(),
    *empty_rows(),
    *passwords_and_macros(),
    *damaged(),
    *other_files(),
    *bombs(),
]


def test_there_are_two_hundred_of_them() -> None:
    assert len(CASES) >= 200
    assert len({name for name, _, _ in CASES}) == len(CASES)


@pytest.mark.parametrize(("make", "words"), [case[1:] for case in CASES], ids=[c[0] for c in CASES])
def test_a_malformed_book_gets_a_clear_answer(
    tmp_path: Path, make: Callable[[], bytes], words: str
) -> None:
    path = written(tmp_path, make())
    began = time.process_time()

    said, rows = answer(path)

    assert time.process_time() - began < 10
    if words in {"", "*"} and not said:
        assert rows, "read, so nothing may be missing"
    else:
        assert words.strip("*") in said
        assert re.search(r"Fila \d+", said)
        assert said.endswith(".")
    if words == "":
        assert not said


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: _million(""), ""),
        (lambda: _million('<c r="A{row}" s="0"/>'), ""),
        (lambda: ods(more=f"{_repeated(1_048_000)}{ods_row([ods_cell('x')])}"), "*"),
        (lambda: rezipped(BASE, sheet=b"<worksheet>" + b"<row" * 4_000_000), "*"),
        (lambda: BASE, ""),
        (lambda: OLD, ""),
        (lambda: BASE[:700], "dañado"),
    ],
    ids=["filas vacías", "con estilo", "ods lejos", "filas sin fin", "xlsx", "xls", "cortado"],
)
def test_the_process_that_reads_books_is_bounded(
    tmp_path: Path, make: Callable[[], bytes], words: str
) -> None:
    path = written(tmp_path, make())
    began = time.monotonic()
    try:
        kind = kinds.kind_of(path)
        assert kind is not None
        apart.rows_of(path, kind, "", tmp_path / "rows")
        said = ""
    except FileRefused as refused:
        said = str(refused)

    assert time.monotonic() - began < apart.LONGEST_WORK
    assert words in {"*", said} or words in said
    if words == "":
        assert len((tmp_path / "rows").read_text().splitlines()) == 3


def _million(cell: str) -> bytes:
    """A sheet with a million rows of nothing after its own two."""
    rows = "".join(
        f'<row r="{row}">{cell.replace("{row}", str(row))}</row>' for row in range(3, 1_000_003)
    )
    return rezipped(
        BASE, sheet=lambda part: part.replace(b"</sheetData>", rows.encode() + b"</sheetData>")
    )


def test_a_process_without_time_or_memory_gets_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apart, "LONGEST_WORK", 0.01)

    with pytest.raises(FileRefused, match="demasiada memoria o trabajo"):
        apart.rows_of(written(tmp_path, BASE), "xlsx", "", tmp_path / "rows")
