"""Which files a photograph gets, whatever its size and colours are."""

import io
from typing import Any

import pytest
from PIL import Image

from cms.catalogs.pictures import sizes
from cms.questionnaires.photographs import (
    InSizes,
    PhotographRejected,
    encode_own,
    in_sizes,
    own_in_sizes,
)
from tests.odd_pictures import photo, plain, saved

GREY = 90


def measures(made: InSizes) -> dict[str, tuple[str | None, tuple[int, int], str]]:
    found = {}
    for ending, content in made.files.items():
        with Image.open(io.BytesIO(content)) as picture:
            found[ending] = (picture.format, picture.size, picture.mode)
    return found


def expected(*made: tuple[int, int]) -> dict[str, tuple[str, tuple[int, int], str]]:
    formats = {"avif": "AVIF", "webp": "WEBP", "jpg": "JPEG"}
    return {
        f"-{size[0]}.{ending}": (name, size, "RGB")
        for size in made
        for ending, name in formats.items()
    }


def test_a_photograph_is_made_in_every_size_and_format() -> None:
    approved = encode_own(saved(photo((1200, 1500)))).large
    made = in_sizes(approved)

    assert made.width == 800
    assert measures(made) == {
        ".jpg": ("JPEG", (800, 1000), "RGB"),
        **expected((144, 180), (208, 260), (416, 520)),
    }
    assert made.files[".jpg"] == approved
    assert list(made.files) == sizes.endings(800)


@pytest.mark.parametrize(
    ("size", "largest"),
    [((300, 375), (300, 375)), ((416, 520), (416, 520)), ((417, 521), (416, 520))],
)
def test_no_file_is_larger_than_the_photograph_was(
    size: tuple[int, int], largest: tuple[int, int]
) -> None:
    made = own_in_sizes(saved(photo(size)))
    assert measures(made) == {
        ".jpg": ("JPEG", size, "RGB"),
        **expected((144, 180), (208, 260), largest),
    }


@pytest.mark.parametrize(
    ("size", "made"),
    [
        ((208, 260), [(144, 180), (208, 260)]),
        ((144, 180), [(144, 180)]),
        ((4, 5), [(4, 5)]),
        ((1, 1), [(1, 1)]),
    ],
)
def test_a_photograph_that_is_smaller_than_any_admitted_one_is_made_too(
    size: tuple[int, int], made: list[tuple[int, int]]
) -> None:
    """No such file can be uploaded. One that an older version stored must not stop the worker."""
    assert measures(own_in_sizes(saved(photo(size)))) == {
        ".jpg": ("JPEG", size, "RGB"),
        **expected(*made),
    }


def test_a_line_of_which_no_part_is_four_by_five_is_refused() -> None:
    with pytest.raises(PhotographRejected):
        own_in_sizes(saved(photo((500, 1))))


def an_mpo() -> bytes:
    """Two pictures in one file, as telephones with two lenses write them."""
    return saved(photo(), "MPO", save_all=True, append_images=[plain(colour="red")])


@pytest.mark.parametrize(
    "content",
    [
        saved(photo().convert("L")),
        saved(photo().convert("CMYK")),
        an_mpo(),
        saved(plain("RGB", colour=(GREY, GREY, GREY))),
    ],
    ids=["grey", "CMYK", "MPO", "flat"],
)
def test_odd_jpeg_files_are_made_like_any_other(content: bytes) -> None:
    found = measures(own_in_sizes(content))
    del found[".jpg"]
    assert found == expected((144, 180), (208, 260), (416, 520))


def test_colours_are_those_of_the_photograph_in_every_format() -> None:
    made = own_in_sizes(saved(plain("RGB", colour=(200, 60, 30)), quality=95))
    for ending, content in made.files.items():
        with Image.open(io.BytesIO(content)) as picture:
            middle: Any = picture.convert("RGB").getpixel((picture.width // 2, picture.height // 2))
        difference = max(abs(a - b) for a, b in zip(middle, (200, 60, 30), strict=True))
        assert difference <= 6, (ending, middle)


def test_the_files_hold_no_metadata() -> None:
    exif = Image.Exif()
    exif[0x010F] = "Cámara Zopilotera"
    made = own_in_sizes(saved(photo(), exif=exif, comment=b"Zopilotera", icc_profile=b"Zopilotera"))
    for ending, content in made.files.items():
        if ending != ".jpg":
            assert b"Zopilotera" not in content, ending


def test_the_files_of_the_sizes_are_light() -> None:
    made = own_in_sizes(encode_own(saved(photo((1200, 1500)))).large)
    for width in sizes.WIDTHS:
        jpeg = len(made.files[f"-{width}.jpg"])
        assert len(made.files[f"-{width}.avif"]) < jpeg
        assert len(made.files[f"-{width}.webp"]) < jpeg


@pytest.mark.parametrize("content", [b"", b"no soy una foto", saved(photo())[:3000]])
def test_what_is_no_picture_is_refused_with_a_reason(content: bytes) -> None:
    with pytest.raises(PhotographRejected) as refused:
        in_sizes(content)
    assert refused.value.explanation
