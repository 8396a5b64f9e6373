"""Photographs are checked by their content, re-encoded, and private until they are approved."""

import contextlib
import io
import random
import zipfile
from dataclasses import asdict
from typing import IO, Any

import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from cms.catalogs.pictures.uploads import content_of
from cms.privacy.services import NoticeNotAccepted
from cms.questionnaires import services
from cms.questionnaires.kinds import CURRICULAR
from cms.questionnaires.models import Draft, Photograph, Questionnaire
from cms.questionnaires.photographs import (
    LARGEST_RESULT,
    LARGEST_UPLOAD,
    RATIO,
    Crop,
    Encoded,
    PhotographRejected,
    _box,
    _encoded,
    made,
)
from tests.questionnaires.conftest import a_picture

GPS_TAG, ORIENTATION_TAG, MAKER_TAG = 0x8825, 0x0112, 0x010F


def encode(file: IO[bytes], *, name: str = "", crop: Crop | None = None) -> Encoded:
    """Encode as the service does, but in this process; the separate process has its own tests."""
    options = None if crop is None else asdict(crop)
    return _encoded(*made(content_of(file), name=name, crop=options))


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


def rejection(content: bytes | IO[bytes], name: str = "") -> str:
    file = io.BytesIO(content) if isinstance(content, bytes) else content
    with pytest.raises(PhotographRejected) as refused:
        encode(file, name=name)
    return refused.value.explanation


def a_zip() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("foto.txt", "no soy una foto")
    return file.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_three_formats_become_two_jpeg_files(kind: str) -> None:
    encoded = encode(a_picture((1200, 1800), kind))

    assert (opened(encoded.large).format, opened(encoded.large).size) == ("JPEG", (800, 1000))
    assert (opened(encoded.small).format, opened(encoded.small).size) == ("JPEG", (240, 300))
    assert len(encoded.large) <= LARGEST_RESULT


def test_the_message_about_a_zip_named_jpg_says_that_it_is_a_zip() -> None:
    assert rejection(a_zip(), "Foto Final.JPG") == (
        "No es una imagen: el archivo dice .jpg pero contiene un ZIP. Sube una fotografía JPG, PNG"
        " o WebP."
    )


def test_an_empty_file_is_refused() -> None:
    assert rejection(b"") == "El archivo está vacío. Elige otro."


def test_the_message_about_a_heavy_file_says_its_size_and_the_limit() -> None:
    heavy = SimpleUploadedFile("foto.jpg", b"\xff\xd8\xff" + b"\0" * (12 * 1024 * 1024))
    assert rejection(heavy) == (
        "La imagen pesa 12 MB; el máximo es 10 MB. Guárdala con menor calidad o tamaño y súbela."
    )


def test_a_file_of_exactly_the_largest_size_is_accepted() -> None:
    content = a_picture().getvalue()
    padded = content + b"\0" * (LARGEST_UPLOAD - len(content))
    assert encode(io.BytesIO(padded)).large


def test_the_message_about_a_small_picture_says_its_measures() -> None:
    assert rejection(a_picture((299, 600))) == (
        "La fotografía mide 299 × 600 puntos; necesita al menos 300 × 375. Elige una más grande."
    )
    assert encode(a_picture((300, 375))).large


def test_a_png_of_many_pixels_is_refused_and_a_photograph_from_a_telephone_is_not() -> None:
    """A small PNG may unpack to a gigabyte; a JPEG is decoded no larger than needed."""
    assert "demasiados puntos" in rejection(a_picture((7000, 7000), "PNG").getvalue())
    assert opened(encode(a_picture((7000, 7000), "JPEG")).large).size == (800, 1000)


@pytest.mark.filterwarnings("ignore:.*:UserWarning")
def test_a_picture_with_damaged_metadata_is_read_or_refused_with_a_reason() -> None:
    exif = Image.Exif()
    exif[ORIENTATION_TAG], exif[MAKER_TAG] = 6, "x" * 60
    file = io.BytesIO()
    Image.new("RGB", (500, 650), "red").save(file, "JPEG", exif=exif)
    good, chance = file.getvalue(), random.Random(7)
    for _time in range(400):
        damaged = bytearray(good)
        for place in chance.sample(range(20, 140), 4):
            damaged[place] = chance.randrange(256)
        # The picture is either read or refused with a reason; any other error fails the test.
        with contextlib.suppress(PhotographRejected):
            encode(io.BytesIO(bytes(damaged)))


def test_no_metadata_survives() -> None:
    exif = Image.Exif()
    exif[MAKER_TAG] = "Cámara Zopilotera"
    exif.get_ifd(GPS_TAG)[1] = "N"
    picture = a_picture((800, 1000), exif=exif, comment=b"Zopilotera", icc_profile=b"Zopilotera")
    assert b"Zopilotera" in picture.getvalue()

    encoded = encode(picture)
    for content in (encoded.large, encoded.small):
        assert b"Zopilotera" not in content
        assert not opened(content).getexif()
        assert set(opened(content).info) == {
            "jfif",
            "jfif_version",
            "jfif_unit",
            "jfif_density",
            "progressive",
            "progression",
        }


def test_text_inside_a_png_does_not_survive() -> None:
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Author", "Zopilotera")
    encoded = encode(a_picture((800, 1000), "PNG", pnginfo=notes))
    assert b"Zopilotera" not in encoded.large + encoded.small


def test_bytes_after_the_picture_do_not_survive() -> None:
    content = a_picture((800, 1000)).getvalue() + b"<script>alert(1)</script>"
    assert b"<script>" not in encode(io.BytesIO(content)).large


def test_transparency_becomes_white() -> None:
    file = io.BytesIO()
    Image.new("RGBA", (480, 600), (0, 0, 0, 0)).save(file, "PNG")
    file.seek(0)
    assert opened(encode(file).large).getpixel((10, 10)) == (255, 255, 255)


def test_the_photograph_shows_the_crop_that_was_chosen() -> None:
    wide = Image.new("RGB", (1600, 1000), "white")
    wide.paste("black", (800, 0, 1600, 1000))
    file = io.BytesIO()
    wide.save(file, "PNG")

    def middle(crop: Crop) -> Any:
        file.seek(0)
        return opened(encode(file, crop=crop).large).convert("L").getpixel((400, 500))

    assert middle(Crop(left=0, top=0, width=50)) > 200
    assert middle(Crop(left=50, top=0, width=50)) < 60


@settings(max_examples=200)
@given(
    size=st.tuples(st.integers(300, 4000), st.integers(375, 4000)),
    crop=st.one_of(
        st.none(),
        st.builds(
            Crop,
            left=st.floats(-50, 150),
            top=st.floats(-50, 150),
            width=st.floats(-10, 200),
        ),
    ),
)
def test_the_box_is_four_by_five_and_inside_the_picture(
    size: tuple[int, int], crop: Crop | None
) -> None:
    left, top, right, bottom = _box(size, crop)

    assert 0 <= left < right <= size[0]
    assert 0 <= top < bottom <= size[1]
    assert right - left >= 298
    assert abs((right - left) - (bottom - top) * RATIO) <= 2


@pytest.fixture
def attach(candidacy: Any, party: Any) -> Any:
    def make(**options: Any) -> Photograph:
        return services.attach_photograph(
            candidacy=candidacy, kind=CURRICULAR, user=party, file=a_picture((800, 1000)), **options
        )

    return make


def stored() -> set[str]:
    return set(storages["photographs"].listdir("")[1])


@pytest.mark.django_db
def test_a_photograph_is_kept_under_a_random_name(attach: Any) -> None:
    photograph = attach(name="Graciela Cenizo candidata.jpg")

    assert stored() == {f"{photograph.pk}.jpg", f"{photograph.pk}-s.jpg"}
    assert Draft.objects.get().answers == {"fotografia": str(photograph.pk)}
    assert photograph.pk.version == 4


@pytest.mark.django_db
def test_a_replaced_photograph_that_was_never_sent_is_deleted(
    attach: Any, django_capture_on_commit_callbacks: Any
) -> None:
    first = attach()
    with django_capture_on_commit_callbacks() as callbacks:
        second = attach()

    assert list(Photograph.objects.all()) == [second]
    assert f"{first.pk}.jpg" in stored()
    for callback in callbacks:
        callback()
    assert stored() == {f"{second.pk}.jpg", f"{second.pk}-s.jpg"}


@pytest.mark.django_db
def test_a_photograph_that_was_sent_is_never_deleted(
    submission: Any, captured: Any, party: Any, django_capture_on_commit_callbacks: Any
) -> None:
    sent = Photograph.objects.get()
    Questionnaire.objects.update(state="observado")
    with django_capture_on_commit_callbacks(execute=True):
        services.attach_photograph(
            candidacy=captured, kind=CURRICULAR, user=party, file=a_picture((640, 800))
        )

    assert Photograph.objects.filter(pk=sent.pk).exists()
    assert f"{sent.pk}.jpg" in stored()
    assert Photograph.objects.count() == 2


@pytest.mark.django_db
def test_a_rejected_file_leaves_no_trace(candidacy: Any, party: Any) -> None:
    with pytest.raises(PhotographRejected):
        services.attach_photograph(
            candidacy=candidacy,
            kind=CURRICULAR,
            user=party,
            file=io.BytesIO(a_zip()),
            name="foto.jpg",
        )
    assert not Questionnaire.objects.exists()
    assert not Photograph.objects.exists()


@pytest.mark.django_db
def test_no_photograph_is_stored_before_the_notice_is_accepted(
    candidacy: Any, liaison: Any
) -> None:
    with pytest.raises(NoticeNotAccepted):
        services.attach_photograph(
            candidacy=candidacy, kind=CURRICULAR, user=liaison, file=a_picture()
        )
    assert not Photograph.objects.exists()


@pytest.mark.django_db
def test_a_photograph_is_public_only_once_it_is_published(submission: Any, captured: Any) -> None:
    from cms.publication.services import publish_submission
    from cms.published.selectors import photographed

    photograph = str(Photograph.objects.get().pk)
    assert photographed(photograph) is None

    publish_submission(submission=submission, by=None)
    assert photographed(photograph) is not None
