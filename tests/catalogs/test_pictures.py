"""Pictures of every kind are read with the right colours or refused with a helpful message."""

import io
import re
import threading
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageCms

from cms.catalogs.pictures import apart
from cms.catalogs.pictures.headers import checked
from cms.catalogs.pictures.reading import upright
from cms.catalogs.pictures.refusals import Busy, PictureRejected, damaged
from cms.portal import pictures as library
from cms.questionnaires import photographs
from tests.odd_pictures import (
    REFUSED,
    SIZE,
    SOUND,
    deep_png,
    exif,
    plain,
    png,
    profile_bytes,
    saved,
)
from tests.waiting import pause

Point = tuple[int, int, int]


def point_of(content: bytes, place: tuple[int, int] = (9, 9)) -> Any:
    return upright(checked(content), 2000).getpixel(place)


def near(found: Any, wanted: Point, by: int = 2) -> bool:
    channels = zip(found[:3], wanted, strict=True)
    return all(abs(value - expected) <= by for value, expected in channels)


# Sizes of the pictures that are not of the usual size; a photograph is cut to four by five.
SIZES_OF_PHOTOGRAPHS = {
    "jpeg-wide": (320, 400),
    "jpeg-tall": (310, 388),
    "jpeg-100-megapixels": (800, 1000),
    "jpeg-24-megapixels-progressive": (800, 1000),
    "png-24-megapixels": (800, 1000),
    "webp-exif": (384, 480),
}
SIZES_IN_THE_LIBRARY = {
    "jpeg-wide": (2560, 114),
    "jpeg-tall": (88, 2560),
    "jpeg-100-megapixels": (2500, 2500),
    "jpeg-24-megapixels-progressive": (2560, 1707),
    "png-24-megapixels": (2450, 2450),
    "webp-exif": (600, 480),
}
# The library keeps their transparency; WebP itself drops that of a picture without any hole.
TRANSPARENT = {
    *("png-palette-transparent", "png-palette-many-transparent", "png-grey-transparent"),
    *("png-colour-transparent", "png-grey-alpha", "png-alpha", "png-16-grey-alpha"),
    *("png-16-alpha", "png-16-grey-transparent", "png-16-transparent"),
}


@pytest.mark.filterwarnings("ignore:.*:UserWarning")
@pytest.mark.parametrize("name", SOUND)
@pytest.mark.parametrize("recipe", [photographs.made, library.made], ids=["photograph", "library"])
def test_sound_pictures_are_accepted(name: str, recipe: Any) -> None:
    result = recipe(SOUND[name](), name="foto.jpg")
    with Image.open(io.BytesIO(result[0])) as made:
        made.load()
        is_photograph = recipe is photographs.made
        sizes = SIZES_OF_PHOTOGRAPHS if is_photograph else SIZES_IN_THE_LIBRARY
        assert made.size == sizes.get(name, SIZE)
        assert made.mode == ("RGBA" if name in TRANSPARENT and not is_photograph else "RGB")
        assert not made.getexif()
        assert "icc_profile" not in made.info
    assert b"<script>" not in result[0]


@pytest.mark.parametrize("name", REFUSED)
def test_every_other_picture_is_refused_with_a_reason_and_a_remedy(name: str) -> None:
    make, words = REFUSED[name]
    content = make()
    if not content:
        with pytest.raises(PictureRejected, match=words):
            photographs.encode(io.BytesIO(content))
        return
    with pytest.raises(PictureRejected) as refused:
        photographs.made(content, name="Foto de campaña.JPG")
    assert words in refused.value.explanation
    assert re.search(r"Sube|súbela", refused.value.explanation), "it says what to do"


@pytest.mark.parametrize(
    ("value", "wanted"), [(0, 0), (0x4040, 0x40), (0x8080, 0x80), (0xC0C0, 0xC0), (0xFFFF, 0xFF)]
)
@pytest.mark.parametrize("channels", [1, 3])
def test_sixteen_bits_are_scaled(channels: int, value: int, wanted: int) -> None:
    assert near(point_of(deep_png(channels, value)), (wanted, wanted, wanted), 1)


@pytest.mark.parametrize("channels", [2, 4])
def test_sixteen_bits_of_transparency_are_scaled(channels: int) -> None:
    found = point_of(deep_png(channels, 0x4040, 0x8080))
    assert near(found, (0x40, 0x40, 0x40), 1)
    assert abs(found[3] - 0x80) <= 1


@pytest.mark.parametrize("depth", [1, 2, 4])
def test_few_bits_are_scaled(depth: int) -> None:
    width = SIZE[0] * depth // 8
    white = png(SIZE, depth, 0, (b"\0" + b"\xff" * width) * SIZE[1])
    assert point_of(white) == (255, 255, 255)


# The primaries of Display P3 and Adobe RGB, adapted to the D50 white that profiles use.
def a_profile(name: str) -> bytes:
    """A colour profile that Pillow cannot make, written byte by byte as ICC.1 specifies."""
    columns = {
        "display-p3": (
            (0.5151, 0.2412, -0.0011),
            (0.2920, 0.6922, 0.0419),
            (0.1571, 0.0666, 0.7841),
        ),
        "adobe-rgb": ((0.6097, 0.3111, 0.0195), (0.2053, 0.6257, 0.0609), (0.1492, 0.0632, 0.7446)),
    }.get(name)
    gamma = b"curv" + b"\0" * 4 + b"\0\0\0\1" + (b"\x01\xcd" if name == "gray-1.8" else b"\x02\x33")
    white = _xyz((0.9642, 1.0, 0.8249))
    description = b"desc" + b"\0" * 4 + (5).to_bytes(4, "big") + b"test\0" + b"\0" * 78
    tags = {b"desc": description, b"wtpt": white, b"cprt": b"text" + b"\0" * 4 + b"none\0\0\0\0"}
    if columns:
        for key, column in zip((b"rXYZ", b"gXYZ", b"bXYZ"), columns, strict=True):
            tags[key] = _xyz(column)
        tags |= {b"rTRC": gamma, b"gTRC": gamma, b"bTRC": gamma}
    else:
        tags[b"kTRC"] = gamma
    return _profile(tags, b"mntr" + (b"RGB " if columns else b"GRAY") + b"XYZ ")


def _profile(tags: dict[bytes, bytes], kinds: bytes) -> bytes:
    table, body = [], b""
    start = 128 + 4 + 12 * len(tags)
    for key, value in tags.items():
        padded = value + b"\0" * (-len(value) % 4)
        table.append(key + (start + len(body)).to_bytes(4, "big") + len(value).to_bytes(4, "big"))
        body += padded
    head = bytearray(128)
    head[0:4] = (start + len(body)).to_bytes(4, "big")
    head[8:12] = b"\x02\x10\0\0"
    head[12:24] = kinds
    head[36:40] = b"acsp"
    head[68:80] = b"".join(
        round(number * 65536).to_bytes(4, "big") for number in (0.9642, 1.0, 0.8249)
    )
    return bytes(head) + len(tags).to_bytes(4, "big") + b"".join(table) + body


def _xyz(values: tuple[float, float, float]) -> bytes:
    numbers = b"".join(round(value * 65536).to_bytes(4, "big", signed=True) for value in values)
    return b"XYZ " + b"\0" * 4 + numbers


def linear(value: float) -> float:
    return ((value + 0.055) / 1.055) ** 2.4 if value > 0.04045 else value / 12.92


def encoded(value: float) -> int:
    value = min(max(value, 0), 1)
    return round(255 * (1.055 * value ** (1 / 2.4) - 0.055 if value > 0.0031308 else value * 12.92))


# From the primaries of each profile to those of sRGB, in linear light.
TO_SRGB = {
    "display-p3": ((1.2249, -0.2247, 0.0), (-0.0420, 1.0419, 0.0), (-0.0197, -0.0786, 1.0979)),
    "adobe-rgb": ((1.3984, -0.3984, 0.0), (0.0, 1.0, 0.0), (0.0, -0.0429, 1.0429)),
}


@pytest.mark.parametrize("name", TO_SRGB)
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("colour", [(160, 120, 90), (90, 140, 110), (128, 128, 128)])
def test_a_profile_is_converted_before_it_is_dropped(name: str, kind: str, colour: Point) -> None:
    options: dict[str, Any] = {"icc_profile": a_profile(name)}
    if kind == "JPEG":
        options |= {"quality": 100, "subsampling": 0}
    if kind == "WEBP":
        options["lossless"] = True
    light = [(channel / 255) ** (0x233 / 256) for channel in colour]
    wanted = tuple(
        encoded(sum(factor * channel for factor, channel in zip(row, light, strict=True)))
        for row in TO_SRGB[name]
    )
    found = point_of(saved(plain(colour=colour), kind, **options))
    assert near(found, wanted, 3), (found, wanted)
    if colour != (128, 128, 128):
        assert not near(found, colour, 3), "something was converted"


def test_a_grey_profile_is_converted() -> None:
    picture = plain("L", colour=100)
    found = point_of(saved(picture, "PNG", icc_profile=a_profile("gray-1.8")))
    wanted = encoded((100 / 255) ** (0x1CD / 256))
    assert near(found, (wanted,) * 3, 2), (found, wanted)
    assert abs(wanted - 100) > 5
    # A grey picture that was saved as RGB with a grey profile.
    in_colours = saved(picture.convert("RGB"), "PNG", icc_profile=a_profile("gray-1.8"))
    assert near(point_of(in_colours), (wanted,) * 3, 2)


def test_a_lab_profile_is_converted() -> None:
    """Each pixel has the values L, a and b; half of L without colour is a middle grey."""
    content = saved(plain(colour=(128, 128, 128)), "PNG", icc_profile=profile_bytes("LAB"))
    assert near(point_of(content), (119, 119, 119), 3)
    warm = saved(plain(colour=(128, 178, 128)), "PNG", icc_profile=profile_bytes("LAB"))
    red, green, blue = point_of(warm)[:3]
    assert red > green + 60
    assert red > blue + 40


def ink_profile() -> bytes:
    """The profile of a press on which only black ink darkens; the other inks are invisible."""
    ramp = bytes(range(256))
    grid = b"".join(
        bytes([0 if black else 255, 128, 128])
        for _cyan in range(2)
        for _magenta in range(2)
        for _yellow in range(2)
        for black in range(2)
    )
    matrix = b"".join(
        (65536 if row == column else 0).to_bytes(4, "big")
        for row in range(3)
        for column in range(3)
    )
    table = b"mft1" + b"\0" * 4 + bytes([4, 3, 2, 0]) + matrix + ramp * 4 + grid + ramp * 3
    description = b"desc" + b"\0" * 4 + (5).to_bytes(4, "big") + b"test\0" + b"\0" * 78
    tags = {
        b"desc": description,
        b"wtpt": _xyz((0.9642, 1.0, 0.8249)),
        b"cprt": b"text" + b"\0" * 4 + b"none\0\0\0\0",
        b"A2B0": table,
    }
    return _profile(tags, b"prtrCMYKLab ")


def test_an_ink_profile_is_converted() -> None:
    picture = Image.new("CMYK", SIZE, (255, 0, 0, 127))
    plainly = saved(picture, quality=100)
    assert point_of(plainly)[0] < 30, "cyan, where nothing says otherwise"
    found = point_of(saved(picture, quality=100, icc_profile=ink_profile()))
    assert near(found, (119, 119, 119), 6), found


def test_cmyk_without_a_profile_has_its_plain_colours() -> None:
    content = saved(Image.new("CMYK", SIZE, (0, 255, 255, 0)), quality=100)
    red, green, blue = point_of(content)
    assert red > 200
    assert max(green, blue) < 60


def test_transparency_keeps_its_colours_under_a_profile() -> None:
    picture = Image.new("RGBA", SIZE, (160, 120, 90, 128))
    found = point_of(saved(picture, "PNG", icc_profile=a_profile("display-p3")))
    assert found[3] == 128
    assert found[0] > 160


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_of_every_orientation_is_turned_upright(orientation: int, kind: str) -> None:
    upright_picture = Image.new("RGB", (480, 600), "white")
    upright_picture.paste("red", (0, 0, 100, 100))
    held = upright_picture
    undo = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    if orientation in undo:
        held = upright_picture.transpose(undo[orientation])
    content = saved(held, kind, exif=exif(t274=orientation))
    made = upright(checked(content), 2000)
    assert made.size == (480, 600)
    red, green, _blue = made.crop((40, 40, 41, 41)).tobytes()
    assert red > 200
    assert green < 80
    assert made.getpixel((440, 560))[1] > 200


def test_only_the_first_of_two_frames_is_read() -> None:
    out = io.BytesIO()
    first, second = plain(colour=(200, 30, 30)), plain(colour=(30, 30, 200))
    first.save(out, "MPO", save_all=True, append_images=[second])
    assert near(point_of(out.getvalue()), (200, 30, 30), 6)


def test_metadata_and_trailing_bytes_never_reach_the_decoder() -> None:
    secret = b"ZOPILOTELUGAR"
    content = saved(plain(), exif=exif(t270="x"), comment=secret) + secret
    kept = checked(content).content
    assert secret not in kept
    written = SOUND["png-texts"]()
    assert b"iTXt" in written
    assert b"iTXt" not in checked(written).content
    assert b"acTL" not in checked(SOUND["png-animated"]()).content


# Recipes that misbehave, run in the separate process.


def eats_memory(content: bytes) -> list[bytes]:
    return [b"x" * (2 << 30)]


def never_ends(content: bytes) -> list[bytes]:
    while True:
        pass


def crashes(content: bytes) -> list[bytes]:
    import ctypes

    ctypes.string_at(0)
    return []


def fails(content: bytes) -> list[bytes]:
    raise RuntimeError("correo@persona.mx")


def writes_a_file(content: bytes, *, path: str) -> list[bytes]:
    Path(path).write_bytes(b"x")
    return [b"written"]


def echo(content: bytes, *, ending: str) -> list[bytes]:
    return [content, ending.encode(), b""]


def naps(content: bytes) -> list[bytes]:
    pause(1)
    return [b"done"]


def test_a_recipe_runs_in_another_process_and_returns_its_bytes() -> None:
    content = bytes(range(256)) * 9000
    assert apart.made_apart(echo, content, ending="ñ\n") == [content, "ñ\n".encode(), b""]


def test_too_much_memory_is_refused_and_the_next_picture_is_read() -> None:
    with pytest.raises(PictureRejected, match="demasiado trabajo"):
        apart.made_apart(eats_memory, b"")
    assert apart.made_apart(echo, b"1", ending="2") == [b"1", b"2", b""]


def test_too_much_time_is_refused_by_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "CPU_SECONDS", 1)
    with pytest.raises(PictureRejected, match="demasiado trabajo"):
        apart.made_apart(never_ends, b"")


@pytest.mark.parametrize("recipe", [crashes, fails])
def test_any_failure_of_the_other_process_is_refused_with_a_helpful_message(recipe: Any) -> None:
    with pytest.raises(PictureRejected) as refused:
        apart.made_apart(recipe, b"x" * 3_000_000)
    assert "súbela" in refused.value.explanation
    assert "persona.mx" not in refused.value.explanation


def test_the_other_process_cannot_write_a_byte_to_any_file(tmp_path: Path) -> None:
    path = tmp_path / "file"
    with pytest.raises(PictureRejected) as refused:
        apart.made_apart(writes_a_file, b"", path=str(path))
    assert refused.value.explanation == damaged().explanation
    assert path.read_bytes() == b""


def test_a_picture_that_arrives_when_the_queue_is_full_is_refused_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(apart, "LONGEST_WAIT", 60.0)
    done: list[Any] = []

    def ask() -> None:
        try:
            done.append(apart.made_apart(naps, b"")[0])
        except Busy as busy:
            done.append(busy)

    threads = [threading.Thread(target=ask) for _picture in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # Two pictures were refused before either of the other two was done.
    assert [type(result) for result in done[:2]] == [Busy, Busy]
    assert done[2:] == [b"done", b"done"]


def test_a_picture_that_takes_too_long_frees_its_place(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(apart, "LONGEST_WORK", 0.3)
    with pytest.raises(Busy):
        apart.made_apart(naps, b"")
    monkeypatch.setattr(apart, "LONGEST_WORK", 30)
    assert apart.made_apart(echo, b"1", ending="2")[0] == b"1"


def test_the_largest_accepted_pictures_are_read_within_the_memory_limit() -> None:
    """Each kind at its size limit, in the process whose memory is limited."""
    colour = (90, 120, 60)
    for content in (
        saved(plain(size=(10_900, 10_900), colour=colour)),
        saved(plain("CMYK", (5000, 5000)), progressive=True, subsampling=0),
        saved(plain("RGBA", (5000, 5000)), "PNG"),
        saved(plain("RGBA", (4000, 4000)), "WEBP"),
    ):
        assert len(photographs.encode(io.BytesIO(content)).large) > 1000


def test_the_profiles_of_these_tests_are_valid() -> None:
    for name in ("display-p3", "adobe-rgb", "gray-1.8"):
        ImageCms.ImageCmsProfile(io.BytesIO(a_profile(name)))
