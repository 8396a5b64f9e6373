"""Misspelt names: which name was meant by a word that hardly any candidacy writes.

The engine proposes names (`Found.near`), and the nearest are chosen here. A word that candidacies
write is left alone, unless few of them write it and it sounds like a name: whoever searches for
«calle» is not shown everybody called Valle.
"""

from collections.abc import Mapping, Sequence
from itertools import takewhile

from rapidfuzz.distance import OSA

from cms.catalogs.spanish import fold
from search.reading import Correction, Reading, Term

# From this length on, two letters may be wrong.
LONG = 8
# By so many letters a name that sounds the same is nearer than another name.
SOUNDS_SAME = 0.5
# A missing or an extra letter is a little less likely than a wrong letter.
OTHER_LENGTH = 0.1


def correct(reading: Reading, near: Mapping[str, Sequence[tuple[str, bool]]]) -> Correction | None:
    """The nearest names of the misspelt words; None when no word seems a misspelt name.

    Args:
        near: typed word → the names proposed, each with whether it sounds the same.
    """
    meant = {typed: _nearest(typed, proposed) for typed, proposed in near.items()}
    if not any(meant.values()):
        return None
    names: list[tuple[str, ...]] = []
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
        names.append(tuple(scored))
        least = min(scored.values())
        best = [name for name, score in scored.items() if score == least]
        likeliest += best
        spelling.append(tuple(best))
    return Correction(tuple(names), tuple(kept), tuple(likeliest), tuple(spelling))


def _nearest(typed: str, proposed: Sequence[tuple[str, bool]]) -> dict[str, float]:
    """The proposed names nearly as near as the nearest, or that sound the same, likeliest first."""
    scored: dict[str, float] = {}
    alike: set[str] = set()
    for name, sounds_same in proposed:
        distance = OSA.distance(typed, name)
        if sounds_same and distance <= 3:
            scored[name] = distance - SOUNDS_SAME
            alike.add(name)
        elif distance <= (2 if len(typed) >= LONG else 1):
            scored[name] = distance + (OTHER_LENGTH if len(name) != len(typed) else 0)
    least = min(scored.values(), default=0)
    near = {name: score for name, score in scored.items() if score < least + 1 or name in alike}
    return dict(sorted(near.items(), key=lambda scored: _likeliness(typed, *scored)))


def _likeliness(typed: str, name: str, score: float) -> tuple[float, int, str]:
    """What names are sorted by: the least score, then the longest beginning in common."""
    begun = zip(typed, name, strict=False)
    in_common = sum(1 for _pair in takewhile(lambda pair: pair[0] == pair[1], begun))
    return (score, -in_common, name)


def shown_spelling(spelling: Sequence[Sequence[str]], name: str) -> str:
    """The corrected words as the owner's name is written: «González», not «gonzalez»."""
    written = {fold(word): word for word in name.split()}
    return " ".join(
        next((written[word] for word in meant if word in written), meant[0]) for meant in spelling
    )
