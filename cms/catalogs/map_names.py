"""Where the names of municipalities stand on a map: only inside of shapes that hold them. Pure."""

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from cms.catalogs.map_making import Point, Ring, Shape, area

# Of the letters of maps (`map.css`), in units of the view box: height, and mean width of a letter.
LINE, LETTER = 17.0, 8.4
# Air that a name needs around it inside of its shape, and towards other names.
AIR = 2.0
MOST_LINES, MOST_NAMES = 3, 30
# How finely places for a name are tried, in units.
GRID = 4.0


@dataclass(frozen=True)
class Label:
    """A name on the map.

    Attributes:
        lines: the name, in as many lines as fit.
        x, y: the middle of the first line, and its baseline.
        anchor: "start" or "end" of a name that stands outside of its shape, placed by hand.
    """

    cvegeo: str
    lines: tuple[str, ...]
    x: float
    y: float
    anchor: str = ""


@dataclass(frozen=True)
class _Box:
    left: float
    top: float
    right: float
    bottom: float

    def overlaps(self, other: "_Box") -> bool:
        return (
            self.left < other.right + AIR
            and other.left < self.right + AIR
            and self.top < other.bottom + AIR
            and other.top < self.bottom + AIR
        )


def labels_of(shapes: Iterable[Shape]) -> list[Label]:
    """The names that fit inside of their shapes, the largest shapes first; none covers another."""
    found: list[Label] = []
    taken: list[_Box] = []
    for shape in sorted(shapes, key=lambda shape: -area(shape.parts[0][0])):
        if len(found) == MOST_NAMES:
            break
        place = _place_of(shape, taken)
        if place is not None:
            label, box = place
            found.append(label)
            taken.append(box)
    return sorted(found, key=lambda label: label.cvegeo)


def _place_of(shape: Shape, taken: list[_Box]) -> tuple[Label, _Box] | None:
    outline = shape.parts[0][0]
    if area(outline) < LINE * LETTER * 3:
        return None  # Too small for three letters.
    for lines in _broken(shape.name):
        wide, high = max(map(len, lines)) * LETTER + 2 * AIR, len(lines) * LINE + 2 * AIR
        if area(outline) < wide * high:
            continue
        for x, y in _centres(outline):
            box = _Box(x - wide / 2, y - high / 2, x + wide / 2, y + high / 2)
            if not any(map(box.overlaps, taken)) and _holds(shape.parts[0], box):
                first = y - (len(lines) - 1) * LINE / 2 + LINE / 3
                return Label(shape.cvegeo, lines, round(x, 1), round(first, 1)), box
    return None


def _broken(name: str) -> Iterator[tuple[str, ...]]:
    """A name in one line, and then in more lines, as even as its words let them be."""
    words = name.split()
    for count in range(1, min(MOST_LINES, len(words)) + 1):
        yield min(_splits(words, count), key=lambda lines: max(map(len, lines)))


def _splits(words: list[str], count: int) -> Iterator[tuple[str, ...]]:
    if count == 1:
        yield (" ".join(words),)
        return
    for end in range(1, len(words) - count + 2):
        for rest in _splits(words[end:], count - 1):
            yield (" ".join(words[:end]), *rest)


def _centres(outline: Ring) -> list[Point]:
    """Points of a grid inside of a shape, those nearest to its middle first."""
    xs, ys = [x for x, _y in outline], [y for _x, y in outline]
    left, right, top, bottom = min(xs), max(xs), min(ys), max(ys)
    middle_x, middle_y = (left + right) / 2, (top + bottom) / 2
    points = [
        (left + column * GRID, top + row * GRID)
        for column in range(int((right - left) / GRID) + 1)
        for row in range(int((bottom - top) / GRID) + 1)
    ]
    points.sort(key=lambda point: (point[0] - middle_x) ** 2 + (point[1] - middle_y) ** 2)
    return points


def _holds(part: list[Ring], box: _Box) -> bool:
    """Whether a shape holds a box: its middle is inside, and no edge enters it."""
    middle = ((box.left + box.right) / 2, (box.top + box.bottom) / 2)
    if not _is_inside(part[0], middle) or any(_is_inside(hole, middle) for hole in part[1:]):
        return False
    return not any(_enters(a, b, box) for ring in part for a, b in itertools.pairwise(ring))


def _is_inside(ring: Ring, point: Point) -> bool:
    x, y = point
    inside = False
    for (x1, y1), (x2, y2) in itertools.pairwise(ring):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            inside = not inside
    return inside


def _enters(a: Point, b: Point, box: _Box) -> bool:
    """Whether a segment has a point inside of a box (Liang and Barsky)."""
    (x, y), (dx, dy) = a, (b[0] - a[0], b[1] - a[1])
    begin, end = 0.0, 1.0
    for step, distance in (
        (-dx, x - box.left),
        (dx, box.right - x),
        (-dy, y - box.top),
        (dy, box.bottom - y),
    ):
        if step == 0:
            if distance < 0:
                return False
            continue
        at = distance / step
        if step < 0:
            begin = max(begin, at)
        else:
            end = min(end, at)
    return begin <= end
