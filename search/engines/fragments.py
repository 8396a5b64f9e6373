"""Passages with their hits: escaped text in which only <mark> appears."""

import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db import connection
from django.utils.html import escape

from cms.catalogs.remembered import Remembered
from cms.catalogs.spanish import fold
from cms.published.models import PublishedCandidacy
from search.result import Fragment

MOST_FRAGMENTS = 3
# So many letters tell which words may be hits; Python keeps the last patterns, so they are short.
MOST_LETTERS = 10
BEFORE = 90
AFTER = 170
_VARIANTS = {
    "a": "aáàâäã",
    "e": "eéèêë",
    "i": "iíìîï",
    "o": "oóòôöõ",
    "u": "uúùûü",
    "n": "nñ",
    "c": "cç",
}


def _pattern(lexemes: Iterable[str]) -> re.Pattern[str] | None:
    """How a hit may begin, in lower case, with or without accents.

    Kept so bare because it runs through every answer of a page: it mostly begins with a letter
    that can be looked for at once.
    """
    beginnings: list[str] = []
    for stem in sorted({fold(one)[:MOST_LETTERS] for one in lexemes if one}, key=len):
        if not stem.startswith(tuple(beginnings)):
            beginnings.append(stem)
    if not beginnings:
        return None
    return re.compile(
        "|".join(
            "".join(
                f"[{_VARIANTS[char]}]" if char in _VARIANTS else re.escape(char) for char in stem
            )
            for stem in beginnings
        )
    )


def _words(text: str, pattern: re.Pattern[str]) -> list[tuple[int, int, str]]:
    """The whole words that begin as the pattern says: where they stand, and themselves."""
    found: list[tuple[int, int, str]] = []
    length = len(text)
    for match in pattern.finditer(text):
        start, end = match.span()
        if start and text[start - 1].isalnum():
            continue
        while end < length and text[end].isalnum():
            end += 1
        found.append((start, end, text[start:end]))
    return found


_NONE: frozenset[str] = frozenset()
MOST_STEM_BYTES = 8 * 1024 * 1024


def _bytes_of_stems(word: str, stems: frozenset[str]) -> int:
    return sys.getsizeof(word) + sys.getsizeof(stems) + sum(sys.getsizeof(stem) for stem in stems)


# Which stems the database gives a word of the answers, which is asked many at a time.
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
    """An answer that may hold a hit: the words that begin like one, where they stand."""

    answer: dict[str, Any]
    text: str
    words: list[tuple[int, int, str]]


def fragments(
    rows: list[PublishedCandidacy], lexemes: list[str]
) -> dict[int, tuple[Fragment, ...]]:
    """At most three passages of each row, by candidacy id (at most one query).

    A word is a hit exactly when the database stems it to one of the query's lexemes.
    """
    pattern = _pattern(lexemes)
    if pattern is None:
        return {}
    wanted = frozenset(lexemes)
    found = {row.candidacy_id: _passages(row, pattern, wanted) for row in rows}
    stems = _stems_of(
        {word for places in found.values() for one in places for _start, _end, word in one.words}
    )
    hits = {word for word, known in stems.items() if known & wanted}
    return {
        candidacy_id: tuple(islice(_cut(places, hits), MOST_FRAGMENTS))
        for candidacy_id, places in found.items()
    }


def _passages(
    row: PublishedCandidacy, pattern: re.Pattern[str], wanted: frozenset[str]
) -> list[_Passage]:
    """Answers that may hold a hit, those of high weight first; no more than are surely enough."""
    places: list[_Passage] = []
    sure = 0
    for answer in sorted(row.answers, key=lambda one: one["peso"] != "alto"):
        value = answer["respuesta"]
        text = "; ".join(value) if isinstance(value, list) else value
        lower = text.lower()
        if len(lower) != len(text):  # a few letters grow: «İ»
            lower = "".join(char.lower() if len(char.lower()) == 1 else char for char in text)
        words = _words(lower, pattern)
        if words:
            places.append(_Passage(answer, text, words))
            sure += any((_stems.get(word) or _NONE) & wanted for _start, _end, word in words)
            if sure == MOST_FRAGMENTS:
                break
    return places


def _cut(places: list[_Passage], hit_words: set[str]) -> Iterator[Fragment]:
    for one in places:
        hits = [(start, end) for start, end, word in one.words if word in hit_words]
        if hits:
            yield Fragment(
                question=one.answer["pregunta"],
                label=one.answer["etiqueta"],
                where=one.answer["donde"],
                html=_marked(one.text, hits),
            )


def _marked(text: str, hits: list[tuple[int, int]]) -> str:
    """The window around the first hit, escaped, with every hit in it marked."""
    first_start, first_end = hits[0]
    start = max(0, first_start - BEFORE)
    end = min(len(text), first_end + AFTER)
    if start:
        space = text.find(" ", start, first_start)
        start = space + 1 if space >= 0 else start
    if end < len(text):
        space = text.rfind(" ", first_end, end)
        end = space if space >= 0 else end
    pieces: list[str] = ["…" if start else ""]
    position = start
    for hit_start, hit_end in hits:
        if hit_end > end:
            break
        word = escape(text[hit_start:hit_end])
        pieces += [escape(text[position:hit_start]), f"<mark>{word}</mark>"]
        position = hit_end
    pieces += [escape(text[position:end]), "…" if end < len(text) else ""]
    return " ".join("".join(pieces).split())
