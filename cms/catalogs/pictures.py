"""How a picture was held when it was taken. Pure functions."""

from PIL import Image

ORIENTATION = 0x0112
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def orientation_of(picture: Image.Image) -> int:
    """EXIF's orientation, 1 to 8; whatever is damaged in the metadata says nothing (1).

    Pillow's own way writes the metadata anew, and fails on what is damaged in them.
    """
    try:
        return int(picture.getexif().get(ORIENTATION, 1))
    except Exception:  # noqa: BLE001 (what a damaged block raises is not ours to list)
        return 1


def turned(picture: Image.Image, orientation: int) -> Image.Image:
    """The picture upright, when it was taken with that orientation."""
    turn = _TURNS.get(orientation)
    return picture if turn is None else picture.transpose(turn)
