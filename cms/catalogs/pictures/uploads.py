"""Limits how much of an uploaded file is read."""

from typing import IO, Final

from cms.catalogs.pictures.refusals import PictureRejected

MEGABYTE: Final = 1024 * 1024
LARGEST_UPLOAD: Final = 10 * MEGABYTE


def content_of(file: IO[bytes]) -> bytes:
    """The bytes of an upload, if it is no larger than a picture may be.

    Raises: PictureRejected.
    """
    file.seek(0)
    content = file.read(LARGEST_UPLOAD + 1)
    if not content:
        raise PictureRejected("El archivo está vacío. Elige otro.")
    if len(content) > LARGEST_UPLOAD:
        size = getattr(file, "size", None) or len(content)
        raise PictureRejected(
            f"La imagen pesa {size / MEGABYTE:.0f} MB; el máximo es"
            f" {LARGEST_UPLOAD // MEGABYTE} MB. Guárdala con menor calidad o tamaño y súbela."
        )
    return content
