"""Decodes a picture upright, in sRGB, at the size that is needed. Pure functions."""

import io
import math
from typing import Final

from PIL import Image, PngImagePlugin

from cms.catalogs.pictures.colours import eight_bits, in_srgb
from cms.catalogs.pictures.headers import Checked
from cms.catalogs.pictures.kinds import JPEG
from cms.catalogs.pictures.refusals import damaged

ORIENTATION: Final = 0x0112
# The most pixels that are worked on: four bytes each, in three copies.
LARGEST_WORKED_ON: Final = 16_000_000
_TURNS: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
# `headers` limits the size of pictures; a colour profile may be larger than Pillow's limit.
Image.MAX_IMAGE_PIXELS = None
PngImagePlugin.MAX_TEXT_CHUNK = 4 * 1024 * 1024


def upright(picture: Checked, shortest: int) -> Image.Image:
    """The pixels of a checked picture in RGB or RGBA, turned upright.

    Args:
        shortest: how many pixels the shorter side needs. It keeps at least so many, unless the
            whole picture would be too much to work on.

    Raises: PictureRejected.
    """
    try:
        with Image.open(io.BytesIO(picture.content), formats=[picture.kind]) as opened:
            factor = _factor(picture, shortest)
            if picture.kind == JPEG and factor > 1:
                # The decoder can give a half, a quarter or an eighth, with less memory and work.
                scale = 1 << min(factor.bit_length() - 1, 3)
                opened.draft(None, (picture.width // scale, picture.height // scale))
            orientation = _orientation_of(opened)
            opened.load()
            coloured = in_srgb(_smaller(opened, shortest))
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 (a decoder may raise anything)
        raise damaged() from None
    turn = _TURNS.get(orientation)
    return coloured if turn is None else coloured.transpose(turn)


def _factor(picture: Checked, shortest: int) -> int:
    """The number by which both sides may be divided."""
    enough = min(picture.width, picture.height) // max(shortest, 1)
    bearable = math.ceil(math.sqrt(picture.width * picture.height / LARGEST_WORKED_ON))
    return max(enough, bearable, 1)


def _smaller(opened: Image.Image, shortest: int) -> Image.Image:
    factor = max(
        min(opened.size) // max(shortest, 1),
        math.ceil(math.sqrt(opened.size[0] * opened.size[1] / LARGEST_WORKED_ON)),
    )
    if factor < 2:
        return opened
    picture = eight_bits(opened)
    if picture.mode == "P":
        picture = picture.convert("RGBA" if "transparency" in picture.info else "RGB")
    if "transparency" in picture.info and picture.mode in {"L", "RGB"}:
        picture = picture.convert("RGBA")
    if picture.mode == "RGBA":
        # With alpha multiplied in, transparent pixels lend no colour to their neighbours.
        reduced = picture.convert("RGBa").reduce(factor).convert("RGBA")
    else:
        reduced = picture.reduce(factor)
    reduced.info = {"icc_profile": opened.info.get("icc_profile")}
    return reduced


def _orientation_of(picture: Image.Image) -> int:
    """The orientation of EXIF, from 1 to 8. Damaged metadata count as 1, upright."""
    try:
        return int(picture.getexif().get(ORIENTATION, 1))
    except Exception:  # noqa: BLE001 (damaged metadata may raise anything)
        return 1
