"""Tells what a file is by its first bytes, never by its name."""

import io
import zipfile
from typing import Final

from cms.catalogs.pictures.refusals import PictureRejected

JPEG: Final = "JPEG"
PNG: Final = "PNG"
WEBP: Final = "WEBP"

_OTHERS: Final = (
    (b"%PDF", "un PDF"),
    (b"GIF8", "una imagen GIF"),
    (b"BM", "una imagen BMP"),
    (b"II*\0", "una imagen TIFF"),
    (b"MM\0*", "una imagen TIFF"),
    (b"8BPS", "un archivo de Photoshop"),
    (b"\0\0\0\x0cjP  ", "una imagen JPEG 2000"),
    (b"\xff\x4f\xff\x51", "una imagen JPEG 2000"),
    (b"\xff\x0a", "una imagen JPEG XL"),
    (b"\0\0\0\x0cJXL ", "una imagen JPEG XL"),
    (b"\0\0\1\0", "un icono"),
    (b"\xd0\xcf\x11\xe0", "un documento de Office"),
    (b"Rar!", "un archivo comprimido"),
    (b"7z\xbc\xaf", "un archivo comprimido"),
)
# Brands of the `ftyp` box with which HEIC files begin.
_HEIC: Final = {b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1"}
_ON_TELEPHONES: Final = (
    " En el teléfono, elige «Más compatible» en Ajustes › Cámara › Formatos, o envíatela como JPG."
)


def kind_of(content: bytes) -> str | None:
    """JPEG, PNG or WEBP; None for anything else."""
    if content.startswith(b"\xff\xd8\xff"):
        return JPEG
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return WEBP
    return None


def no_picture(content: bytes, name: str) -> PictureRejected:
    """Why a file of another format is refused: what its name says and what it holds."""
    ending = f".{name.rsplit('.', 1)[1].lower()[:8]}" if "." in name else ""
    says = f"el archivo dice {ending} pero contiene" if ending else "el archivo contiene"
    what, advice = _named(content)
    is_another_picture = what.startswith(("una imagen", "un dibujo"))
    start = "Esa clase de imagen no se admite" if is_another_picture else "No es una imagen"
    return PictureRejected(f"{start}: {says} {what}. Sube una fotografía JPG, PNG o WebP.{advice}")


def _named(content: bytes) -> tuple[str, str]:
    for start, what in _OTHERS:
        if content.startswith(start):
            return what, ""
    if content[4:8] == b"ftyp":
        if content[8:12] in _HEIC:
            return "una imagen HEIC", _ON_TELEPHONES
        if content[8:12] in {b"avif", b"avis"}:
            return "una imagen AVIF", ""
        return "un video", ""
    head = content[:1000].lower()
    if b"<svg" in head:
        return "un dibujo SVG", ""
    if b"<html" in head or b"<!doctype" in head:
        return "una página web", ""
    if zipfile.is_zipfile(io.BytesIO(content)):
        return "un ZIP", ""
    return "otra cosa", ""
