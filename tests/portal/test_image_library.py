"""Images and documents: every way in looks at the file first, and keeps its own copy."""

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
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


def telling(name: str = "foto.jpg", size: tuple[int, int] = (3000, 2000)) -> SimpleUploadedFile:
    """A photograph that says where it was taken, and lies on its side."""
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


def test_several_at_once(editor: Any) -> None:
    answer = add(editor, telling())
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
def test_what_is_refused_is_told_at_the_field(editor: Any, kind: str, words: str) -> None:
    answer = add(editor, SimpleUploadedFile("foto.jpg", REFUSED[kind][0]()))
    assert not answer["success"]
    assert words in answer["error_message"]
    assert not Image.objects.exists()
    assert not UploadedFile.objects.exists()


def test_too_heavy_says_how_much_is_admitted(editor: Any) -> None:
    heavy = SimpleUploadedFile("foto.jpg", b"\xff\xd8\xff" + b"\0" * (11 * 1024 * 1024))
    assert "pesa 11 MB; el máximo es 10 MB" in add(editor, heavy)["error_message"]


def test_a_picture_gets_the_ending_of_what_it_is(editor: Any) -> None:
    for kind, ending in (("png", ".png"), ("webp", ".webp"), ("jpeg-two-frames", ".jpg")):
        add(editor, SimpleUploadedFile("otra.JPEG", SOUND[kind]()))
        image = Image.objects.latest("pk")
        assert image.file.name.endswith(ending), kind
        assert image.get_rendition("width-100").file.name.endswith(ending)


def test_what_waits_for_its_title_is_checked_as_well(editor: Any) -> None:
    """A title that is too long: the CMS keeps the upload aside until it has one that fits."""
    answer = add(editor, telling(), title="a" * 300)
    waiting = UploadedFile.objects.get()
    with waiting.file.open() as file:
        assert WHERE.encode() not in file.read()
    prefix = f"uploaded-image-{waiting.pk}"
    address = reverse("wagtailimages:create_multiple_from_uploaded_image", args=[waiting.pk])
    data = {f"{prefix}-title": "Foto", f"{prefix}-collection": 1, f"{prefix}-tags": ""}
    assert answer["success"]
    assert editor.post(address, data, **AJAX).json()["success"]
    assert WHERE.encode() not in stored(Image.objects.get())


def test_one_alone_replaced_and_inside_a_chooser(editor: Any) -> None:
    collection = Collection.get_first_root_node().pk
    form = {"title": "Una", "collection": collection, "tags": ""}
    editor.post(reverse("wagtailimages:add"), {**form, "file": telling()})
    image = Image.objects.get()
    assert WHERE.encode() not in stored(image)
    before = image.file.name

    address = reverse("wagtailimages:edit", args=[image.pk])
    wrong = editor.post(address, {**form, "file": SimpleUploadedFile("x.jpg", b"%PDF-1.7")})
    assert "contiene un PDF" in wrong.content.decode()
    editor.post(address, {**form, "file": telling("nueva.jpg", (900, 600))})
    image.refresh_from_db()
    assert image.file.name != before
    assert WHERE.encode() not in stored(image)
    assert (image.width, image.height) == (600, 900)

    prefix = "image-chooser-upload"
    chosen = {f"{prefix}-{name}": value for name, value in {**form, "title": "Dos"}.items()}
    response = editor.post(
        reverse("wagtailimages_chooser:create"), {**chosen, f"{prefix}-file": telling("c.jpg")}
    )
    assert response.status_code == 200, response.content[:300]
    assert WHERE.encode() not in stored(Image.objects.get(title="Dos"))


def test_an_upload_that_lies_on_the_disk(editor: Any, settings: Any) -> None:
    settings.FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]
    assert TemporaryUploadedFile
    assert add(editor, telling())["success"]
    assert WHERE.encode() not in stored(Image.objects.get())


def test_busy_is_told_at_the_field(editor: Any, monkeypatch: Any) -> None:
    from cms.catalogs.pictures import apart

    monkeypatch.setattr(apart, "LONGEST_WAIT", 0.05)
    with apart._working:
        assert "Espera unos segundos" in add(editor, telling())["error_message"]
    assert add(editor, telling())["success"]


@pytest.mark.parametrize(
    ("name", "content", "is_taken"),
    [
        ("acta.pdf", b"%PDF-1.7\n", True),
        ("acta.pdf", b"<html>", False),
        ("lista.csv", "Nombre,Año\n".encode(), True),
        ("lista.csv", "Año".encode("utf-16"), True),
        ("lista.txt", b"MZ\0\0", False),
        ("hoja.exe", b"MZ", False),
    ],
)
def test_a_document_is_what_its_ending_says(
    editor: Any, name: str, content: bytes, is_taken: bool
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
    assert Document.objects.exists() is is_taken
