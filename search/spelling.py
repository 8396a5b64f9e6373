"""Misspelt common words: «pavimentasion», «agua potabel», «aguapotable».

A word that no public candidacy writes, nor any word of its stem, may be one that they do write with
a letter more, less or wrong, that sounds the same, or two of them without their blank. Misspelt
names are the business of `search.corrections`.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from django.db import connection
from rapidfuzz.distance import OSA

from cms.catalogs.common_words import COMMON
from cms.catalogs.models import Process
from cms.catalogs.spanish import fold
from cms.published import scope
from search.engines.contract import UNTIL_KNOWN, Found
from search.public_words import SHORTEST_WORD
from search.reading import Reading, read
from search.words import WordLists

# «Electroencefalografistas» has 24 letters; a longer word costs much to look up, and is none.
SHORTEST_MISSPELT, LONGEST_MISSPELT = 4, 24
# From this length on, two letters may be wrong.
LONG = 8
# So many words of a search are looked up.
MOST_LOOKED_UP = 4
# By so many letters a word that sounds the same is nearer.
SOUNDS_SAME = 0.5
# Hardly anybody errs in the first letter.
OTHER_BEGINNING = 0.5

_WORD = re.compile(r"[^\W_]+")
_LETTERS = re.compile("[a-z]+")

# The words that share a key with a typed word (one letter differs, or they sound the same), and
# those in which two letters of a long word differ. It is asked for each word apart, as a constant,
# and «+ 0» hides the index of the processes: otherwise the keys of every word would be made.
_NEAR = """
(select %s, p.word, p.written, p.candidacies, conoceles_sound(p.word) = conoceles_sound(%s)
from search_publicword as p
where conoceles_word_keys(array[p.word::text]) && conoceles_word_keys(array[%s::text])
    and p.process_id + 0 = %s)
union
(select %s, p.word, p.written, p.candidacies, conoceles_sound(p.word) = conoceles_sound(%s)
from search_publicword as p
where length(%s) >= %s and p.word %% %s and p.process_id + 0 = %s
    and levenshtein_less_equal(p.word, %s, 2) <= 2)
"""
# And the words that a typed word may be made of.
_PARTS = """
(select '', p.word, p.written, p.candidacies, false
from search_publicword as p
where p.process_id = %s and p.word = any(%s::text[]))
"""


@dataclass(frozen=True)
class Spelling:
    """Another spelling of a search.

    Attributes:
        text: what was typed, with the words as candidacies write them.
        reading: of that text.
    """

    text: str
    reading: Reading


@dataclass(frozen=True)
class _Known:
    """A word that candidacies write."""

    word: str
    written: str
    candidacies: int
    sounds_same: bool = False


def respell(
    process: Process, text: str, reading: Reading, found: Found, lists: WordLists
) -> Spelling | None:
    """The search with its misspelt words corrected; None if none seems misspelt (one query).

    Args:
        text: as it was typed. found: what it finds, with frequencies if it has several words.
    """
    if found.matched or found.only_common:
        return None
    typed = _unwritten(reading, found, lists)
    if not typed:
        return None
    # The worker writes down which words are public, a moment after they are.
    scope.keep_no_longer_than(UNTIL_KNOWN)
    near, parts = _looked_up(process, typed)
    meant = {word: _meant(word, near.get(word, ()), parts) for word in typed}
    if not any(meant.values()):
        return None
    corrected = _WORD.sub(lambda word: meant.get(fold(word[0])) or word[0], text)
    respelt = replace(read(corrected, lists), wants_frequencies=reading.wants_frequencies)
    return Spelling(corrected, respelt)


def _unwritten(reading: Reading, found: Found, lists: WordLists) -> list[str]:
    """The words of a search that nobody writes and that may be misspelt."""
    frequencies = found.frequencies or (0,) * len(reading.words)
    words = [
        word
        for word, number in zip(reading.words, frequencies, strict=True)
        if number == 0
        and SHORTEST_MISSPELT <= len(word) <= LONGEST_MISSPELT
        and _LETTERS.fullmatch(word)
        and word not in lists.protected
        and word not in lists.familiar
        and word not in COMMON
    ]
    return list(dict.fromkeys(words))[:MOST_LOOKED_UP]


def _looked_up(
    process: Process, typed: list[str]
) -> tuple[dict[str, list[_Known]], dict[str, _Known]]:
    """The words that are near each typed word, and those of which one may be made."""
    cuts = {part for word in typed for left, right in _cuts(word) for part in (left, right)}
    near: dict[str, list[_Known]] = {}
    parts: dict[str, _Known] = {}
    key = process.pk
    asked = [
        value
        for word in typed
        for value in (word, word, word, key, word, word, word, LONG, word, key, word)
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            " union all ".join([*[_NEAR] * len(typed), _PARTS]), [*asked, key, sorted(cuts)]
        )
        for word, *row in cursor.fetchall():
            known = _Known(*row)
            if word:
                near.setdefault(word, []).append(known)
            else:
                parts[known.word] = known
    return near, parts


def _cuts(word: str) -> Iterable[tuple[str, str]]:
    """The two words that a word may be, without their blank."""
    return (
        (word[:place], word[place:])
        for place in range(SHORTEST_WORD, len(word) - SHORTEST_WORD + 1)
    )


def _meant(typed: str, near: Iterable[_Known], parts: Mapping[str, _Known]) -> str:
    """What was meant by a word, as candidacies write it; "" if nothing is near enough.

    Of words equally near, the one that most candidacies write.
    """
    scored = [(_distance(typed, known), known) for known in near]
    within = [
        (score, -known.candidacies, known.written) for score, known in scored if score is not None
    ]
    if within:
        return min(within)[2]
    pairs = [
        (min(parts[left].candidacies, parts[right].candidacies), left, right)
        for left, right in _cuts(typed)
        if left in parts and right in parts
    ]
    if not pairs:
        return ""
    _least, left, right = max(pairs)
    return f"{parts[left].written} {parts[right].written}"


def _distance(typed: str, known: _Known) -> float | None:
    """How far a word is from what was typed, in letters; None if it is too far."""
    distance = OSA.distance(typed, known.word)
    if known.sounds_same and distance <= LONG // 2:
        return distance - SOUNDS_SAME
    if distance > (2 if len(typed) >= LONG else 1):
        return None
    return distance + (OTHER_BEGINNING if typed[0] != known.word[0] else 0)
