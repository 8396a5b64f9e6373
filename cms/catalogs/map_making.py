"""Makes the maps of entities from TopoJSON: a path for each municipality, and places for names.

Maps are drawn once, by `manage.py make_maps`, and kept as data of the product. Pure.

Source: INEGI.
"""

import itertools
import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Point = tuple[float, float]
Ring = list[Point]
# A point in whole steps.
Step = tuple[int, int]

# Maps are 560 units wide, since the size of their names is in these units.
WIDTH, MOST_HEIGHT, MARGIN = 560.0, 817.0, 6.0
# Coordinates are multiples of this: less than half a pixel where maps are shown.
STEP = 0.5
# A part this much smaller than the entity is an island; one that is far away is not drawn.
ISLAND = 0.02


@dataclass(frozen=True)
class Shape:
    """A municipality as it is drawn: its parts, each an outline with its holes, the largest first.

    The units are those of the view box; y grows downwards.
    """

    cvegeo: str
    name: str
    parts: list[list[Ring]]


@dataclass(frozen=True)
class Drawing:
    """The shapes of an entity, and the height of its view box without the margin."""

    shapes: list[Shape]
    height: float


def area(ring: Ring) -> float:
    """The area of a closed ring, whatever its direction."""
    pairs = itertools.pairwise(ring)
    return abs(sum(x * v - u * y for (x, y), (u, v) in pairs)) / 2


def drawing(topology: dict[str, Any]) -> Drawing:
    """The municipalities of an entity in one plane, as large as the view box lets them be."""
    shapes = list(_shapes(topology))
    latitudes = [y for _x, y in _outlines(shapes)]
    narrowing = math.cos(math.radians((min(latitudes) + max(latitudes)) / 2))
    shapes = _moved(shapes, narrowing, -1.0, 0.0, 0.0)
    left, top, right, bottom = _frame(shapes)
    shapes = _without_far_islands(shapes, (left, top, right, bottom))
    scale = min(WIDTH / (right - left), MOST_HEIGHT / (bottom - top))
    beside = (WIDTH - scale * (right - left)) / 2
    fitted = _moved(shapes, scale, scale, beside - scale * left, -scale * top)
    return Drawing(fitted, scale * (bottom - top))


def _shapes(topology: dict[str, Any]) -> Iterator[Shape]:
    arcs = [_decoded(arc, topology["transform"]) for arc in topology["arcs"]]
    for geometry in topology["objects"]["municipios"]["geometries"]:
        polygons = geometry["arcs"]
        if geometry["type"] == "Polygon":
            polygons = [polygons]
        parts = [[_ring(arcs, indices) for indices in polygon] for polygon in polygons]
        parts.sort(key=lambda part: -area(part[0]))
        properties = geometry["properties"]
        yield Shape(properties["cvegeo"], properties["nombre"], parts)


def _decoded(arc: list[list[int]], transform: dict[str, list[float]]) -> Ring:
    """The points of an arc, which TopoJSON keeps as differences of whole numbers."""
    (wide, high), (left, low) = transform["scale"], transform["translate"]
    x = y = 0
    points: Ring = []
    for dx, dy in arc:
        x, y = x + dx, y + dy
        points.append((x * wide + left, y * high + low))
    return points


def _ring(arcs: list[Ring], indices: list[int]) -> Ring:
    """A ring from its arcs; a negative index is an arc that is walked backwards."""
    ring: Ring = []
    for index in indices:
        arc = arcs[index] if index >= 0 else arcs[~index][::-1]
        ring += arc[1:] if ring else arc
    return ring


def _moved(shapes: list[Shape], wide: float, high: float, right: float, down: float) -> list[Shape]:
    return [
        Shape(
            shape.cvegeo,
            shape.name,
            [
                [[(x * wide + right, y * high + down) for x, y in ring] for ring in part]
                for part in shape.parts
            ],
        )
        for shape in shapes
    ]


def _outlines(shapes: list[Shape]) -> Iterator[Point]:
    """The points of the largest part of each municipality."""
    for shape in shapes:
        yield from shape.parts[0][0]


def _frame(shapes: list[Shape]) -> tuple[float, float, float, float]:
    points = list(_outlines(shapes))
    xs, ys = [x for x, _y in points], [y for _x, y in points]
    return min(xs), min(ys), max(xs), max(ys)


def _without_far_islands(
    shapes: list[Shape], frame: tuple[float, float, float, float]
) -> list[Shape]:
    """Leave out small parts outside of the frame: the Revillagigedo islands are 700 km away."""
    left, top, right, bottom = frame
    least = ISLAND * (right - left) * (bottom - top)

    def is_drawn(part: list[Ring]) -> bool:
        x, y = part[0][0]
        return (left <= x <= right and top <= y <= bottom) or area(part[0]) > least

    return [
        Shape(shape.cvegeo, shape.name, [shape.parts[0], *filter(is_drawn, shape.parts[1:])])
        for shape in shapes
    ]


# -- paths ----------------------------------------------------------------------------------------


def path_of(shape: Shape) -> str:
    """The outline of a municipality as the `d` of an SVG path, in relative steps."""
    return "".join(_path(ring) for part in shape.parts for ring in part)


def _path(ring: Ring) -> str:
    points = _rounded(ring)
    return _steps(points) if len(points) >= 3 else ""


def _rounded(ring: Ring) -> list[Step]:
    """The points of a closed ring in whole steps; none comes twice in a row."""
    points = [(round(x / STEP), round(y / STEP)) for x, y in ring]
    return [point for number, point in enumerate(points) if point != points[number - 1]]


def _steps(points: list[Step]) -> str:
    steps = itertools.pairwise(points)
    moves = "".join(f"{_number(u - x, True)}{_number(v - y, True)}" for (x, y), (u, v) in steps)
    x, y = points[0]
    return f"M{_number(x)}{_number(y, True)}l{moves.removeprefix(' ')}z"


def _number(steps: int, follows: bool = False) -> str:
    """A coordinate as short as SVG lets it be: « 12», «-.5»."""
    whole, rest = divmod(abs(steps) * STEP, 1)
    digits = f"{int(whole) if whole or not rest else ''}{f'{rest:g}'[1:] if rest else ''}"
    return f"-{digits}" if steps < 0 else f" {digits}" if follows else digits


def outline_of(shapes: list[Shape]) -> str:
    """The outline of the whole entity as the `d` of an SVG path.

    A border between two shapes is walked by each in its own direction, so both cancel out.
    """
    walks = Counter(
        edge
        for shape in shapes
        for part in shape.parts
        for ring in part
        for edge in _edges(_rounded(ring))
    )
    onward: dict[Step, list[Step]] = {}
    for (begin, end), times in walks.items():
        onward.setdefault(begin, []).extend([end] * (times - walks.get((end, begin), 0)))
    rings = []
    for begin, ends in onward.items():
        while ends:
            ring = [begin, ends.pop()]
            while ring[-1] != begin:
                ring.append(onward[ring[-1]].pop())
            rings.append(_steps(ring[:-1]))
    return "".join(rings)


def _edges(points: list[Step]) -> Iterator[tuple[Step, Step]]:
    return zip(points, points[1:] + points[:1], strict=True)
