"""The municipalities of a process, with their counts and their map."""

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe

from cms.catalogs.models import Process, Territory
from cms.catalogs.names import written_out
from cms.catalogs.spanish import fold
from cms.published import selectors
from cms.published.tallies import Tally

MOST_NEAR = 5
LONGEST_NAME = 120
# A longer text is no name of a place: the longest in Mexico has 47 letters.
LONGEST_LIKE = 60
# Least SequenceMatcher.ratio; that of «torreom» and «Torreón» is 0.86.
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
    return counted(None if process is None else selectors.tally(process=process))


def counted(tally: Tally | None) -> list[MunicipalityCount]:
    """The municipalities of a tally."""
    return [] if tally is None else [MunicipalityCount(*row) for row in tally.municipalities()]


def _words(name: str) -> list[str]:
    """The folded words of a name with abbreviations in full; only the beginning of a long text."""
    name = name[:LONGEST_NAME]
    return re.findall(r"\w+", written_out(name) or fold(name))


def matching(found: list[MunicipalityCount], typed: str) -> list[MunicipalityCount]:
    """The municipalities that a citizen may mean: the exact name, or else all with these words.

    Accents, capitals and full stops do not count; «Acuña» is found in «Ciudad Acuña».
    """
    wanted = _words(typed)
    exact = [place for place in found if _words(place.name) == wanted or place.cvegeo == typed]
    return exact or [place for place in found if wanted and _holds(_words(place.name), wanted)]


def _holds(name: list[str], wanted: list[str]) -> bool:
    begun = all(any(word.startswith(part) for word in name) for part in wanted)
    return begun or set(name) <= set(wanted)


T = TypeVar("T")


def nearest(places: Iterable[T], typed: str, *, name_of: Callable[[T], str]) -> list[T]:
    """The few places whose names are most like what was typed, the most similar first."""
    wanted = " ".join(_words(typed))
    if not wanted or len(wanted) > LONGEST_LIKE:
        return []

    def likeness(place: T) -> float:
        words = _words(name_of(place))
        return SequenceMatcher(None, wanted, " ".join(words)).ratio()

    scored = [(likeness(place), place) for place in places]
    near = [pair for pair in scored if pair[0] >= LEAST_LIKENESS]
    return [place for _score, place in sorted(near, key=lambda pair: -pair[0])[:MOST_NEAR]]


def map_of(found: list[MunicipalityCount]) -> dict[str, Any] | None:
    """The map of the state as links; None if the process is of another state."""
    by_cvegeo = {place.cvegeo: place for place in found if place.cvegeo}
    paths = [
        {"path": shape["path"], "municipality": by_cvegeo[shape["cvegeo"]]}
        for shape in _map()["paths"]
        if shape["cvegeo"] in by_cvegeo
    ]
    if len(paths) < len(_map()["paths"]):
        return None
    return {"view_box": _map()["view_box"], "paths": paths}


def map_around(territory: Territory) -> dict[str, Any] | None:
    """The small map that shows where a municipality is; None outside of the mapped state."""
    if territory.cvegeo not in {shape["cvegeo"] for shape in _map()["paths"]}:
        return None
    return {"view_box": _map()["view_box"], "paths": _paths_around(territory.cvegeo)}


@cache  # One text for each municipality of the map.
def _paths_around(cvegeo: str) -> SafeString:
    return format_html_join(
        "",
        '<path d="{}"{}/>',
        (
            (shape["path"], mark_safe(' class="is-here"') if shape["cvegeo"] == cvegeo else "")
            for shape in _map()["paths"]
        ),
    )
