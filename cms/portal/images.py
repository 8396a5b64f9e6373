"""Images of the library without what the camera wrote in them: places, names, dates."""

import io
from typing import Any

from django.core.files.base import ContentFile
from PIL import Image

from cms.catalogs.pictures import orientation_of, turned

# High, since Wagtail compresses each size that is shown once more.
QUALITY = 90
# Some telephones put two pictures in one JPEG: the first is the one that is seen.
_FORMATS = {"JPEG": "JPEG", "MPO": "JPEG", "PNG": "PNG", "WEBP": "WEBP"}


def without_metadata(content: bytes) -> bytes:
    """The same picture, upright, in the same format, with nothing but its points and colours."""
    with Image.open(io.BytesIO(content)) as picture:
        upright = turned(picture, orientation_of(picture))
        profile = picture.info.get("icc_profile")
        kept = {"icc_profile": profile} if profile else {}
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
