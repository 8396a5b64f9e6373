"""Images of the library without what the camera wrote in them: places, names, dates."""

import io
from typing import Any

from django.core.files.base import ContentFile
from PIL import Image, ImageOps

# Wagtail's own quality for photographs.
QUALITY = 90
# Some telephones put two pictures in one JPEG: the first is the one that is seen.
_FORMATS = {"JPEG": "JPEG", "MPO": "JPEG", "PNG": "PNG", "WEBP": "WEBP"}


def without_metadata(content: bytes) -> bytes:
    """The same picture, upright, in the same format, with nothing but its points and colours."""
    with Image.open(io.BytesIO(content)) as picture:
        upright = ImageOps.exif_transpose(picture)
        kept = {"icc_profile": upright.info["icc_profile"]} if "icc_profile" in upright.info else {}
        bare = Image.new(upright.mode, upright.size)
        bare.paste(upright)
        if upright.mode == "P" and (palette := upright.getpalette()) is not None:
            bare.putpalette(palette)
        out = io.BytesIO()
        bare.save(out, _FORMATS.get(str(picture.format), "PNG"), quality=QUALITY, **kept)
    return out.getvalue()


def strip_before_saving(sender: type[Any], instance: Any, **kwargs: Any) -> None:
    """Receiver of pre_save of images: a file that was just chosen is stored without metadata."""
    file = instance.file
    if not file or getattr(file, "_committed", True):
        return
    file.open()
    stripped = ContentFile(without_metadata(file.read()), name=file.name)
    instance.file = stripped
    instance.file_size = stripped.size
    instance.file_hash = ""
