"""What changed between two texts, word by word. Pure."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby

# A piece is a word or a sign with the blanks after it, or a new line; no word is cut in two.
_WORDS = re.compile(r"\s*\n\s*|\s+|(?:[^\W_]+|[\W_])[^\S\n]*")
_SENTENCES = re.compile(r"[^.!?;\n]*[.!?;\n]*\s*")
# The most pairs of equal pieces that a comparison may look at. Real texts of 5,000 characters have
# about 15,000; without a limit, a text that repeats a word a thousand times would take minutes.
MOST_PAIRS = 60_000


@dataclass(frozen=True)
class Passage:
    """A run of text, and whether the other text lacks it."""

    text: str
    changed: bool


@dataclass(frozen=True)
class Difference:
    """Two texts side by side: `before` marks what was removed, `after` marks what was added."""

    before: tuple[Passage, ...]
    after: tuple[Passage, ...]


def _compared(piece: str) -> str:
    """A piece as it is compared: the number of blanks after it does not matter, a new line does."""
    return piece.strip() or ("\n" if "\n" in piece else " ")


def _pairs(old: list[str], new: list[str]) -> int:
    count_old, count_new = Counter(map(_compared, old)), Counter(map(_compared, new))
    return sum(times * count_new[piece] for piece, times in count_old.items())


def _pieces(before: str, after: str) -> tuple[list[str], list[str]]:
    """Both texts cut into words; into sentences, or not at all, if words repeat too often."""
    for pattern in (_WORDS, _SENTENCES):
        old, new = ([piece for piece in pattern.findall(text) if piece] for text in (before, after))
        if _pairs(old, new) <= MOST_PAIRS:
            return old, new
    return [before], [after]


def _joined(pieces: Iterable[tuple[str, bool]]) -> tuple[Passage, ...]:
    """Join neighbouring pieces with the same mark; blanks around a change are not marked."""
    marked: list[tuple[str, bool]] = []
    for changed, run in groupby(pieces, key=lambda piece: piece[1]):
        text = "".join(word for word, _changed in run)
        words = text.strip() if changed else text
        before, after = text.split(words, 1) if words else (text, "")
        marked += [(before, False), (words, changed), (after, False)]
    return tuple(
        Passage("".join(text for text, _changed in run), changed)
        for changed, run in groupby(
            (piece for piece in marked if piece[0]), key=lambda piece: piece[1]
        )
    )


def words_changed(before: str, after: str) -> Difference:
    """Compare two texts by words and signs."""
    old, new = _pieces(before, after)
    left: list[tuple[str, bool]] = []
    right: list[tuple[str, bool]] = []
    # autojunk would treat the frequent words of a long answer as noise.
    matcher = SequenceMatcher(None, [*map(_compared, old)], [*map(_compared, new)], autojunk=False)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        left.extend((word, tag != "equal") for word in old[i1:i2])
        right.extend((word, tag != "equal") for word in new[j1:j2])
    return Difference(_joined(left), _joined(right))
