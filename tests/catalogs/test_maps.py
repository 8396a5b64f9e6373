"""Maps: every municipality is drawn within its view box, and names stand inside of their shapes."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from cms.catalogs.files import municipalities_of
from cms.catalogs.map_making import Shape, drawing, outline_of, path_of
from cms.catalogs.map_names import labels_of

FOLDER = Path(__file__).resolve().parents[2] / "cms/portal/data/mapas"
ENTITIES = [f"{number:02}" for number in range(1, 33)]
# INEGI's simplified shapes lack it.
WITHOUT_SHAPE = {"03002"}
_TOKEN = re.compile(r"[Mlz]|-?(?:\d+\.?\d*|\.\d+)")


def map_of(code: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((FOLDER / f"{code}.json").read_text("utf-8"))
    return content


def points_of(path: str) -> list[tuple[float, float]]:
    """The points of a path of «M», relative «l» or repeated pairs, and «z»."""
    found: list[tuple[float, float]] = []
    is_first, numbers = False, []
    for token in _TOKEN.findall(path):
        if token in "Mlz":
            is_first = token == "M" or (is_first and token == "l" and not found)
            continue
        numbers.append(float(token))
        if len(numbers) == 2:
            x, y = (0.0, 0.0) if is_first else found[-1]
            found.append((x + numbers[0], y + numbers[1]))
            is_first, numbers = False, []
    return found


@pytest.mark.parametrize("code", ENTITIES)
def test_every_municipality_of_every_entity_is_drawn(code: str) -> None:
    content = map_of(code)
    drawn = [shape["cvegeo"] for shape in content["paths"]]
    listed = {row["cvegeo"] for row in municipalities_of(code)}
    assert len(drawn) == len(set(drawn))
    assert listed - set(drawn) == listed & WITHOUT_SHAPE
    assert set(drawn) <= listed
    left, top, width, height = map(float, content["view_box"].split())
    for shape in content["paths"]:
        points = points_of(shape["path"])
        assert len(points) >= 3, shape["cvegeo"]
        assert all(left <= x <= left + width for x, _y in points), shape["cvegeo"]
        assert all(top <= y <= top + height for _x, y in points), shape["cvegeo"]


@pytest.mark.parametrize("code", ENTITIES)
def test_names_on_maps_are_those_of_the_catalogue(code: str) -> None:
    names = {row["cvegeo"]: row["nombre"] for row in municipalities_of(code)}
    for label in map_of(code)["labels"]:
        written = " ".join(label["lines"]).replace("- ", "")
        assert written == names[label["cvegeo"]]


def test_a_map_of_570_municipalities_stays_small() -> None:
    assert (FOLDER / "20.json").stat().st_size < 80_000


def square(left: float, top: float, side: float) -> list[tuple[float, float]]:
    """A closed ring, clockwise as the plane of a screen is seen."""
    right, bottom = left + side, top + side
    return [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)]


def test_a_path_is_relative_and_short() -> None:
    shape = Shape("05001", "Abasolo", [[square(10, 20.26, 5)]])
    assert path_of(shape) == "M15 20.5l0 5-5 0 0-5z"
    assert path_of(Shape("05001", "Abasolo", [[square(10, 20, 0.1)]])) == ""


def test_the_outline_of_two_neighbours_has_no_border_between_them() -> None:
    beside = [Shape("1", "A", [[square(0, 0, 10)]]), Shape("2", "B", [[square(10, 0, 10)]])]
    points = points_of(outline_of(beside))
    assert set(points) == {(0, 0), (10, 0), (20, 0), (20, 10), (10, 10), (0, 10)}
    assert outline_of(beside).count("M") == 1


def test_a_hole_and_an_island_are_part_of_the_outline() -> None:
    hole = square(4, 4, 2)[::-1]
    shapes = [Shape("1", "A", [[square(0, 0, 10), hole], [square(20, 0, 4)]])]
    assert outline_of(shapes).count("M") == 3


def test_a_name_stands_only_where_it_fits_and_breaks_between_words() -> None:
    wide = Shape("1", "San Pedro", [[square(0, 0, 100)]])
    narrow = Shape("2", "San Pedro", [[square(200, 0, 60)]])
    small = Shape("3", "San Pedro", [[square(300, 0, 20)]])
    labels = {label.cvegeo: label.lines for label in labels_of([wide, narrow, small])}
    assert labels == {"1": ("San Pedro",), "2": ("San", "Pedro")}


def test_no_name_covers_another_or_stands_over_a_hole() -> None:
    same = [Shape(key, "Parras", [[square(0, 0, 60)]]) for key in "12"]
    first, *others = labels_of(same)
    assert all(abs(first.y - one.y) >= 17 for one in others)
    holed = Shape("1", "Parras", [[square(0, 0, 60), square(5, 5, 50)]])
    assert labels_of([holed]) == []


def test_far_islands_are_not_drawn_and_near_ones_are() -> None:
    def arc(left: int, top: int, side: int) -> list[list[int]]:
        return [[left, top], [0, side], [side, 0], [0, -side], [-side, 0]]

    topology = {
        "transform": {"scale": [0.001, 0.001], "translate": [-104.0, 18.0]},
        "arcs": [arc(0, 0, 1000), arc(500, 1010, 5), arc(-9000, 0, 5), arc(200, 1000, 100)],
        "objects": {
            "municipios": {
                "geometries": [
                    {
                        "type": "MultiPolygon",
                        "arcs": [[[0]], [[1]], [[2]]],
                        "properties": {"cvegeo": "06007", "nombre": "Manzanillo"},
                    },
                    {
                        "type": "Polygon",
                        "arcs": [[~3]],
                        "properties": {"cvegeo": "06001", "nombre": "Armería"},
                    },
                ]
            }
        },
    }
    drawn = drawing(topology)
    assert [len(shape.parts) for shape in drawn.shapes] == [2, 1]
    xs = [x for shape in drawn.shapes for part in shape.parts for x, _y in part[0]]
    assert [min(xs), max(xs)] == pytest.approx([0, 560])
