"""What the institute says of words: synonyms, familiar forms of names, protected words.

The lists are edited in the CMS. They are applied to the question, above the engines, so a change
counts at once and needs no new index.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import orjson
from django.db import connection

from cms.catalogs.common_words import COMMON
from cms.catalogs.spanish import fold
from cms.published import versions
from cms.published.by_version import RememberedByVersion

# Folded words, in order: a word or a phrase.
Words = tuple[str, ...]

# A hyphen within a word: «T-MEC», «socio-económico».
HYPHENS = "-‐-―"
# Folded words with which people ask, and that say nothing of what they ask for: «qué proponen para
# los abuelitos», «quiero saber de propuestas de deporte». They are looked for when nothing else was
# typed.
_ASKING = """
    acerca alguien buscar busco candidata candidatas candidato candidatos candidatura
    candidaturas conocer decir dice dicen diga digan dijeron encontrar existe existen gustaria
    habla hablan hablen hacer haga hagan hara haran haya hicieron necesitamos necesito piensa
    piensan plantea plantean podemos propone proponen proponer proponga propongan propuesta
    propuestas puede pueden puedo queremos quiere quieren quiero quisiera respecto saber tema
    temas va vamos van voy
"""
ASKING = frozenset(_ASKING.split())
_WORD = re.compile(r"[^\W_]+")
_HYPHENATED = re.compile(rf"[^\W_]+(?:[{HYPHENS}][^\W_]+)+")
_THOUSANDS = re.compile(r"(?<!\d)\d{1,3}(?:,\d{3})+(?!\d)")
_LETTERS_APART = re.compile(r"(?<![^\W_])(?:[^\W\d_]\.){2,}[^\W\d_]?(?![^\W_])")
_WRITTEN_APART = re.compile("|".join(f"(?:{one.pattern})" for one in (_HYPHENATED, _THOUSANDS)))
# From this length on, the final «s» of a word is taken for a plural.
SHORTEST_PLURAL = 4


@dataclass(frozen=True)
class WordLists:
    """The lists, as a question is compared with them.

    Attributes:
        synonyms: the words of a term, each as `in_one_number` → the other terms of its groups.
        familiar: a familiar form → the names that it stands for.
        formal: a name → its familiar forms.
        protected: words that are never taken for typing errors.
        longest: how many words the longest term has.
        topics: the terms of the synonyms as people write them, the shortest first.
    All words but those of `topics` are folded.
    """

    synonyms: Mapping[Words, tuple[Words, ...]] = field(default_factory=dict)
    familiar: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    formal: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    protected: frozenset[str] = frozenset()
    longest: int = 0
    topics: tuple[str, ...] = ()


NO_LISTS = WordLists()
MOST_BYTES = 16 * 1024 * 1024
_SQL = """
select jsonb_build_object(
    'synonyms', coalesce((select jsonb_agg(terms order by id)
        from catalogs_synonymgroup where active), '[]'),
    'familiar', coalesce((select jsonb_object_agg(familiar, names)
        from catalogs_hypocoristic where active), '{}'),
    'protected', coalesce((select jsonb_agg(word) from catalogs_protectedword), '[]'))::text
"""
_lists: RememberedByVersion[str, WordLists] = RememberedByVersion(
    MOST_BYTES, lambda _lists: MOST_BYTES // 2
)


def lists() -> WordLists:
    """The lists as they are now (one query, or none while they are remembered)."""
    return _lists.get("lists", (versions.WORDS,), _read_lists)


def _read_lists() -> WordLists:
    with connection.cursor() as cursor:
        cursor.execute(_SQL)
        [text] = cursor.fetchone()
    return _lists_of(text)


@lru_cache(maxsize=2)  # What the database holds, which nothing in an address changes.
def _lists_of(text: str) -> WordLists:
    return word_lists(orjson.loads(text))


def word_lists(rows: Mapping[str, Any]) -> WordLists:
    """The lists from what the database holds of them.

    Args:
        rows: "synonyms": [[term, …], …]; "familiar": {form: [name, …]}; "protected": [word, …].
    """
    familiar = {
        fold(form): tuple(fold(name) for name in names) for form, names in rows["familiar"].items()
    }
    formal: dict[str, tuple[str, ...]] = {}
    for form, names in familiar.items():
        for name in names:
            formal[name] = (*formal.get(name, ()), form)
    synonyms = _synonyms(rows["synonyms"])
    return WordLists(
        synonyms=synonyms,
        familiar=familiar,
        formal=formal,
        protected=frozenset(fold(word) for word in rows["protected"]),
        longest=max(map(len, synonyms), default=0),
        topics=_topics(rows["synonyms"]),
    )


def _topics(groups: Iterable[Iterable[str]]) -> tuple[str, ...]:
    terms = {term for group in groups for term in group}
    return tuple(sorted(terms, key=lambda term: (len(term), fold(term), term)))


def _synonyms(groups: Iterable[Iterable[str]]) -> dict[Words, tuple[Words, ...]]:
    found: dict[Words, dict[Words, None]] = {}
    for terms in groups:
        ways = [ways for term in terms if (ways := ways_to_write(term))]
        for place, these in enumerate(ways):
            # A phrase that loses its first or last word would stand for more than it says.
            others = [
                way
                for other in (*ways[:place], *ways[place + 1 :])
                for way in other
                if COMMON.isdisjoint((way[0], way[-1]))
            ]
            for way in these:
                key = tuple(map(in_one_number, way))
                of_key = found.setdefault(key, {})
                # «TMEC» finds «T-MEC» too: every other way to write the term itself.
                of_key.update(dict.fromkeys((*(same for same in these if same != way), *others)))
    return {key: tuple(others) for key, others in found.items()}


def ways_to_write(text: str) -> tuple[Words, ...]:
    """The folded words of a term and, where signs part it, the same words written together."""
    words = words_of(text)
    if not words:
        return ()
    together = words_of(_WRITTEN_APART.sub(lambda found: joined(found[0]), text))
    return (words,) if words == together else (words, together)


def words_of(text: str) -> Words:
    """The folded words of a text."""
    return tuple(fold(word) for word in _WORD.findall(text))


def joined(text: str) -> str:
    """The letters and digits of a text, without what parts them: «1,500» is «1500»."""
    return "".join(_WORD.findall(text))


def written_apart(text: str) -> dict[int, tuple[int, str]]:
    """The words of a text that signs part and that may be written together, as «T-MEC» or «1,500».

    Returns: place of the first word → how many words, and the folded word that they make.
    """
    found: dict[int, tuple[int, str]] = {}
    for pattern in (_HYPHENATED, _THOUSANDS, _LETTERS_APART):
        for match in pattern.finditer(text):
            place = len(_WORD.findall(text[: match.start()]))
            number = len(_WORD.findall(match[0]))
            if number > 1:
                found.setdefault(place, (number, fold(joined(match[0]))))
    return found


def by_thousands(word: str) -> Words:
    """The groups in which a number is also written: «1500» is «1,500». Empty for other words."""
    if not (word.isascii() and word.isdecimal() and 4 <= len(word) <= 9) or word.startswith("0"):
        return ()
    first = len(word) % 3 or 3
    return (word[:first], *(word[at : at + 3] for at in range(first, len(word), 3)))


def in_one_number(word: str) -> str:
    """What a folded word and its plural share («calle», «calles»; «voz», «voces»); never shown."""
    if len(word) >= SHORTEST_PLURAL:
        word = word.removesuffix("s").removesuffix("e")
    return f"{word[:-1]}c" if word.endswith("z") else word


def synonyms_at(words: Sequence[str], lists: WordLists) -> list[tuple[int, int, tuple[Words, ...]]]:
    """Where the terms of groups stand among folded words, and what they may be exchanged for.

    The longest term counts: the synonyms of «agua» are none of «agua potable».

    Returns: (place, number of words, the other terms) of each.
    """
    found: list[tuple[int, int, tuple[Words, ...]]] = []
    keys = [in_one_number(word) for word in words]
    place = 0
    while place < len(words):
        for number in range(min(lists.longest, len(words) - place), 0, -1):
            others = lists.synonyms.get(tuple(keys[place : place + number]))
            if others:
                found.append((place, number, others))
                place += number
                break
        else:
            place += 1
    return found
