"""Photographs: checked by content, turned upright, cropped and re-encoded. Pure."""

import hashlib
import io
import zipfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import IO

from PIL import Image, UnidentifiedImageError

from cms.catalogs.pictures import orientation_of, turned

MEGABYTE = 1024 * 1024
LARGEST_UPLOAD = 10 * MEGABYTE
# A JPEG is decoded at the size that is needed; the others whole.
LARGEST_PIXELS = {"JPEG": 60_000_000, "PNG": 25_000_000, "WEBP": 25_000_000}
SMALLEST = (300, 375)
LARGE = (800, 1000)
SMALL = (240, 300)
RATIO = LARGE[0] / LARGE[1]
LARGEST_RESULT = 700 * 1024
FORMATS = ("JPEG", "PNG", "WEBP")
# A picture takes some 250 MB while it is read: one after the other in each process, and always in
# the same thread, since the memory of each thread is kept for it.
_reader = ThreadPoolExecutor(max_workers=1, thread_name_prefix="photographs")


class PhotographRejected(Exception):
    """The file cannot be used; `explanation` says why and what to do, in Spanish."""

    def __init__(self, explanation: str) -> None:
        self.explanation = explanation
        super().__init__(explanation)


@dataclass(frozen=True)
class Crop:
    """What to keep, in percent of the upright picture: where it starts and how wide it is."""

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
    """Check an uploaded file and re-encode it without metadata.

    Args:
        file: the upload. name: its name, only to explain a refusal; it is never kept.
        crop: what to keep; the largest centred 4:5 picture when None.

    Raises: PhotographRejected.
    """
    content = file.read(LARGEST_UPLOAD + 1)
    _check_size(file, content)
    return _reader.submit(_encoded, content, name, crop).result()


def _encoded(content: bytes, name: str, crop: Crop | None) -> Encoded:
    picture = _opened(content, name, crop)
    if min(picture.size[0] / SMALLEST[0], picture.size[1] / SMALLEST[1]) < 1:
        raise PhotographRejected(
            f"La fotografía mide {picture.size[0]} × {picture.size[1]} puntos; necesita al menos"
            f" {SMALLEST[0]} × {SMALLEST[1]}. Elige una más grande."
        )
    cut = picture.crop(_box(picture.size, crop))
    large = _jpeg(cut, LARGE)
    return Encoded(large, _jpeg(cut, SMALL), hashlib.sha256(large).hexdigest())


def _check_size(file: IO[bytes], content: bytes) -> None:
    if not content:
        raise PhotographRejected("El archivo está vacío. Elige otro.")
    if len(content) > LARGEST_UPLOAD:
        size = getattr(file, "size", None) or len(content)
        raise PhotographRejected(
            f"La fotografía pesa {size / MEGABYTE:.0f} MB; el máximo es"
            f" {LARGEST_UPLOAD // MEGABYTE} MB. Tómala de nuevo con menor calidad."
        )


def _what_it_is(content: bytes) -> str:
    if zipfile.is_zipfile(io.BytesIO(content)):
        return "un ZIP"
    if content.startswith(b"%PDF"):
        return "un PDF"
    if b"<svg" in content[:1000].lower():
        return "un dibujo SVG"
    if content[4:12] in {b"ftypheic", b"ftypheix", b"ftypmif1"}:
        return "una imagen HEIC, que no se admite"
    return "otra cosa"


def _opened(content: bytes, name: str, crop: Crop | None) -> Image.Image:
    needed = _needed(crop)
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as probe:
            if probe.size[0] * probe.size[1] > LARGEST_PIXELS[str(probe.format)]:
                raise PhotographRejected("La imagen tiene demasiados puntos. Redúcela y súbela.")
            probe.verify()
        with Image.open(io.BytesIO(content), formats=FORMATS) as picture:
            picture.draft("RGB", (needed, needed))
            return turned(_on_white(_smaller(picture, needed)), orientation_of(picture))
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError, ValueError):
        ending = f".{name.rsplit('.', 1)[1].lower()[:8]}" if "." in name else ""
        says = f"el archivo dice {ending} pero contiene" if ending else "el archivo contiene"
        raise PhotographRejected(
            f"No es una imagen: {says} {_what_it_is(content)}. Sube una fotografía JPG, PNG o WebP."
        ) from None


def _needed(crop: Crop | None) -> int:
    """How many points each side of the whole picture needs, so that what is kept is sharp."""
    part = 1.0 if crop is None else max(crop.width, 5.0) / 100
    return round(2 * max(LARGE) / part)


def _smaller(picture: Image.Image, needed: int) -> Image.Image:
    """The picture at a fraction of its size that is still enough."""
    factor = min(picture.size) // needed
    can_be = factor > 1 and picture.mode in {"RGB", "RGBA", "L"}
    return picture.reduce(factor) if can_be else picture


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.mode == "RGB":
        return picture.copy()
    with_alpha = picture.convert("RGBA")
    ground = Image.new("RGBA", with_alpha.size, "white")
    ground.alpha_composite(with_alpha)
    return ground.convert("RGB")


def _box(size: tuple[int, int], crop: Crop | None) -> tuple[int, int, int, int]:
    """The 4:5 box that is kept, always inside the picture."""
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
