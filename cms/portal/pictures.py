"""Makes an image of the library. Pure and without Django, since it runs in another process."""

import io
from typing import Final

from PIL import Image

from cms.catalogs.pictures.headers import checked
from cms.catalogs.pictures.kinds import JPEG, PNG, WEBP
from cms.catalogs.pictures.reading import upright

# Larger than any page shows, and cheap to make every shown size from.
LONGEST: Final = 2560
# High, since Wagtail compresses it once more for each size that pages show.
QUALITY: Final = 90
# A drawing is smaller as PNG; a photograph that came as PNG is kept as JPEG.
LARGEST_PNG: Final = 3 * 1024 * 1024


def made(content: bytes, *, name: str = "") -> list[bytes]:
    """The picture, upright, in sRGB and without metadata; and the name of its format, in ASCII.

    Raises: PictureRejected.
    """
    found = checked(content, name)
    picture = upright(found, LONGEST)
    picture.thumbnail((LONGEST, LONGEST), Image.Resampling.LANCZOS)
    bare = Image.new(picture.mode, picture.size)
    bare.paste(picture)
    kind = found.kind
    result = _saved(bare, kind)
    if kind == PNG and bare.mode == "RGB" and len(result) > LARGEST_PNG:
        kind = JPEG
        result = _saved(bare, kind)
    return [result, kind.encode("ascii")]


def _saved(picture: Image.Image, kind: str) -> bytes:
    out = io.BytesIO()
    options = {} if kind == PNG else {"quality": QUALITY}
    picture.save(out, kind, **options)
    return out.getvalue()


ENDINGS: Final = {JPEG: ".jpg", PNG: ".png", WEBP: ".webp"}
