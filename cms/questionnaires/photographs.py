"""Photographs are checked by their content, turned upright, cropped and re-encoded. Pure."""

import hashlib
import io
from dataclasses import asdict, dataclass
from typing import IO

from PIL import Image

from cms.catalogs.pictures.apart import made_apart
from cms.catalogs.pictures.headers import checked
from cms.catalogs.pictures.reading import upright
from cms.catalogs.pictures.refusals import PictureRejected as PhotographRejected
from cms.catalogs.pictures.uploads import LARGEST_UPLOAD, content_of

__all__ = [
    "LARGEST_UPLOAD",
    "Crop",
    "Encoded",
    "PhotographRejected",
    "encode",
    "encode_own",
    "made",
]

SMALLEST = (300, 375)
LARGE = (800, 1000)
SMALL = (240, 300)
RATIO = LARGE[0] / LARGE[1]
LARGEST_RESULT = 700 * 1024


@dataclass(frozen=True)
class Crop:
    """The part of the upright picture to keep, in percent: its left and top edges, its width."""

    left: float = 0
    top: float = 0
    width: float = 100


@dataclass(frozen=True)
class Encoded:
    """Two JPEG files (at most 800×1000 and 240×300 px) and the hash of the large one."""

    large: bytes
    small: bytes
    sha256: str


def encode(file: IO[bytes], *, name: str = "", crop: Crop | None = None) -> Encoded:
    """Check an uploaded file and re-encode it without metadata, in a process of its own.

    Args:
        file: the upload. name: its name, only to explain a refusal; it is never kept.
        crop: what to keep; the largest centred 4:5 picture when None.

    Raises: PhotographRejected; `refusals.Busy` where others' pictures are being read.
    """
    content = content_of(file)
    options = None if crop is None else asdict(crop)
    return _encoded(*made_apart(made, content, name=name, crop=options))


def encode_own(content: bytes) -> Encoded:
    """Re-encode a file of this repository, which is known to be harmless, in this process."""
    return _encoded(*made(content))


def _encoded(large: bytes, small: bytes) -> Encoded:
    return Encoded(large, small, hashlib.sha256(large).hexdigest())


def made(content: bytes, *, name: str = "", crop: dict[str, float] | None = None) -> list[bytes]:
    """The large and the small JPEG of a file, decoded in this process; `encode` starts another."""
    kept = None if crop is None else Crop(**crop)
    found = checked(content, name)
    if min(found.width, found.height) < SMALLEST[0] or (
        max(found.width, found.height) < SMALLEST[1]
    ):
        raise _too_small(found.width, found.height)
    picture = _on_white(upright(found, _needed(kept)))
    if min(picture.size[0] / SMALLEST[0], picture.size[1] / SMALLEST[1]) < 1:
        raise _too_small(*picture.size)
    cut = picture.crop(_box(picture.size, kept))
    return [_jpeg(cut, LARGE), _jpeg(cut, SMALL)]


def _too_small(width: int, height: int) -> PhotographRejected:
    return PhotographRejected(
        f"La fotografía mide {width} × {height} puntos; necesita al menos"
        f" {SMALLEST[0]} × {SMALLEST[1]}. Elige una más grande."
    )


def _needed(crop: Crop | None) -> int:
    """The size in pixels to which the whole picture is reduced, so that the crop stays sharp."""
    part = 1.0 if crop is None else max(crop.width, 5.0) / 100
    return round(2 * max(LARGE) / part)


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.mode == "RGB":
        return picture
    ground = Image.new("RGBA", picture.size, "white")
    ground.alpha_composite(picture)
    return ground.convert("RGB")


def _box(size: tuple[int, int], crop: Crop | None) -> tuple[int, int, int, int]:
    """The box to keep, with sides of 4:5 and inside the picture."""
    width, height = size
    widest = min(width, height * RATIO)
    if crop is None:
        kept = widest
        left, top = (width - kept) / 2, (height - kept / RATIO) / 2
    else:
        kept = max(min(widest, width * crop.width / 100), min(widest, SMALLEST[0]))
        left = min(max(width * crop.left / 100, 0), width - kept)
        top = min(max(height * crop.top / 100, 0), height - kept / RATIO)
    return round(left), round(top), round(left + kept), round(top + kept / RATIO)


def _jpeg(picture: Image.Image, size: tuple[int, int]) -> bytes:
    fitted = picture.copy()
    fitted.thumbnail(size, Image.Resampling.LANCZOS)
    bare = Image.new("RGB", fitted.size)
    bare.paste(fitted)
    for quality in (85, 75, 60, 45):
        out = io.BytesIO()
        bare.save(out, "JPEG", quality=quality, optimize=True, progressive=True)
        if out.tell() <= LARGEST_RESULT:
            break
    return out.getvalue()
