"""Passages with their hits: escaped text in which only <mark> appears."""

import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from html import escape
from itertools import islice
from typing import Any

from django.db import connection

from cms.catalogs.remembered import Remembered
from cms.catalogs.spanish import fold
from search.result import FoundCandidacy, Fragment

MOST_FRAGMENTS = 3
# So many letters of a stem are looked for; Python keeps the last patterns, so they must be short.
MOST_LETTERS = 10
BEFORE = 90
AFTER = 170
# A text in which hits are looked for has a byte for each character, so that places are the same and
# Python looks for plain letters, which is many times faster than for letters with any accent. What
# Latin-1 does not have is «?», and may so be found too often: the stems decide what is a hit.
_ENCODING, _WHAT_IT_LACKS = "latin-1", "replace"
_VARIANTS = {"a": "áàâäã", "e": "éèêë", "i": "íìîï", "o": "óòôöõ", "u": "úùûü", "n": "ñ", "c": "ç"}
_PLAIN = {variant: letter for letter, variants in _VARIANTS.items() for variant in variants}
_FOLDED = bytes(
    ord(_PLAIN.get(lower, lower)) if (lower := chr(code).lower()) < "\u0100" else code
    for code in range(256)
)


def _as_bytes(text: str) -> bytes:
    """The text in lower case and without accents, a byte for each character."""
    return text.encode(_ENCODING, _WHAT_IT_LACKS).translate(_FOLDED)


def _pattern(lexemes: Iterable[str]) -> re.Pattern[bytes] | None:
    """How a hit may begin, in a text `_as_bytes`.

    It has no conditions before the letters, because it runs through every answer of a page and
    Python looks for a plain first letter fastest.
    """
    beginnings: list[str] = []
    stems = {fold(lexeme)[:MOST_LETTERS] for lexeme in lexemes if lexeme}
    for stem in sorted(stems, key=len):
        if not stem.startswith(tuple(beginnings)):
            beginnings.append(stem)
    if not beginnings:
        return None
    return re.compile(b"|".join(re.escape(_as_bytes(stem)) for stem in beginnings))


def _words(text: str, pattern: re.Pattern[bytes]) -> list[tuple[int, int, str]]:
    """The whole words that begin as the pattern says: where they stand, and in lower case."""
    found: list[tuple[int, int, str]] = []
    length = len(text)
    for match in pattern.finditer(_as_bytes(text)):
        start, end = match.span()
        if start and text[start - 1].isalnum():
            continue
        while end < length and text[end].isalnum():
            end += 1
        found.append((start, end, _in_lower_case(text[start:end])))
    return found


_NONE: frozenset[str] = frozenset()
MOST_STEM_BYTES = 8 * 1024 * 1024


def _bytes_of_stems(word: str, stems: frozenset[str]) -> int:
    return sys.getsizeof(word) + sys.getsizeof(stems) + sum(sys.getsizeof(stem) for stem in stems)


# The stems that the database gives each word of the answers; many words are asked about at once.
_stems: Remembered[str, frozenset[str]] = Remembered(MOST_STEM_BYTES, _bytes_of_stems)


def _stems_of(words: set[str]) -> dict[str, frozenset[str]]:
    """The stems of every word (one query, none when all are remembered)."""
    known = _stems.get_many(words)
    missing = sorted(words - known.keys())
    if missing:
        with connection.cursor() as cursor:
            cursor.execute(
                "select word, tsvector_to_array(conoceles_vector(word))"
                " from unnest(%s::text[]) as word",
                [missing],
            )
            learnt = {word: frozenset(stems) for word, stems in cursor.fetchall()}
        _stems.keep_many(learnt)
        known |= learnt
    return known


def forget_stems() -> None:
    """Forget what the database said of words."""
    _stems.forget()


@dataclass(frozen=True)
class _Passage:
    """An answer that may hold a hit: the words that begin like a hit, and where they stand."""

    answer: dict[str, Any]
    text: str
    words: list[tuple[int, int, str]]


def fragments(
    rows: list[FoundCandidacy], lexemes: list[str], *, several: bool = False
) -> dict[int, tuple[Fragment, ...]]:
    """At most three passages of each row, by candidacy id (at most one query).

    A word is a hit exactly when the database stems it to one of the query's lexemes.

    Args:
        several: whether several words were asked for; then the passages that hold more of them come
            first, and each is cut where it holds most.
    """
    pattern = _pattern(lexemes)
    if pattern is None:
        return {}
    wanted = frozenset(lexemes)
    enough = None if several else MOST_FRAGMENTS
    found = {row.candidacy_id: _passages(row, pattern, wanted, enough) for row in rows}
    stems = _stems_of(
        {
            word
            for passages in found.values()
            for passage in passages
            for _start, _end, word in passage.words
        }
    )
    said = {word: hit for word, known in stems.items() if (hit := known & wanted)}
    return {
        candidacy_id: tuple(islice(_cut(passages, said), MOST_FRAGMENTS))
        for candidacy_id, passages in found.items()
    }


def _is_of_low_weight(answer: dict[str, Any]) -> bool:
    return answer.get("peso") != "alto"


def _in_lower_case(text: str) -> str:
    """The text in lower case, letter by letter: a few letters would grow, such as «İ»."""
    lower = text.lower()
    if len(lower) == len(text):
        return lower
    return "".join(char.lower() if len(char.lower()) == 1 else char for char in text)


def _passages(
    row: FoundCandidacy, pattern: re.Pattern[bytes], wanted: frozenset[str], enough: int | None
) -> list[_Passage]:
    """Answers that may hold a hit, those of high weight first; all, or until enough surely do."""
    passages: list[_Passage] = []
    sure = 0
    for answer in sorted(row.answers, key=_is_of_low_weight):
        value = answer["respuesta"]
        text = "; ".join(value) if isinstance(value, list) else value
        words = _words(text, pattern)
        if words:
            passages.append(_Passage(answer, text, words))
            if enough is not None and _is_sure(words, wanted):
                sure += 1
                if sure == enough:
                    break
    return passages


def _is_sure(words: list[tuple[int, int, str]], wanted: frozenset[str]) -> bool:
    """Whether one of these words is known to be a hit."""
    return any((_stems.get(word) or _NONE) & wanted for _start, _end, word in words)


# Where a hit stands, and the stems by which it is one.
_Place = tuple[int, int, frozenset[str]]


def _cut(passages: list[_Passage], said: Mapping[str, frozenset[str]]) -> Iterator[Fragment]:
    """The passages, those that hold more of the words first."""
    found = [
        (passage, [(start, end, said[word]) for start, end, word in passage.words if word in said])
        for passage in passages
    ]
    for passage, hits in sorted(found, key=lambda one: -_words_in(one[1])):
        if hits:
            yield Fragment(
                question=passage.answer["pregunta"],
                label=passage.answer["etiqueta"],
                html=_marked(passage.text, hits),
                where=passage.answer.get("donde", ""),
            )


def _words_in(hits: list[_Place]) -> int:
    """How many different words the hits are; forms of one word share their stems."""
    return len({stems for _start, _end, stems in hits})


def _first_shown(hits: list[_Place]) -> _Place:
    """The hit after which a window holds most of the words; the first of those."""
    best, most, end = hits[0], 0, 0
    inside: Counter[frozenset[str]] = Counter()
    for first in hits:
        while end < len(hits) and hits[end][1] <= first[1] + AFTER:
            inside[hits[end][2]] += 1
            end += 1
        if len(inside) > most:
            best, most = first, len(inside)
        inside[first[2]] -= 1
        if not inside[first[2]]:
            del inside[first[2]]
    return best


def _marked(text: str, hits: list[_Place]) -> str:
    """The window that holds most of the words, escaped, with every hit in it marked."""
    first_start, first_end, _by = _first_shown(hits)
    start = max(0, first_start - BEFORE)
    end = min(len(text), first_end + AFTER)
    if start:
        space = text.find(" ", start, first_start)
        start = space + 1 if space >= 0 else start
    if end < len(text):
        space = text.rfind(" ", first_end, end)
        end = space if space >= 0 else end
    shown = [(hit_start, hit_end) for hit_start, hit_end, _by in hits if hit_start >= start]
    window = _with_marks(text, shown, start, end)
    # After a full stop that ends a sentence, the sign stands apart.
    cut = "" if end == len(text) else " …" if window.endswith(".") else "…"
    return " ".join(f"{'…' if start else ''}{window}{cut}".split())


def _with_marks(text: str, hits: list[tuple[int, int]], start: int, end: int) -> str:
    """A part of a text, escaped, with every hit in it marked."""
    pieces: list[str] = []
    position = start
    for hit_start, hit_end in hits:
        if hit_end > end:
            break
        word = escape(text[hit_start:hit_end])
        pieces += [escape(text[position:hit_start]), f"<mark>{word}</mark>"]
        position = hit_end
    return "".join([*pieces, escape(text[position:end])])


def marked_whole(texts: Iterable[str], lexemes: Iterable[str]) -> dict[str, str]:
    """Each text that has a hit, escaped whole, with every hit marked (at most one query)."""
    wanted = frozenset(lexemes)
    pattern = _pattern(wanted)
    if pattern is None:
        return {}
    found = {text: _words(text, pattern) for text in texts}
    stems = _stems_of({word for words in found.values() for _start, _end, word in words})
    marked: dict[str, str] = {}
    for text, words in found.items():
        hits = [(start, end) for start, end, word in words if stems[word] & wanted]
        if hits:
            marked[text] = _with_marks(text, hits, 0, len(text))
    return marked
