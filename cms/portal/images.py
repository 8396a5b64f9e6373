"""Images of the library: each upload is decoded in another process and kept without metadata.

Nothing else is ever stored. What Wagtail decodes later, for the sizes that pages show, is therefore
a picture that this site made itself and that costs little to decode.
"""

from io import BytesIO
from pathlib import PurePath
from typing import Any, cast

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.core.files.uploadedfile import UploadedFile
from django.forms.fields import FileField
from django.utils.translation import gettext_lazy as _
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm

from cms.catalogs.pictures.apart import made_apart
from cms.catalogs.pictures.refusals import PictureRejected
from cms.catalogs.pictures.uploads import content_of
from cms.portal import pictures

CHECKED = "is_checked_picture"


def checked_picture(file: Any, name: str) -> tuple[bytes, str]:
    """The picture as the library keeps it, and its name with the ending of its format.

    Raises: PictureRejected.
    """
    content, kind = made_apart(pictures.made, content_of(file), name=name)
    stem = PurePath(name).stem or "imagen"
    return content, stem + pictures.ENDINGS[kind.decode("ascii")]


def _put_into(upload: "UploadedFile[Any]", content: bytes, name: str) -> None:
    """Replace the content of the upload, so that the CMS never stores what arrived."""
    file = upload.file
    if file is None:
        raise TypeError("an upload without its file")
    file.seek(0)
    file.truncate()
    file.write(content)
    file.flush()
    file.seek(0)
    upload.size, upload.name = len(content), name
    setattr(upload, CHECKED, True)


class CheckedImageField(WagtailImageField):
    """The field for the file of an image, whose errors say what to do."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.help_text = _(
            "JPG, PNG o WebP de hasta 10 MB. Se guarda de pie, a lo más de 2560 puntos por lado y"
            " sin lo que la cámara anotó (lugar, fecha, aparato)."
        )

    def to_python(self, data: Any) -> Any:
        """Decode the file in another process; Wagtail would do it in the one that serves pages."""
        upload = cast("UploadedFile[Any] | None", FileField.to_python(self, data))
        if upload is None or getattr(upload, CHECKED, False):
            return upload
        try:
            content, name = checked_picture(upload, upload.name or "")
        except PictureRejected as rejected:
            raise ValidationError(rejected.explanation, code="invalid_image") from None
        _put_into(upload, content, name)
        return upload


class CheckedImageForm(BaseImageForm):
    """Every form of the library: to add, to replace, to add several at once, and in choosers."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if (plain := self.fields.get("file")) is not None:
            self.fields["file"] = CheckedImageField(
                label=plain.label, required=plain.required, widget=plain.widget
            )


def strip_before_saving(sender: type[Any], instance: Any, **kwargs: Any) -> None:
    """Receiver of pre_save of images: those that code adds are checked like those of the forms."""
    file = instance.file
    if not file or getattr(file, "_committed", True) or getattr(file.file, CHECKED, False):
        return
    file.open()
    content, name = checked_picture(BytesIO(file.read()), PurePath(file.name).name)
    kept: File[bytes] = ContentFile(content, name=name)
    setattr(kept, CHECKED, True)
    instance.file = kept
    instance.file_size = len(content)
    instance.file_hash = ""
