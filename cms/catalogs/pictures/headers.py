"""Reads what a file says of its picture without decoding it, and drops the rest of the file.

Metadata, further frames and whatever follows the picture never reach a decoder. Only what the
pixels and their colours need is kept.
"""

from dataclasses import dataclass
from typing import Final

from cms.catalogs.pictures import jpeg, png, webp
from cms.catalogs.pictures.kinds import JPEG, PNG, WEBP, kind_of, no_picture
from cms.catalogs.pictures.refusals import too_many_points

# Largest number of pixels. A JPEG is decoded at the size that is needed, a PNG at its whole size,
# and a WebP takes three times its size.
LARGEST_PIXELS: Final = {JPEG: 120_000_000, PNG: 25_000_000, WEBP: 16_000_000}


@dataclass(frozen=True)
class Checked:
    """A picture that may be decoded: its format, its size, and the bytes that matter."""

    kind: str
    width: int
    height: int
    content: bytes


def checked(content: bytes, name: str = "") -> Checked:
    """Check a file before any work is done with it.

    Args: name: the file's own name, only to explain a refusal.
    Raises: PictureRejected.
    """
    kind = kind_of(content)
    if kind is None:
        raise no_picture(content, name)
    if kind == JPEG:
        width, height, kept = jpeg.stripped(content)
    elif kind == PNG:
        width, height, kept = png.stripped(content)
    else:
        width, height, kept = webp.stripped(content)
    if width * height > LARGEST_PIXELS[kind]:
        raise too_many_points(width, height, LARGEST_PIXELS[kind])
    return Checked(kind, width, height, kept)
