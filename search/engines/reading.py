"""How what was typed is read: words, phrases, exclusions; any text has a reading."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from cms.catalogs.spanish import clean_text, fold
from search.query import LONGEST_QUERY

UNCLOSED = "Había unas comillas sin cerrar; se buscó sin ellas."
TOO_LONG = f"Se buscaron solo los primeros {LONGEST_QUERY} caracteres."
ONLY_EXCLUDED = (
    "Un guion antes de una palabra la excluye, y hace falta al menos una que buscar;"
    " se buscó sin el guion."
)
NO_WORDS = "No hay ninguna palabra que buscar. Escribe al menos una."
ONLY_COMMON = "La búsqueda solo tiene palabras muy comunes. Agrega una que diga de qué trata."
# A misspelt name is looked for among so many words, of so many letters.
MOST_SUSPECTS = 6
SHORTEST_SUSPECT = 3
LONGEST_SUSPECT = 40
# Shorter words have no other number: «mes» has one, «es» has none.
SHORTEST_COUNTED = 3

_QUOTES = re.compile("[«»“”„‟]")
_TOKEN = re.compile(r'(-?)"([^"]*)"|(\S+)')
_WORD = re.compile(r"[^\W_]+")
_LETTERS = re.compile(r"[a-z]+")
_TWINS = {"a": "á", "e": "é", "i": "í", "o": "ó", "u": "úü", "n": "ñ"}

# A word: every spelling of it. A phrase: words in that order. A term: phrases, any of them.
Word = tuple[str, ...]
Phrase = tuple[Word, ...]
Term = tuple[Phrase, ...]


@dataclass(frozen=True)
class Reading:
    """What to look for.

    Attributes:
        wanted: terms that a hit must have, all of them; none when browsing.
        excluded: terms that a hit must not have.
        suspects: folded words that may be misspelt names; none if there are operators.
        notice: in Spanish, how the text was read when it was not as written; or "".
    """

    wanted: tuple[Term, ...] = ()
    excluded: tuple[Term, ...] = ()
    suspects: tuple[str, ...] = ()
    notice: str = ""


def read(text: str) -> Reading:
    """Read what was typed: words, "phrases", -exclusions, OR. Never fails, whatever the text."""
    notices: list[str] = []
    text = _tidy(text, notices)
    wanted, excluded, alternatives = _terms(text)
    if excluded and not wanted:
        wanted, excluded = excluded, []
        notices.append(ONLY_EXCLUDED)
    if text and not wanted:
        notices.append(NO_WORDS)
    is_plain = not excluded and not alternatives and all(len(term[0]) == 1 for term in wanted)
    return Reading(
        wanted=tuple(wanted),
        excluded=tuple(excluded),
        suspects=_suspects(wanted) if is_plain else (),
        notice=" ".join(notices),
    )


def term(word: str) -> Term:
    """A single folded word, as a term."""
    return ((spellings(word),),)


@lru_cache(maxsize=10_000)
def spellings(word: str) -> Word:
    """A folded word, and the same with each one of its letters accented («nino»: «niño», «níno»…).

    Then the word in its other number, likewise: the stemmer parts «mujer» from «mujeres». What is
    looked for depends on the folded word alone: accents typed or not find the same.
    """
    both = (word, *_other_numbers(word))
    return tuple(dict.fromkeys(one for bare in both for one in (bare, *_accented(bare))))


def _accented(word: str) -> Iterator[str]:
    for place, letter in enumerate(word):
        for twin in _TWINS.get(letter, ""):
            yield word[:place] + twin + word[place + 1 :]


def _other_numbers(word: str) -> Iterator[str]:
    """«mujer», «mujeres»; «voz», «voces»; «interés», «intereses»."""
    if len(word) < SHORTEST_COUNTED:
        return
    if word.endswith("ces"):
        yield f"{word[:-3]}z"
    if word.endswith("z"):
        yield f"{word[:-1]}ces"
    if word[-1] in "dlnrjy" or word.endswith("es"):
        yield f"{word}es"
    if word.endswith("es") and len(word) > SHORTEST_COUNTED + 1 and word[-3] in "dlnrsjy":
        yield word[:-2]


def _tidy(text: str, notices: list[str]) -> str:
    # Lone surrogates cannot be sent to the database; control characters mean nothing.
    text = text.encode("utf-8", "ignore").decode()
    text = clean_text(_QUOTES.sub('"', text.replace("\n", " ").replace("\t", " ")))
    if len(text) > LONGEST_QUERY:
        text = text[:LONGEST_QUERY]
        text = text[: text.rfind(" ")] if " " in text else text
        notices.append(TOO_LONG)
    if text.count('"') % 2:
        position = text.rfind('"')
        text = f"{text[:position]} {text[position + 1 :]}"
        notices.append(UNCLOSED)
    return text


def _terms(text: str) -> tuple[list[Term], list[Term], bool]:
    """Terms wanted and excluded, and whether any has alternatives."""
    wanted: list[Term] = []
    excluded: list[Term] = []
    alternatives = joins = False
    for minus, quoted, bare in _TOKEN.findall(text):
        if bare in {"OR", "or"} and wanted:
            joins = True
            continue
        is_excluded = bool(minus) if quoted else bare.startswith("-")
        # What joins words («niñas/niños», «agua.Luego») is no part of them, here as in the texts.
        words = tuple(spellings(fold(word)) for word in _WORD.findall(quoted or bare))
        if not words:
            continue
        if is_excluded:
            excluded.append((words,))
        elif joins:
            wanted[-1] = (*wanted[-1], words)
            alternatives = True
        elif quoted:
            wanted.append((words,))
        else:
            wanted += [((word,),) for word in words]
        joins = False
    return wanted, excluded, alternatives


def _suspects(wanted: list[Term]) -> tuple[str, ...]:
    words = dict.fromkeys(phrase[0][0] for (phrase,) in wanted)
    lengths = range(SHORTEST_SUSPECT, LONGEST_SUSPECT + 1)
    named = [word for word in words if len(word) in lengths and _LETTERS.fullmatch(word)]
    return tuple(named[:MOST_SUSPECTS])
