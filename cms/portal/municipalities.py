"""The municipalities of a process, with their counts and their map."""

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from cms.catalogs.models import Process, Territory
from cms.catalogs.names import written_out
from cms.catalogs.spanish import fold
from cms.published import selectors

MOST_NEAR = 5
LONGEST_NAME = 120
# What is longer resembles no place: the longest name of Mexico has 47 letters.
LONGEST_LIKE = 60
# Of SequenceMatcher.ratio: «torreom» is at 0.86 from «Torreón».
LEAST_LIKENESS = 0.6
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


def _words(name: str) -> list[str]:
    """Its folded words, abbreviations in full; of more than any place is called, the beginning."""
    name = name[:LONGEST_NAME]
    return re.findall(r"\w+", written_out(name) or fold(name))


def matching(found: list[MunicipalityCount], typed: str) -> list[MunicipalityCount]:
    """The municipalities that a citizen wrote: the exact name, else those that hold its words.

    Accents, capitals and full stops do not count; «Ciudad Acuña» holds «Acuña».
    """
    wanted = _words(typed)
    exact = [one for one in found if _words(one.name) == wanted or one.cvegeo == typed]
    return exact or [one for one in found if wanted and _holds(_words(one.name), wanted)]


def _holds(name: list[str], wanted: list[str]) -> bool:
    begun = all(any(word.startswith(part) for word in name) for part in wanted)
    return begun or set(name) <= set(wanted)


T = TypeVar("T")


def nearest(places: Iterable[T], typed: str, *, name_of: Callable[[T], str]) -> list[T]:
    """The few places whose name is written most like what was typed, the likest first."""
    wanted = " ".join(_words(typed))
    if not wanted or len(wanted) > LONGEST_LIKE:
        return []

    def likeness(place: T) -> float:
        words = _words(name_of(place))
        return SequenceMatcher(None, wanted, " ".join(words)).ratio()

    scored = [(likeness(place), place) for place in places]
    near = [one for one in scored if one[0] >= LEAST_LIKENESS]
    return [place for _score, place in sorted(near, key=lambda one: -one[0])[:MOST_NEAR]]


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
