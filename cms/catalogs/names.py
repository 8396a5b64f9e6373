"""The abbreviations of Mexican names: «Ma. del C.» is María del Carmen, «Hdez.» Hernández.

They are data, with reasons, in `data/abreviaturas.csv`. This module applies them to what people
type; the function `conoceles_written_out` of the database does the same with public names.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from cms.catalogs.files import read_catalogue
from cms.catalogs.spanish import fold

BEGINNING = "^"
ANY_WORD = "*"
# In «M.ª», «Mª» and «Ant.ª» the raised letter belongs to the word before it.
_RAISED = re.compile(r"([^\W\d_])\.?\s?ª")
_WORD = re.compile("[a-z]+")


@dataclass(frozen=True)
class Abbreviation:
    """A folded abbreviation and the word that it stands for.

    Attributes:
        after: series of words, one of which must stand right before it. Empty: no condition.
        before: words, one of which must follow it. Empty: no condition.
    """

    short: str
    meant: str
    after: tuple[str, ...] = ()
    before: tuple[str, ...] = ()

    def stands_at(self, place: int, words: Sequence[str]) -> bool:
        """Whether a word of a name, at a place among its folded words, can only be this one."""
        earlier = f" {' '.join(words[:place])}"
        fits_after = not self.after or any(
            place == 0 if series == BEGINNING else earlier.endswith(f" {series}")
            for series in self.after
        )
        later = words[place + 1] if place + 1 < len(words) else ""
        fits_before = not self.before or any(
            bool(later) if word == ANY_WORD else later == word for word in self.before
        )
        return fits_after and fits_before


def _parts(cell: str) -> tuple[str, ...]:
    return tuple(part for part in cell.split("|") if part)


@cache  # A single value.
def abbreviations() -> tuple[Abbreviation, ...]:
    """Every row of the file, in its order."""
    return tuple(
        Abbreviation(
            row["abreviatura"],
            row["significa"],
            _parts(row["despues_de"]),
            _parts(row["antes_de"]),
        )
        for row in read_catalogue("abreviaturas.csv")
    )


@cache  # A single value.
def _by_short() -> dict[str, list[Abbreviation]]:
    found: dict[str, list[Abbreviation]] = {}
    for one in abbreviations():
        found.setdefault(one.short, []).append(one)
    return found


def lower_raised(text: str) -> str:
    """Replace raised letters: «M.ª José» becomes «Ma José»."""
    return _RAISED.sub(r"\1a", text)


def meanings(words: Sequence[str]) -> list[tuple[str, ...]]:
    """For each folded word of a name, the words that it may stand for. Most have none."""
    known = _by_short()
    return [
        tuple(sorted({one.meant for one in known.get(word, ()) if one.stands_at(place, words)}))
        for place, word in enumerate(words)
    ]


def written_out(name: str) -> str:
    """The folded name with its abbreviations in full; empty if the name has no abbreviation."""
    words = _WORD.findall(fold(lower_raised(name)))
    meant = meanings(words)
    if not any(meant):
        return ""
    return " ".join(" ".join(full) or word for word, full in zip(words, meant, strict=True))
