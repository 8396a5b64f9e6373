"""Misspelt names: which name was meant by a word that hardly anybody holds.

The database proposes (`conoceles_near_names`): names that share a key with the typed word, which
holds for every single wrong, missing, extra or swapped letter, and names that sound the same. Here
the nearest are chosen. Words that candidacies write are left alone, unless few do and they sound
like a name: who searches for «calle» is not shown everybody called Valle.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from cms.catalogs.spanish import fold
from search.engines.reading import Reading, Term

# A word that at most so many candidacies write may be a misspelt name.
FEW = 3
# From this length on, two letters may be wrong.
LONG = 8
# What a name that sounds the same is nearer than another at as many letters.
SOUNDS_SAME = 0.5
# A letter missing or too many is a little less likely than a wrong one.
OTHER_LENGTH = 0.1


@dataclass(frozen=True)
class Correction:
    """Another reading of what was typed.

    Attributes:
        names: for each misspelt word, a tsquery of the names that may be meant.
        kept: the other words.
        likeliest: the names that come first.
        spelling: the words, each with what may have been meant by it, folded.
    """

    names: tuple[str, ...]
    kept: tuple[Term, ...]
    likeliest: tuple[str, ...]
    spelling: tuple[tuple[str, ...], ...]


def exactly(names: Sequence[str]) -> str:
    """The tsquery of those who bear one of the names (folded words), not stemmed."""
    return " | ".join(f"'={name}'" for name in names)


def correct(reading: Reading, near: Mapping[str, Sequence[Sequence[object]]]) -> Correction | None:
    """The nearest names of the misspelt words; None when no word seems a misspelt name.

    Args:
        near: typed word → [name word, whether it sounds the same] of those proposed.
    """
    meant = {typed: _nearest(typed, proposed) for typed, proposed in near.items()}
    if not any(meant.values()):
        return None
    names: list[str] = []
    kept: list[Term] = []
    likeliest: list[str] = []
    spelling: list[tuple[str, ...]] = []
    for term in reading.wanted:
        word = term[0][0][0]
        scored = meant.get(word)
        if not scored:
            kept.append(term)
            spelling.append((word,))
            continue
        names.append(exactly(list(scored)))
        least = min(scored.values())
        best = [name for name, score in scored.items() if score == least]
        likeliest += best
        spelling.append(tuple(best))
    return Correction(tuple(names), tuple(kept), tuple(likeliest), tuple(spelling))


def _nearest(typed: str, proposed: Sequence[Sequence[object]]) -> dict[str, float]:
    """The proposed names nearly as near as the nearest, or that sound the same, likeliest first."""
    scored: dict[str, float] = {}
    alike: set[str] = set()
    for one, sounds_same in proposed:
        name = str(one)
        distance = OSA.distance(typed, name)
        if sounds_same and distance <= 3:
            scored[name] = distance - SOUNDS_SAME
            alike.add(name)
        elif distance <= (2 if len(typed) >= LONG else 1):
            scored[name] = distance + (OTHER_LENGTH if len(name) != len(typed) else 0)
    least = min(scored.values(), default=0)
    near = {name: score for name, score in scored.items() if score < least + 1 or name in alike}
    return dict(
        sorted(near.items(), key=lambda one: (one[1], -_common_start(typed, one[0]), one[0]))
    )


def _common_start(one: str, other: str) -> int:
    length = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        length += 1
    return length


def shown_spelling(spelling: Sequence[Sequence[str]], name: str) -> str:
    """The corrected words as the owner's name is written: «González», not «gonzalez»."""
    written = {fold(word): word for word in name.split()}
    return " ".join(
        next((written[word] for word in meant if word in written), meant[0]) for meant in spelling
    )
