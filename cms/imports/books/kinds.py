"""Tells what a file is by its first bytes and by what it holds, never by its name."""

import re
import zipfile
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import Final, Literal

from cms.imports.report import FileRefused

Kind = Literal["xlsx", "xls", "ods"]
XLSX: Final = "xlsx"
XLS: Final = "xls"
ODS: Final = "ods"
NAMES: Final = {XLSX: "un libro de Excel", XLS: "un libro antiguo de Excel", ODS: "una hoja ODS"}

SAVE_AGAIN: Final = (
    "Ábrelo en la hoja de cálculo y guárdalo como «Libro de Excel (.xlsx)» o como «CSV UTF-8»."
)
UNLOCK_IT: Final = (
    "Ábrelo, quítale la contraseña (en Excel: Archivo › Información › Proteger libro) y guárdalo."
)
MEGABYTE: Final = 1024 * 1024
LARGEST_BOOK: Final = 32 * MEGABYTE
# Unpacked, a book of 100,000 rows with long texts takes a third of this.
MOST_UNPACKED: Final = 512 * MEGABYTE
MOST_ENTRIES: Final = 2000
# Of a container: its header, its folder and one sector.
SMALLEST_CONTAINER: Final = 1536
_HEAD: Final = 1024
_ZIP: Final = b"PK\x03\x04"
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLD_EXCEL: Final = (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00")
_OTHERS: Final = (
    (b"%PDF", "un PDF"),
    (b"\x1f\x8b", "un archivo comprimido (GZIP)"),
    (b"Rar!", "un archivo comprimido (RAR)"),
    (b"7z\xbc\xaf\x27\x1c", "un archivo comprimido (7z)"),
    (b"\x89PNG", "una imagen"),
    (b"\xff\xd8\xff", "una imagen"),
    (b"{\\rtf", "un documento de texto (RTF)"),
    (b"PK\x05\x06", "un archivo comprimido vacío"),
)
_DATABASE: Final = b"\0\1\0\0Standard "
_GOOGLE: Final = re.compile(rb"\s*\{\s*\"(?:url|doc_id)\"\s*:")
_WEB: Final = re.compile(rb"\s*<(?:!doctype|html|head|body|table|meta|style|div|\?xml|!--)", re.I)
_MAIL: Final = re.compile(rb"\s*mime-version:", re.I)
_SHEET_OF_2003: Final = b"urn:schemas-microsoft-com:office:spreadsheet"


def kind_of(path: Path) -> Kind | None:
    """The kind of spreadsheet that a file is; None for a text, which may be a CSV.

    Raises: FileRefused for anything else that can be recognised, with what to do.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if head.startswith(_OLE):
        return _in_old_container(path)
    if head.startswith(_ZIP):
        return _in_zip(path)
    what = next((name for start, name in _OTHERS if head.startswith(start)), "")
    if head.startswith(_OLD_EXCEL):
        what = "un libro de Excel de antes de 1995"
    elif head.startswith(_DATABASE):
        what = "una base de datos de Access"
    elif _GOOGLE.match(head):
        what = "un acceso directo a una hoja de Google, sin sus datos"
    elif _MAIL.match(head):
        what = "una página web guardada"
    elif _WEB.match(head.removeprefix(b"\xef\xbb\xbf")):
        xml = _SHEET_OF_2003 in head
        what = "un libro XML de Excel 2003" if xml else "una página web con nombre de hoja"
    if what:
        raise not_a_table(what)
    return None


def not_a_table(what: str) -> FileRefused:
    """The file is something else than a table."""
    return FileRefused.whole(f"El archivo no es un CSV ni un libro: es {what}.", SAVE_AGAIN)


def damaged() -> FileRefused:
    """The file begins like a spreadsheet, but the rest cannot be read."""
    return FileRefused.whole(
        "El libro de Excel o de LibreOffice está dañado o llegó incompleto.",
        "Ábrelo en tu equipo, guárdalo de nuevo como .xlsx y vuelve a enviarlo.",
    )


def with_password() -> FileRefused:
    """The file is encrypted."""
    return FileRefused.whole("El libro tiene contraseña.", UNLOCK_IT)


def too_costly() -> FileRefused:
    """Reading it would take more memory or time than any list of candidacies needs."""
    return FileRefused.whole(
        "El libro pide demasiada memoria o trabajo para abrirlo.",
        "Copia solo las filas y columnas con datos a un libro nuevo, con «Pegar valores», y guarda"
        " ese.",
    )


def refuse_large(path: Path) -> None:
    """Raise FileRefused for a book of more than LARGEST_BOOK bytes."""
    size = path.stat().st_size
    if size > LARGEST_BOOK:
        raise FileRefused.whole(
            f"El libro pesa {size / MEGABYTE:,.0f} MB; el máximo es {LARGEST_BOOK // MEGABYTE}.",
            "Quita imágenes y hojas que no hagan falta, o guárdalo como «CSV UTF-8».",
        )


def _in_old_container(path: Path) -> Kind:
    refuse_large(path)
    content = path.read_bytes()
    if _wide("EncryptedPackage") in content:
        raise with_password()
    if _wide("Workbook") in content or _wide("Book") in content:
        return XLS
    if len(content) < SMALLEST_CONTAINER:
        raise damaged()
    word = _wide("WordDocument") in content
    raise not_a_table("un documento de Word" if word else "un documento de Office")


def _wide(name: str) -> bytes:
    """The name of a stream as the container's folder writes it, with the zero that ends it."""
    return name.encode("utf-16-le") + b"\0\0"


def _in_zip(path: Path) -> Kind:
    refuse_large(path)
    try:
        with zipfile.ZipFile(path) as book:
            return _of_entries(book)
    except FileRefused:
        raise
    except (zipfile.BadZipFile, OSError, EOFError, ValueError, zlib.error, NotImplementedError):
        raise damaged() from None
    except RuntimeError:
        # `zipfile` says so of an entry that is encrypted.
        raise with_password() from None


def _of_entries(book: zipfile.ZipFile) -> Kind:
    entries = book.infolist()
    names = {entry.filename for entry in entries}
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > MOST_ENTRIES or unpacked > MOST_UNPACKED:
        raise FileRefused.whole(
            f"El libro crece demasiado al abrirse: {unpacked / MEGABYTE:,.0f} MB en"
            f" {len(entries):,} partes.",
            "Copia solo las filas y columnas con datos a un libro nuevo, con «Pegar valores», y"
            " guarda ese.",
        )
    if "xl/workbook.xml" in names or _has_sheets(names):
        return XLSX
    if "xl/workbook.bin" in names:
        raise not_a_table("un libro binario de Excel (.xlsb)")
    if "content.xml" in names:
        return _open_document(book, names)
    raise not_a_table(_named(names))


def _has_sheets(names: Iterable[str]) -> bool:
    return any(name.endswith("workbook.xml") for name in names) and "[Content_Types].xml" in names


def _open_document(book: zipfile.ZipFile, names: set[str]) -> Kind:
    said = book.read("mimetype")[:200] if "mimetype" in names else b""
    if said and b"spreadsheet" not in said:
        raise not_a_table("un documento de LibreOffice que no es una hoja de cálculo")
    manifest = "META-INF/manifest.xml"
    if manifest in names and b"encryption-data" in book.read(manifest):
        raise with_password()
    return ODS


def _named(names: set[str]) -> str:
    if any(name.startswith("word/") for name in names):
        return "un documento de Word"
    if any(name.startswith("ppt/") for name in names):
        return "una presentación de PowerPoint"
    if any(name.endswith(".iwa") for name in names):
        return "un documento de Numbers, de Apple"
    return "un archivo comprimido (ZIP)"
