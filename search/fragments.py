"""Passages with their hits: escaped text in which only <mark> appears."""

import sys
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from html import escape
from typing import NamedTuple

from cms.catalogs import prepared
from cms.catalogs.remembered import Remembered
from cms.catalogs.spanish import fold
from search.result import FoundCandidacy, Fragment

MOST_FRAGMENTS = 3
# So many letters of a stem are looked for.
MOST_LETTERS = 10
BEFORE = 90
AFTER = 170
# The signs of `passages` in a public row: before each text, between heads, and between their parts.
_TEXT, _HEAD, _PART = "\x1e", "\x1d", "\x1f"
# A text in which hits are looked for has a byte for each character, so that places are the same,
# and Python looks for plain bytes, many times faster than for letters with any accent. What
# is no letter is a blank. What Latin-1 does not have is a blank too, so that words may be found
# where none begins: the text itself and the stems decide what is a hit.
_ENCODING, _WHAT_IT_LACKS = "latin-1", "replace"
_VARIANTS = {"a": "áàâäã", "e": "éèêë", "i": "íìîï", "o": "óòôöõ", "u": "úùûü", "n": "ñ", "c": "ç"}
_PLAIN = {variant: letter for letter, variants in _VARIANTS.items() for variant in variants}


def _folded(code: int) -> int:
    """What a character of Latin-1 is looked for as."""
    lower = chr(code).lower()
    if not lower.isalnum():
        return ord(" ")
    return ord(_PLAIN.get(lower, lower)) if lower < "\u0100" else code


_FOLDED = bytes(map(_folded, range(256)))


def _as_bytes(text: str) -> bytes:
    """The text in lower case and without accents, a byte for each character."""
    return text.encode(_ENCODING, _WHAT_IT_LACKS).translate(_FOLDED)


def _beginnings(lexemes: Iterable[str]) -> tuple[bytes, ...]:
    """How a hit may begin, after a blank, in texts `_as_bytes`; none of them begins another one."""
    found: list[str] = []
    stems = {fold(lexeme)[:MOST_LETTERS] for lexeme in lexemes if lexeme}
    for stem in sorted(stems, key=len):
        if not stem.startswith(tuple(found)):
            found.append(stem)
    return tuple(b" " + _as_bytes(stem) for stem in found)


# A word: where it stands in its text, and in lower case.
_Word = tuple[int, int, str]


def _words(text: str, beginnings: Iterable[bytes]) -> list[_Word]:
    """The whole words of a text that begin in one of these ways, in order.

    Args:
        text: its first character is no letter.
    """
    folded = _as_bytes(text)
    find = folded.find
    found: list[_Word] = []
    for beginning in beginnings:
        length = len(beginning)
        place = find(beginning)
        while place >= 0:
            # A stem with letters that Latin-1 lacks is looked for as blanks.
            if not text[place].isalnum() and text[place + 1].isalnum():
                end = find(b" ", place + length)
                while end >= 0 and text[end].isalnum():  # A letter that Latin-1 lacks.
                    end = find(b" ", end + 1)
                word = text[place + 1 : end if end >= 0 else len(text)]
                if _TEXT not in word:
                    found.append((place + 1, place + 1 + len(word), _in_lower_case(word)))
            place = find(beginning, place + 1)
    # Two stems with letters that Latin-1 lacks may be looked for as one.
    return sorted(set(found))


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
        with prepared.cursor() as cursor:
            cursor.execute(
                "select word, tsvector_to_array(conoceles_vector(word))"
                " from unnest(string_to_array(%s, chr(30))) as word",
                [_TEXT.join(missing)],
            )
            learnt = {word: frozenset(stems) for word, stems in cursor.fetchall()}
        _stems.keep_many(learnt)
        known |= learnt
    return known


def forget_stems() -> None:
    """Forget what the database said of words."""
    _stems.forget()


# Where a hit stands, and the stems by which it is one.
_Place = tuple[int, int, frozenset[str]]


class _Passage(NamedTuple):
    """An answer that holds hits: where it stands among the texts of its row, and where they do."""

    number: int
    start: int
    end: int
    hits: list[_Place]
    words: int


def fragments(rows: list[FoundCandidacy], lexemes: list[str]) -> dict[int, tuple[Fragment, ...]]:
    """At most three passages of each row, by candidacy id (at most one query).

    A word is a hit exactly when the database stems it to one of the query's lexemes. The passages
    that hold more of the words come first, and each is cut where it holds most.
    """
    beginnings = _beginnings(lexemes)
    if not beginnings:
        return {}
    wanted = frozenset(lexemes)
    # Each row, the heads of its answers, their texts, and the words that may be hits.
    found = [
        (row.candidacy_id, heads, texts, words)
        for row in rows
        for heads, texts in [_heads_and_texts(row.passages)]
        if (words := _words(texts, beginnings))
    ]
    stems = _stems_of({word for *_row, words in found for _start, _end, word in words})
    said = {word: hit for word, known in stems.items() if (hit := known & wanted)}
    return {
        candidacy_id: tuple(
            _fragment(heads, texts, passage)
            for passage in _passages(
                texts, [(start, end, said[word]) for start, end, word in words if word in said]
            )
        )
        for candidacy_id, heads, texts, words in found
    }


def _heads_and_texts(passages: str) -> tuple[str, str]:
    """The heads of the answers of a row, and their texts, each after a sign."""
    place = passages.find(_TEXT)
    return (passages[:place], passages[place:]) if place >= 0 else ("", "")


def _passages(texts: str, hits: list[_Place]) -> list[_Passage]:
    """The answers that hold most of the words, at most three; of as many words, the first ones."""
    found: list[_Passage] = []
    place, last = 0, len(hits)
    while place < last:
        first = hits[place][0]
        start, end = texts.rfind(_TEXT, 0, first) + 1, texts.find(_TEXT, first)
        end = end if end >= 0 else len(texts)
        begin = place
        while place < last and hits[place][0] < end:
            place += 1
        inside = hits[begin:place]
        number = texts.count(_TEXT, 1, start)
        found.append(_Passage(number, start, end, inside, _words_in(inside)))
    found.sort(key=_most_words)
    return found[:MOST_FRAGMENTS]


def _most_words(passage: _Passage) -> int:
    return -passage.words


def _words_in(hits: list[_Place]) -> int:
    """How many different words the hits are; forms of one word share their stems."""
    return len({stems for _start, _end, stems in hits}) if len(hits) > 1 else 1


def _fragment(heads: str, texts: str, passage: _Passage) -> Fragment:
    question, label, where = _parts(heads)[passage.number]
    return Fragment(question, label, where, _marked(texts, passage))


@lru_cache(maxsize=500)  # Those of whoever answered the same questions of a questionnaire.
def _parts(heads: str) -> tuple[list[str], ...]:
    """Of each head, its question, its label and where the answer is found."""
    return tuple(head.split(_PART) for head in heads.split(_HEAD))


def _in_lower_case(text: str) -> str:
    """The text in lower case, letter by letter: a few letters would grow, such as «İ»."""
    lower = text.lower()
    if len(lower) == len(text):
        return lower
    return "".join(char.lower() if len(char.lower()) == 1 else char for char in text)


def _first_shown(hits: list[_Place]) -> _Place:
    """The hit after which a window holds most of the words; the first of those."""
    best, most, end = hits[0], 0, 0
    if hits[-1][1] <= best[1] + AFTER:
        return best
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


def _marked(texts: str, passage: _Passage) -> str:
    """The window that holds most of the words, escaped, with every hit in it marked."""
    hits, first, last = passage.hits, passage.start, passage.end
    first_start, first_end, _by = hits[0] if passage.words == 1 else _first_shown(hits)
    start, end = first_start - BEFORE, first_end + AFTER
    if start > first:
        space = texts.find(" ", start, first_start)
        start = space + 1 if space >= 0 else start
    else:
        start = first
    if end < last:
        space = texts.rfind(" ", first_end, end)
        end = space if space >= 0 else end
    else:
        end = last
    window = _with_marks(texts, hits, start, end)
    # After a full stop that ends a sentence, the sign stands apart.
    cut = "" if end == last else " …" if window.endswith(".") else "…"
    return _with_single_blanks(f"{'…' if start > first else ''}{window}{cut}")


def _with_single_blanks(text: str) -> str:
    """The text with each run of blanks as one, and none around it."""
    # No other blank is printable. Most texts are as they should be.
    if text.isprintable() and "  " not in text and text.strip(" ") == text:
        return text
    return " ".join(text.split())


def _with_marks(text: str, hits: Iterable[_Place], start: int, end: int) -> str:
    """A part of a text, escaped, with every hit in it marked."""
    pieces: list[str] = []
    position = start
    for hit_start, hit_end, _by in hits:
        if hit_end > end:
            break
        if hit_start >= position:
            pieces += (text[position:hit_start], "<mark>", text[hit_start:hit_end], "</mark>")
            position = hit_end
    pieces.append(text[position:end])
    if _must_be_escaped(text[start:end]):
        # Every other piece is a tag.
        pieces[::2] = map(escape, pieces[::2])
    return "".join(pieces)


def _must_be_escaped(text: str) -> bool:
    """Whether a text has one of the signs that `escape` replaces; most have none."""
    return "<" in text or ">" in text or "&" in text or '"' in text or "'" in text


def marked_whole(texts: Iterable[str], lexemes: Iterable[str]) -> dict[str, str]:
    """Each text that has a hit, escaped whole, with every hit marked (at most one query)."""
    wanted = frozenset(lexemes)
    beginnings = _beginnings(wanted)
    if not beginnings:
        return {}
    found = {text: _words(f"{_TEXT}{text}", beginnings) for text in texts}
    stems = _stems_of({word for words in found.values() for _start, _end, word in words})
    marked: dict[str, str] = {}
    for text, words in found.items():
        hits = [
            (start - 1, end - 1, hit) for start, end, word in words if (hit := stems[word] & wanted)
        ]
        if hits:
            marked[text] = _with_marks(text, hits, 0, len(text))
    return marked
