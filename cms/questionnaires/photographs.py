"""Photographs are checked by their content, turned upright, cropped and re-encoded. Pure."""

import hashlib
import io
from dataclasses import asdict, dataclass
from typing import IO, Any

from PIL import Image

from cms.catalogs.pictures import sizes
from cms.catalogs.pictures.apart import made_apart
from cms.catalogs.pictures.headers import checked
from cms.catalogs.pictures.reading import upright
from cms.catalogs.pictures.refusals import PictureRejected as PhotographRejected
from cms.catalogs.pictures.uploads import LARGEST_UPLOAD, content_of

__all__ = [
    "LARGEST_UPLOAD",
    "Crop",
    "Encoded",
    "InSizes",
    "PhotographRejected",
    "encode",
    "encode_own",
    "in_sizes",
    "made",
    "own_in_sizes",
    "resized",
]

SMALLEST = (300, 375)
LARGE = (800, 1000)
SMALL = (240, 300)
RATIO = LARGE[0] / LARGE[1]
LARGEST_RESULT = 700 * 1024
# Nothing to be seen is lost at these sizes. A slower AVIF takes three times the work and saves a
# fiftieth of a photograph's bytes. One thread: a photograph is not worth two processors.
OPTIONS: dict[str, dict[str, Any]] = {
    "avif": {"format": "AVIF", "quality": 60, "speed": 8, "max_threads": 1},
    "webp": {"format": "WEBP", "quality": 80, "method": 4},
    "jpg": {"format": "JPEG", "quality": 82, "optimize": True, "progressive": True},
}


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


@dataclass(frozen=True)
class InSizes:
    """The files of a photograph of `width` pixels, by what follows their name (`sizes.endings`)."""

    width: int
    files: dict[str, bytes]


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


def in_sizes(content: bytes) -> InSizes:
    """The files that pages show of a photograph of ours, made in a process of its own.

    Args:
        content: the large JPEG, which becomes the whole photograph as it is.

    Raises: PhotographRejected; `refusals.Busy` where others' pictures are being read.
    """
    return _in_sizes(content, *made_apart(resized, content))


def own_in_sizes(content: bytes) -> InSizes:
    """`in_sizes` in this process, of a file that is known to be harmless."""
    return _in_sizes(content, *resized(content))


def _in_sizes(content: bytes, width: bytes, *files: bytes) -> InSizes:
    endings = sizes.endings(int(width))
    return InSizes(int(width), dict(zip(endings, [content, *files], strict=True)))


def resized(content: bytes) -> list[bytes]:
    """The width of the photograph in pixels, in ASCII; its files in the order of `sizes.endings`.

    The whole photograph is left out. Raises: PhotographRejected.
    """
    picture = _on_white(upright(checked(content), LARGE[0]))
    cut = picture.crop(_box(picture.size, None))
    if 0 in cut.size:
        raise _too_small(*picture.size)
    files = []
    for width in sizes.widths(cut.width):
        fitted = cut.resize((width, sizes.height_of(width)), Image.Resampling.LANCZOS)
        files += [_saved(fitted, **OPTIONS[kind]) for kind in sizes.FORMATS]
    return [str(cut.width).encode("ascii"), *files]


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
    """The size in pixels to which the whole picture is reduced, so that the crop stays sharp.

    Half as much again as the result has: so the decoder halves the twelve megapixels of a
    telephone itself, with a quarter of the work.
    """
    part = 1.0 if crop is None else max(crop.width, 5.0) / 100
    return round(1.5 * max(LARGE) / part)


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
    fitted = picture
    if picture.width > size[0]:
        # The box was rounded to whole pixels: the result has the ratio exactly.
        fitted = picture.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)
    bare = Image.new("RGB", fitted.size)
    bare.paste(fitted)
    for quality in (85, 75, 60, 45):
        content = _saved(bare, **{**OPTIONS["jpg"], "quality": quality})
        if len(content) <= LARGEST_RESULT:
            break
    return content


def _saved(picture: Image.Image, **options: Any) -> bytes:
    out = io.BytesIO()
    picture.save(out, **options)
    return out.getvalue()
