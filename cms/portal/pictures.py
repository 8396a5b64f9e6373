"""What an image of the library becomes. Pure, and without Django: it runs in a process apart."""

import io
from typing import Final

from PIL import Image

from cms.catalogs.pictures.headers import checked
from cms.catalogs.pictures.kinds import JPEG, PNG, WEBP
from cms.catalogs.pictures.reading import upright

# More than any page shows: the sizes that are shown are made from it at little cost.
LONGEST: Final = 2560
# High, since Wagtail compresses each size that is shown once more.
QUALITY: Final = 90
# A drawing takes less as PNG; a photograph that was saved as one goes on as JPEG.
LARGEST_PNG: Final = 3 * 1024 * 1024


def made(content: bytes, *, name: str = "") -> list[bytes]:
    """The picture upright, in sRGB, with nothing but its points; and its format, in ASCII.

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
