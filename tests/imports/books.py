"""Spreadsheets of fictitious people, sound and malformed, in the three formats."""

import io
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import xlsxwriter
import xlwt

from tests.imports.conftest import REGISTRY

HEADER = list(REGISTRY)
ROW = list(REGISTRY.values())
Rows = Sequence[Sequence[Any]]
TABLE: Rows = (HEADER, ROW)
NS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def xlsx(
    change: Callable[[Any, Any], None] | None = None, rows: Rows = TABLE, **options: Any
) -> bytes:
    """An XLSX of these rows, which `change(book, sheet)` may change before it is closed."""
    output = io.BytesIO()
    with xlsxwriter.Workbook(output, {"in_memory": True, **options}) as book:
        sheet = book.add_worksheet("Registro")
        for line, cells in enumerate(rows):
            for place, cell in enumerate(cells):
                if cell != "":
                    sheet.write(line, place, cell)
        if change is not None:
            change(book, sheet)
    return output.getvalue()


def xls(change: Callable[[Any, Any], None] | None = None, rows: Rows = TABLE) -> bytes:
    """An XLS of these rows."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("Registro", cell_overwrite_ok=True)
    for line, cells in enumerate(rows):
        for place, cell in enumerate(cells):
            sheet.write(line, place, cell)
    if change is not None:
        change(book, sheet)
    output = io.BytesIO()
    book.save(output)
    return output.getvalue()


def ods_cell(value: Any) -> str:
    """A cell of an ODS."""
    if isinstance(value, int | float):
        return f'<table:table-cell office:value-type="float" office:value="{value}"/>'
    text = escape(str(value))
    return (
        f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>'
        if text
        else "<table:table-cell/>"
    )


def ods_row(cells: Sequence[Any]) -> str:
    """A row of an ODS; cells that are `ods_cell` texts already stay."""
    made = (cell if str(cell).startswith("<table:") else ods_cell(cell) for cell in cells)
    return f"<table:table-row>{''.join(made)}</table:table-row>"


def ods(rows: Rows = TABLE, *, more: str = "", tables: str = "", **parts: str) -> bytes:
    """An ODS of these rows. `more` follows them, `tables` stand before, `parts` are other files."""
    body = "".join(ods_row(cells) for cells in rows) + more
    content = (
        '<?xml version="1.0" encoding="UTF-8"?><office:document-content'
        ' xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
        ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
        ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
        ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
        ' xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"'
        ' office:version="1.2"><office:body><office:spreadsheet>'
        f'{tables}<table:table table:name="Registro">{body}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = parts.pop("manifest", "")
    files = {"mimetype": parts.pop("mimetype", kind), "content.xml": content}
    files["META-INF/manifest.xml"] = manifest or "<manifest/>"
    return zipped({**files, **parts})


def zipped(files: dict[str, str | bytes]) -> bytes:
    """A ZIP of these files."""
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as book:
        for name, content in files.items():
            book.writestr(name, content)
    return output.getvalue()


def rezipped(content: bytes, **changes: Any) -> bytes:
    """An XLSX with other parts: `changes` maps a part, or a function of it, to its new content."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        files: dict[str, str | bytes] = {name: book.read(name) for name in book.namelist()}
    for name, change in changes.items():
        path = PARTS.get(name, name)
        if change is None:
            del files[path]
        else:
            files[path] = change(files[path]) if callable(change) else change
    return zipped(files)


PARTS = {
    "sheet": "xl/worksheets/sheet1.xml",
    "workbook": "xl/workbook.xml",
    "styles": "xl/styles.xml",
    "strings": "xl/sharedStrings.xml",
    "types": "[Content_Types].xml",
    "relations": "xl/_rels/workbook.xml.rels",
    "macros": "xl/vbaProject.bin",
}


def written(folder: Path, content: bytes, name: str = "archivo.xlsx") -> Path:
    """A file with this content."""
    path = folder / name
    path.write_bytes(content)
    return path
