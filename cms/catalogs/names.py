"""The abbreviations of Mexican names: «Ma. del C.» is María del Carmen, «Hdez.» Hernández.

As data, with reasons: `data/abreviaturas.csv`. The same rule is in the database for the names that
are public (`conoceles_written_out`, cms/published/migrations/0002) and here for what is typed.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from cms.catalogs.files import read_catalogue
from cms.catalogs.spanish import fold

BEGINNING = "^"
ANY_WORD = "*"
# «M.ª», «Mª», «Ant.ª»: the raised letter belongs to the word before it.
_RAISED = re.compile(r"([^\W\d_])\.?\s?ª")
_WORD = re.compile("[a-z]+")


@dataclass(frozen=True)
class Abbreviation:
    """A folded abbreviation and the word that it stands for.

    Attributes:
        after: words of which one series must stand right before it; none when any may.
        before: words of which one must follow it; none when nothing need to.
    """

    short: str
    meant: str
    after: tuple[str, ...] = ()
    before: tuple[str, ...] = ()

    def stands_at(self, place: int, words: Sequence[str]) -> bool:
        """Whether it can only be this one at that place of a name (its folded words)."""
        earlier = f" {' '.join(words[:place])}"
        fits_after = not self.after or any(
            place == 0 if one == BEGINNING else earlier.endswith(f" {one}") for one in self.after
        )
        later = words[place + 1] if place + 1 < len(words) else ""
        fits_before = not self.before or any(
            bool(later) if one == ANY_WORD else later == one for one in self.before
        )
        return fits_after and fits_before


def _parts(cell: str) -> tuple[str, ...]:
    return tuple(part for part in cell.split("|") if part)


@cache  # One value, whatever is asked.
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


@cache  # One value, whatever is asked.
def _by_short() -> dict[str, list[Abbreviation]]:
    found: dict[str, list[Abbreviation]] = {}
    for one in abbreviations():
        found.setdefault(one.short, []).append(one)
    return found


def lower_raised(text: str) -> str:
    """«M.ª José» as «Ma José»."""
    return _RAISED.sub(r"\1a", text)


def meanings(words: Sequence[str]) -> list[tuple[str, ...]]:
    """For each folded word of a name, the words that it may stand for; mostly none."""
    known = _by_short()
    return [
        tuple(sorted({one.meant for one in known.get(word, ()) if one.stands_at(place, words)}))
        for place, word in enumerate(words)
    ]


def written_out(name: str) -> str:
    """The folded name with its abbreviations in full; "" when it has none."""
    words = _WORD.findall(fold(lower_raised(name)))
    meant = meanings(words)
    if not any(meant):
        return ""
    return " ".join(" ".join(full) or word for word, full in zip(words, meant, strict=True))
