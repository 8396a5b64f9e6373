"""Images and documents: every upload checks the file first, and images are encoded again."""

import io
from typing import Any, ClassVar

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.urls import reverse
from PIL import Image as Picture
from wagtail.documents.models import Document
from wagtail.images.models import Image
from wagtail.models import Collection, UploadedFile

from tests.odd_pictures import REFUSED, SOUND, exif, photo, saved

pytestmark = pytest.mark.django_db
WHERE = "zopilotelugar"
AJAX = {"HTTP_X_REQUESTED_WITH": "XMLHttpRequest"}


@pytest.fixture
def editor(client: Any, process: Any) -> Any:
    from cms.accounts.services import create_staff

    account = create_staff(username="prensa", role="comunicacion", password="palabra-de-prueba-8")
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    return client


def photograph_with_place(
    name: str = "foto.jpg", size: tuple[int, int] = (3000, 2000)
) -> SimpleUploadedFile:
    """A photograph whose metadata say where it was taken, and which is rotated."""
    content = saved(photo(size), exif=exif(t270=WHERE, t274=6))
    assert WHERE.encode() in content
    return SimpleUploadedFile(name, content, content_type="image/jpeg")


def stored(image: Any) -> bytes:
    with image.file.open() as file:
        return bytes(file.read())


def add(client: Any, file: Any, title: str = "Foto") -> Any:
    collection = Collection.get_first_root_node().pk
    address = reverse("wagtailimages:add_multiple")
    data = {"title": title, "collection": collection, "files[]": file}
    return client.post(address, data, **AJAX).json()


def test_an_image_from_the_form_for_several_loses_its_metadata(editor: Any) -> None:
    answer = add(editor, photograph_with_place())
    assert answer["success"], answer
    image = Image.objects.get()
    content = stored(image)
    assert WHERE.encode() not in content
    assert (image.width, image.height) == Picture.open(io.BytesIO(content)).size == (1707, 2560)
    assert image.file_size == len(content)
    assert image.get_rendition("max-165x165").width == 110


@pytest.mark.parametrize(
    ("kind", "words"),
    [(kind, REFUSED[kind][1]) for kind in ("heic", "jpeg-bomb", "png-bomb", "zip")],
)
def test_a_refused_image_has_its_reason_at_the_field(editor: Any, kind: str, words: str) -> None:
    answer = add(editor, SimpleUploadedFile("foto.jpg", REFUSED[kind][0]()))
    assert not answer["success"]
    assert words in answer["error_message"]
    assert not Image.objects.exists()
    assert not UploadedFile.objects.exists()


def test_the_message_about_a_heavy_image_says_the_limit(editor: Any) -> None:
    heavy = SimpleUploadedFile("foto.jpg", b"\xff\xd8\xff" + b"\0" * (11 * 1024 * 1024))
    assert "pesa 11 MB; el máximo es 10 MB" in add(editor, heavy)["error_message"]


def test_the_stored_name_of_an_image_has_the_ending_of_its_format(editor: Any) -> None:
    for kind, ending in (("png", ".png"), ("webp", ".webp"), ("jpeg-two-frames", ".jpg")):
        add(editor, SimpleUploadedFile("otra.JPEG", SOUND[kind]()))
        image = Image.objects.latest("pk")
        assert image.file.name.endswith(ending), kind
        assert image.get_rendition("width-100").file.name.endswith(ending)


def test_an_upload_that_waits_for_its_title_is_checked_too(editor: Any) -> None:
    """When a title is too long, the CMS keeps the upload apart until it has a shorter title."""
    answer = add(editor, photograph_with_place(), title="a" * 300)
    waiting = UploadedFile.objects.get()
    with waiting.file.open() as file:
        assert WHERE.encode() not in file.read()
    prefix = f"uploaded-image-{waiting.pk}"
    address = reverse("wagtailimages:create_multiple_from_uploaded_image", args=[waiting.pk])
    data = {f"{prefix}-title": "Foto", f"{prefix}-collection": 1, f"{prefix}-tags": ""}
    assert answer["success"]
    assert editor.post(address, data, **AJAX).json()["success"]
    assert WHERE.encode() not in stored(Image.objects.get())


def test_images_from_the_form_the_edit_view_and_the_chooser_lose_their_metadata(
    editor: Any,
) -> None:
    collection = Collection.get_first_root_node().pk
    form = {"title": "Una", "collection": collection, "tags": ""}
    editor.post(reverse("wagtailimages:add"), {**form, "file": photograph_with_place()})
    image = Image.objects.get()
    assert WHERE.encode() not in stored(image)
    before = image.file.name

    address = reverse("wagtailimages:edit", args=[image.pk])
    wrong = editor.post(address, {**form, "file": SimpleUploadedFile("x.jpg", b"%PDF-1.7")})
    assert "contiene un PDF" in wrong.content.decode()
    editor.post(address, {**form, "file": photograph_with_place("nueva.jpg", (900, 600))})
    image.refresh_from_db()
    assert image.file.name != before
    assert WHERE.encode() not in stored(image)
    assert (image.width, image.height) == (600, 900)

    prefix = "image-chooser-upload"
    chosen = {f"{prefix}-{name}": value for name, value in {**form, "title": "Dos"}.items()}
    response = editor.post(
        reverse("wagtailimages_chooser:create"),
        {**chosen, f"{prefix}-file": photograph_with_place("c.jpg")},
    )
    assert response.status_code == 200, response.content[:300]
    assert WHERE.encode() not in stored(Image.objects.get(title="Dos"))


class InTemporaryFiles(TemporaryFileUploadHandler):
    """Stores uploads in temporary files, as Django does with large ones, and remembers them."""

    completed: ClassVar[list[Any]] = []

    def file_complete(self, file_size: int) -> Any:
        uploaded = super().file_complete(file_size)
        self.completed.append(uploaded)
        return uploaded


def test_an_upload_stored_in_a_temporary_file_loses_its_metadata(
    editor: Any, settings: Any
) -> None:
    settings.FILE_UPLOAD_HANDLERS = [f"{__name__}.{InTemporaryFiles.__name__}"]
    InTemporaryFiles.completed.clear()
    assert add(editor, photograph_with_place())["success"]
    assert [type(uploaded) for uploaded in InTemporaryFiles.completed] == [TemporaryUploadedFile]
    assert WHERE.encode() not in stored(Image.objects.get())


def test_an_upload_while_the_reader_is_busy_has_its_reason_at_the_field(
    editor: Any, monkeypatch: Any
) -> None:
    from cms.catalogs.pictures import apart

    monkeypatch.setattr(apart, "LONGEST_WAIT", 0.05)
    with apart._working:
        assert "Espera unos segundos" in add(editor, photograph_with_place())["error_message"]
    assert add(editor, photograph_with_place())["success"]


@pytest.mark.parametrize(
    ("name", "content", "is_accepted"),
    [
        ("acta.pdf", b"%PDF-1.7\n", True),
        ("acta.pdf", b"<html>", False),
        ("lista.csv", "Nombre,Año\n".encode(), True),
        ("lista.csv", "Año".encode("utf-16"), True),
        ("lista.txt", b"MZ\0\0", False),
        ("hoja.exe", b"MZ", False),
    ],
)
def test_a_document_is_accepted_when_its_content_is_what_its_ending_says(
    editor: Any, name: str, content: bytes, is_accepted: bool
) -> None:
    editor.post(
        reverse("wagtaildocs:add"),
        {
            "title": "Acta",
            "file": SimpleUploadedFile(name, content),
            "collection": Collection.get_first_root_node().pk,
            "tags": "",
        },
    )
    assert Document.objects.exists() is is_accepted
