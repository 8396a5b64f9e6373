"""Passages with their hits: escaped text in which only <mark> appears."""

import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import accumulate, islice
from operator import itemgetter
from typing import Any

from cms.catalogs import prepared
from cms.catalogs.remembered import Remembered
from cms.catalogs.spanish import fold
from search.result import FoundCandidacy, Fragment

MOST_FRAGMENTS = 3
# So many letters of a stem are looked for.
MOST_LETTERS = 10
BEFORE = 90
AFTER = 170
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
    """How a hit may begin, in texts `_as_bytes`; none of them begins another one."""
    found: list[str] = []
    stems = {fold(lexeme)[:MOST_LETTERS] for lexeme in lexemes if lexeme}
    for stem in sorted(stems, key=len):
        if not stem.startswith(tuple(found)):
            found.append(stem)
    return tuple(map(_as_bytes, found))


# A word: where it stands in its text, and in lower case.
_Word = tuple[int, int, str]


def _words(texts: Sequence[str], beginnings: Iterable[bytes]) -> list[list[_Word]]:
    """Of each text, the whole words that begin in one of these ways.

    All texts are looked through as one: a page of results has more than a hundred.
    """
    text = "\n".join(("", *texts))
    folded = _as_bytes(text)
    found: set[tuple[int, int]] = set()
    for beginning in beginnings:
        wanted, length = b" " + beginning, len(beginning)
        place = folded.find(wanted)
        while place >= 0:
            if not text[place].isalnum():
                found.add((place + 1, place + 1 + length))
            place = folded.find(wanted, place + 1)
    return _by_text(texts, sorted(found))


def _by_text(texts: Sequence[str], places: Iterable[tuple[int, int]]) -> list[list[_Word]]:
    """The words that begin at places of the joined texts, as they stand in each of these."""
    words: list[list[_Word]] = [[] for _text in texts]
    ends = list(accumulate(map(len, texts), lambda end, length: end + 1 + length, initial=0))
    number = 0
    for begins, stem_ends in places:
        while ends[number + 1] < begins:
            number += 1
        text, first = texts[number], ends[number] + 1
        length = len(text)
        start, end = begins - first, stem_ends - first
        while end < length and text[end].isalnum():
            end += 1
        words[number].append((start, end, _in_lower_case(text[start:end])))
    return words


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
        with prepared.cursor() as cursor:
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


@dataclass(frozen=True, slots=True)
class _Passage:
    """An answer that may hold a hit: the words that begin like a hit, and where they stand."""

    answer: dict[str, Any]
    text: str
    words: list[_Word]


def fragments(
    rows: list[FoundCandidacy], lexemes: list[str], *, several: bool = False
) -> dict[int, tuple[Fragment, ...]]:
    """At most three passages of each row, by candidacy id (at most one query).

    A word is a hit exactly when the database stems it to one of the query's lexemes.

    Args:
        several: whether several words were asked for; then the passages that hold more of them come
            first, and each is cut where it holds most.
    """
    beginnings = _beginnings(lexemes)
    if not beginnings:
        return {}
    wanted = frozenset(lexemes)
    enough = None if several else MOST_FRAGMENTS
    found = _passages_of(rows, beginnings, wanted, enough)
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


def _passages_of(
    rows: list[FoundCandidacy],
    beginnings: tuple[bytes, ...],
    wanted: frozenset[str],
    enough: int | None,
) -> dict[int, list[_Passage]]:
    """Of each row, the answers that may hold a hit, those of high weight first."""
    answers = [sorted(row.answers, key=_is_of_low_weight) if row.answers else [] for row in rows]
    texts = [_text_of(answer) for of_row in answers for answer in of_row]
    words = iter(zip(texts, _words(texts, beginnings), strict=True))
    return {
        row.candidacy_id: _first_passages(
            [_Passage(answer, *next(words)) for answer in of_row], wanted, enough
        )
        for row, of_row in zip(rows, answers, strict=True)
    }


def _is_of_low_weight(answer: dict[str, Any]) -> bool:
    return answer.get("peso") != "alto"


def _text_of(answer: dict[str, Any]) -> str:
    value = answer["respuesta"]
    return "; ".join(value) if isinstance(value, list) else str(value)


def _first_passages(
    passages: list[_Passage], wanted: frozenset[str], enough: int | None
) -> list[_Passage]:
    """The passages that may hold a hit; all, or until enough surely do."""
    found: list[_Passage] = []
    sure = 0
    for passage in passages:
        if passage.words:
            found.append(passage)
            if enough is not None and _is_sure(passage.words, wanted):
                sure += 1
                if sure == enough:
                    break
    return found


def _in_lower_case(text: str) -> str:
    """The text in lower case, letter by letter: a few letters would grow, such as «İ»."""
    lower = text.lower()
    if len(lower) == len(text):
        return lower
    return "".join(char.lower() if len(char.lower()) == 1 else char for char in text)


def _is_sure(words: list[_Word], wanted: frozenset[str]) -> bool:
    """Whether one of these words is known to be a hit."""
    return any((_stems.get(word) or _NONE) & wanted for _start, _end, word in words)


# Where a hit stands, and the stems by which it is one.
_Place = tuple[int, int, frozenset[str]]


def _cut(passages: list[_Passage], said: Mapping[str, frozenset[str]]) -> Iterator[Fragment]:
    """The passages, those that hold more of the words first."""
    found: list[tuple[int, _Passage, list[_Place]]] = []
    for passage in passages:
        hits = [(start, end, said[word]) for start, end, word in passage.words if word in said]
        if hits:
            found.append((-_words_in(hits), passage, hits))
    for _number, passage, hits in sorted(found, key=itemgetter(0)):
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
    if len(hits) == 1:
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
    beginnings = _beginnings(wanted)
    if not beginnings:
        return {}
    each = list(dict.fromkeys(texts))
    found = dict(zip(each, _words(each, beginnings), strict=True))
    stems = _stems_of({word for words in found.values() for _start, _end, word in words})
    marked: dict[str, str] = {}
    for text, words in found.items():
        hits = [(start, end) for start, end, word in words if stems[word] & wanted]
        if hits:
            marked[text] = _with_marks(text, hits, 0, len(text))
    return marked
