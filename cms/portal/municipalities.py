"""The municipalities of a process, with their counts and their map."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from cms.catalogs.models import Process, Territory
from cms.catalogs.spanish import fold
from cms.published import selectors

MAP_FILE = Path(__file__).parent / "data" / "mapa_coahuila.json"


@dataclass(frozen=True)
class MunicipalityCount:
    """A municipality and how many people stand in it."""

    name: str
    slug: str
    cvegeo: str
    total: int


@cache
def _map() -> dict[str, Any]:
    content: dict[str, Any] = json.loads(MAP_FILE.read_text(encoding="utf-8"))
    return content


def of_process(process: Process | None) -> list[MunicipalityCount]:
    """Municipalities with public candidacies, in Spanish order."""
    if process is None:
        return []
    return [MunicipalityCount(*row) for row in selectors.municipality_counts(process=process)]


def matching(found: list[MunicipalityCount], typed: str) -> list[MunicipalityCount]:
    """The municipalities that a citizen may have meant: the exact name, else those that hold it."""
    wanted = fold(typed)
    exact = [one for one in found if fold(one.name) == wanted or one.cvegeo == typed]
    return exact or [one for one in found if wanted in fold(one.name)]


def map_of(found: list[MunicipalityCount]) -> dict[str, Any] | None:
    """The state's map as links; None when the process is of another place."""
    by_cvegeo = {one.cvegeo: one for one in found if one.cvegeo}
    paths = [
        {"path": shape["path"], "municipality": by_cvegeo[shape["cvegeo"]]}
        for shape in _map()["paths"]
        if shape["cvegeo"] in by_cvegeo
    ]
    if len(paths) < len(_map()["paths"]):
        return None
    return {"view_box": _map()["view_box"], "paths": paths}


def map_around(territory: Territory) -> dict[str, Any] | None:
    """The small map that shows where a municipality is; None outside the mapped state."""
    shapes = _map()["paths"]
    if territory.cvegeo not in {shape["cvegeo"] for shape in shapes}:
        return None
    paths = [
        {"path": shape["path"], "is_here": shape["cvegeo"] == territory.cvegeo} for shape in shapes
    ]
    return {"view_box": _map()["view_box"], "paths": paths}
