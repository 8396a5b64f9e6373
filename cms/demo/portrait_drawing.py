"""Draws the portraits of the demonstration. They are flat drawings that resemble nobody.

`python -m cms.demo.portrait_drawing` writes the sixty files again, always the same.
"""

import json
import random
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw

FOLDER = Path(__file__).parent / "portraits"
COUNT = 60
SIZE = (640, 800)
SCALE = 3
GROUNDS = ("#dcd6e6", "#e6dccf", "#d3e0dc", "#e7d6d6", "#d6dde8", "#e4e2d2", "#dfe3d6", "#e2d8e0")
SKINS = ("#f0c9a4", "#e3b28a", "#d29a6c", "#bd8256", "#a56c44", "#8a5637", "#6f4329", "#f3d3b5")
HAIRS = ("#1d1713", "#2b1d16", "#3d281b", "#54382a", "#7a5236", "#8e8a86", "#c9c6c2", "#e8e6e3")
CLOTHES = ("#5b6470", "#7b6a58", "#4f5d54", "#8a7f8f", "#3f4a5a", "#9b8b74", "#6a5a63", "#a8a39a")
BAND_OF_HAIR = ("joven", "joven", "joven", "media", "media", "mayor", "mayor", "mayor")

Point = tuple[float, float]


@dataclass(frozen=True)
class Face:
    """What distinguishes one portrait from another."""

    sex: str
    age_band: str
    ground: str
    skin: str
    hair: str
    cloth: str
    style: int
    glasses: bool
    beard: int
    width: float
    smile: float


def face(number: int) -> Face:
    """The face of portrait `number`, 0 to 59: women are even, men odd, and two are neither."""
    chance = random.Random(9000 + number)  # noqa: S311 (nothing secret)
    sex = "no_binario" if number in {58, 59} else ("mujer", "hombre")[number % 2]
    hair = chance.randrange(len(HAIRS)) if number % 3 == 0 else chance.randrange(5)
    return Face(
        sex=sex,
        age_band=BAND_OF_HAIR[hair],
        ground=GROUNDS[number % len(GROUNDS)],
        skin=SKINS[(number * 3 + number // 8) % len(SKINS)],
        hair=HAIRS[hair],
        cloth=CLOTHES[(number * 5 + 2) % len(CLOTHES)],
        style=(number // 2) % 6,
        glasses=chance.random() < 0.3,
        beard=chance.choice((0, 0, 0, 1, 2)) if sex == "hombre" else 0,
        width=chance.uniform(0.92, 1.08),
        smile=chance.uniform(0.4, 1.0),
    )


def _shade(color: str, amount: float) -> tuple[int, int, int]:
    channels = [int(color[index : index + 2], 16) for index in (1, 3, 5)]
    red, green, blue = (max(0, min(255, round(value * amount))) for value in channels)
    return red, green, blue


class _Sheet:
    """A canvas in the units of the final picture, with three times its resolution."""

    def __init__(self, ground: str) -> None:
        self.image = Image.new("RGB", (SIZE[0] * SCALE, SIZE[1] * SCALE), ground)
        self.pen = ImageDraw.Draw(self.image)

    def oval(self, x: float, y: float, across: float, down: float, fill: object) -> None:
        box = [(x - across) * SCALE, (y - down) * SCALE, (x + across) * SCALE, (y + down) * SCALE]
        self.pen.ellipse(box, fill=fill)  # type: ignore[arg-type]

    def box(
        self, left: float, top: float, right: float, bottom: float, r: float, fill: object
    ) -> None:
        corners = [left * SCALE, top * SCALE, right * SCALE, bottom * SCALE]
        self.pen.rounded_rectangle(corners, radius=r * SCALE, fill=fill)  # type: ignore[arg-type]

    def shape(self, points: list[Point], fill: object) -> None:
        self.pen.polygon([(x * SCALE, y * SCALE) for x, y in points], fill=fill)  # type: ignore[arg-type]

    def arc(
        self,
        x: float,
        y: float,
        across: float,
        down: float,
        start: int,
        end: int,
        w: float,
        fill: object,
    ) -> None:
        box = [(x - across) * SCALE, (y - down) * SCALE, (x + across) * SCALE, (y + down) * SCALE]
        self.pen.arc(box, start, end, fill=fill, width=round(w * SCALE))  # type: ignore[arg-type]


def draw(number: int) -> Image.Image:
    """Portrait `number`, of 640×800 pixels."""
    one = face(number)
    sheet = _Sheet(one.ground)
    long_hair = one.sex != "hombre" and one.style in {0, 1, 4}
    if long_hair:
        _hair_behind(sheet, one)
    _body(sheet, one)
    _head(sheet, one)
    _hair(sheet, one)
    _features(sheet, one)
    return sheet.image.resize(SIZE, Image.Resampling.LANCZOS)


def _body(sheet: _Sheet, one: Face) -> None:
    sheet.oval(320, 850, 270 * one.width, 250, one.cloth)
    sheet.box(268, 480, 372, 660, 46, _shade(one.skin, 0.9))
    sheet.shape([(250, 612), (320, 700), (390, 612), (420, 640), (320, 760), (220, 640)], "#f4f1ec")
    if one.style % 2:
        sheet.shape([(232, 628), (320, 800), (200, 800)], _shade(one.cloth, 0.85))
        sheet.shape([(408, 628), (320, 800), (440, 800)], _shade(one.cloth, 0.85))


def _head(sheet: _Sheet, one: Face) -> None:
    across = 128 * one.width
    for side in (-1, 1):
        sheet.oval(320 + side * across, 390, 22, 36, _shade(one.skin, 0.93))
    sheet.oval(320, 380, across, 166, one.skin)


def _hair_behind(sheet: _Sheet, one: Face) -> None:
    across = 168 * one.width
    bottom = 640 if one.style != 1 else 540
    sheet.box(320 - across, 230, 320 + across, bottom, 120, one.hair)


def _hair(sheet: _Sheet, one: Face) -> None:
    across = 136 * one.width
    top = 214
    if one.sex == "hombre":
        if one.style == 5:
            sheet.arc(320, 372, across, 166, 190, 350, 12, one.hair)
            return
        height = (92, 74, 110, 84, 64, 0)[one.style]
        sheet.box(320 - across, top - 10, 320 + across, top + height, 62, one.hair)
        for side in (-1, 1):
            sheet.box(
                320 + side * across - 18, top + 40, 320 + side * across + 18, 372, 16, one.hair
            )
        return
    sheet.oval(320, 272, across + 8, 92, one.hair)
    if one.style in {2, 5}:
        sheet.oval(320, 176, 62, 56, one.hair)
    if one.style == 3:
        for step in range(-4, 5):
            sheet.oval(320 + step * 34, 250 + abs(step) * 14, 44, 44, one.hair)
    part = 268 if one.style in {0, 4} else 372
    sheet.shape([(part, 212), (320 - across + 20, 330), (190, 300)], one.hair)
    sheet.shape([(part, 212), (320 + across - 20, 330), (450, 300)], one.hair)
    for side in (-1, 1):
        sheet.box(320 + side * across - 20, 270, 320 + side * across + 20, 400, 20, one.hair)


def _features(sheet: _Sheet, one: Face) -> None:
    ink = "#2a211d"
    for side in (-1, 1):
        x = 320 + side * 52
        sheet.oval(x, 388, 9, 11, ink)
        sheet.arc(x, 372, 30, 22, 205, 335, 7, one.hair if one.age_band != "mayor" else "#8e8a86")
    sheet.arc(320, 424, 20, 26, 50, 130, 6, _shade(one.skin, 0.72))
    sheet.arc(320, 452, 46, 16 + 18 * one.smile, 25, 155, 8, _shade(one.skin, 0.55))
    if one.sex == "mujer":
        for side in (-1, 1):
            sheet.oval(320 + side * 132 * one.width, 436, 8, 8, "#c9b37a")
    if one.beard:
        _beard(sheet, one)
    if one.glasses:
        for side in (-1, 1):
            sheet.arc(320 + side * 54, 390, 40, 34, 0, 360, 7, "#3a3340")
        sheet.arc(320, 388, 18, 12, 200, 340, 7, "#3a3340")
    if one.age_band == "mayor":
        for side in (-1, 1):
            sheet.arc(
                320 + side * 74,
                440,
                26,
                40,
                290 if side < 0 else 200,
                340 if side < 0 else 250,
                4,
                _shade(one.skin, 0.8),
            )


def _beard(sheet: _Sheet, one: Face) -> None:
    sheet.box(270, 436, 370, 454, 9, one.hair)
    if one.beard == 2:
        sheet.arc(320, 430, 116 * one.width, 116, 12, 168, 44, one.hair)


def main() -> None:
    """Write the sixty portraits, and an index that says what each shows."""
    FOLDER.mkdir(exist_ok=True)
    index = []
    for number in range(COUNT):
        name = f"retrato-{number + 1:02d}.jpg"
        draw(number).save(FOLDER / name, "JPEG", quality=78, optimize=True, progressive=True)
        index.append({"file": name, "sex": face(number).sex, "age_band": face(number).age_band})
    (FOLDER / "portraits.json").write_text(json.dumps(index, indent=0), encoding="utf-8")


if __name__ == "__main__":
    main()
