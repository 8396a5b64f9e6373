"""The maps of entities: their municipalities as links, and the small map of where one is.

`manage.py make_maps` draws them. Source: INEGI.
"""

import json
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from cms.catalogs.models import Territory, TerritoryKind
from cms.portal import municipality_markup
from cms.published.places import Place

FOLDER = Path(__file__).parent / "data" / "mapas"
# Above this a small map shows the outline of the entity, and of its municipalities only the one.
MOST_ON_A_SMALL_MAP = 60
# Above this the borders of the municipalities are drawn finer.
MOST_WITH_BROAD_BORDERS = 150
# Between the lines of a name, in units of the map.
_LINE = 17


@cache  # One for each entity, none of which comes from an address.
def _map(entity_code: str) -> dict[str, Any] | None:
    """The map of an entity as its file says it; None where there is none."""
    file = FOLDER / f"{entity_code}.json"
    if not re.fullmatch(r"\d\d", entity_code) or not file.exists():
        return None
    content: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return content


def map_of(entity_code: str, municipalities: Iterable[Place]) -> dict[str, Any] | None:
    """The map of an entity, with links to the municipalities that have a ballot.

    Returns: None if none of its municipalities has one, or there is no map.
    """
    content = _map(entity_code)
    by_cvegeo = {place.cvegeo: place for place in municipalities if place.cvegeo}
    if content is None or not any(shape["cvegeo"] in by_cvegeo for shape in content["paths"]):
        return None
    shapes = tuple((shape["path"], by_cvegeo.get(shape["cvegeo"])) for shape in content["paths"])
    return {
        "view_box": content["view_box"],
        "shapes": municipality_markup.shapes(shapes),
        "labels": _labels(entity_code),
        "is_fine": len(shapes) > MOST_WITH_BROAD_BORDERS,
    }


def map_around(territory: Territory) -> dict[str, Any] | None:
    """The small map that shows where a municipality is; None where there is no map of it."""
    content = _map(territory.entity_code)
    if territory.kind != TerritoryKind.MUNICIPALITY or content is None:
        return None
    shapes = {shape["cvegeo"]: shape["path"] for shape in content["paths"]}
    if territory.cvegeo not in shapes:
        return None
    if len(shapes) > MOST_ON_A_SMALL_MAP:
        drawn = [(content["outline"], False), (shapes[territory.cvegeo], True)]
    else:
        drawn = [(path, cvegeo == territory.cvegeo) for cvegeo, path in shapes.items()]
    here = mark_safe(' class="is-here"')
    paths = format_html_join(
        "", '<path d="{}"{}/>', ((path, here if is_here else "") for path, is_here in drawn)
    )
    return {"view_box": content["view_box"], "paths": paths}


@cache
def _labels(entity_code: str) -> SafeString:
    content = _map(entity_code) or {"labels": []}
    return format_html_join("", "{}", ((_label(**label),) for label in content["labels"]))


def _label(*, cvegeo: str, lines: list[str], x: float, y: float, anchor: str) -> SafeString:
    outside = format_html(' class="map__label--out" text-anchor="{}"', anchor) if anchor else ""
    if len(lines) == 1:
        return format_html('<text{} x="{}" y="{}">{}</text>', outside, x, y, lines[0])
    rows = (
        (x, format_html(' dy="{}"', _LINE) if number else "", line)
        for number, line in enumerate(lines)
    )
    spans = format_html_join("", '<tspan x="{}"{}>{}</tspan>', rows)
    return format_html('<text{} x="{}" y="{}">{}</text>', outside, x, y, spans)
