"""The places that a citizen may mean by what they typed."""

import re
from collections.abc import Callable, Iterable
from difflib import SequenceMatcher
from typing import TypeVar

from cms.catalogs.names import written_out
from cms.catalogs.spanish import fold
from cms.published.places import Place

MOST_NEAR = 5
LONGEST_NAME = 120
# A longer text is no name of a place: the longest in Mexico has 47 letters.
LONGEST_LIKE = 60
# Least SequenceMatcher.ratio; that of «torreom» and «Torreón» is 0.86.
LEAST_LIKENESS = 0.6


def _words(name: str) -> list[str]:
    """The folded words of a name with abbreviations in full; only the beginning of a long text."""
    name = name[:LONGEST_NAME]
    return re.findall(r"\w+", written_out(name) or fold(name))


def matching(found: Iterable[Place], typed: str) -> list[Place]:
    """The places that a citizen may mean: the exact name, or else all with these words.

    Accents, capitals and full stops do not count; «Acuña» is found in «Ciudad Acuña», and «5» in
    «Distrito 5, Saltillo» but not in «Distrito 50».
    """
    found = list(found)
    wanted = _words(typed)
    exact = [place for place in found if _words(place.name) == wanted or place.cvegeo == typed]
    return exact or [place for place in found if wanted and _holds(_words(place.name), wanted)]


def _holds(name: list[str], wanted: list[str]) -> bool:
    def is_begun(part: str) -> bool:
        if part.isdigit():
            return part in name
        return any(word.startswith(part) for word in name)

    begun = all(map(is_begun, wanted))
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
