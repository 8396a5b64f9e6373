"""How a typed text is read: words, phrases and exclusions. Every text has a reading."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from cms.catalogs.names import lower_raised, meanings
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
# Nobody looks for more words at once, and each word costs.
MOST_WORDS = 32
TOO_MANY = f"Se buscaron solo las primeras {MOST_WORDS} palabras."
# «Electroencefalografistas» has 24 letters.
LONGEST_WORD = 40
# So many words are taken for names that may be misspelt, and each has at least so many letters.
MOST_SUSPECTS = 6
SHORTEST_SUSPECT = 3
# A shorter word has no other number: «mes» has a plural, «es» does not.
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
class Correction:
    """Another reading of misspelt names.

    Attributes:
        names: for each misspelt word, the names that may be meant.
        kept: the terms of the other words.
        likeliest: the names whose bearers come first.
        spelling: the words as typed, each with what may have been meant by it.
    All words are folded.
    """

    names: tuple[tuple[str, ...], ...]
    kept: tuple[Term, ...]
    likeliest: tuple[str, ...]
    spelling: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Reading:
    """What to look for.

    Attributes:
        wanted: terms that a hit must have, all of them; none when browsing.
        excluded: terms that a hit must not have.
        suspects: folded words that may be misspelt names; none when there are operators.
        meant: what abbreviations of names stand for («ma» for «maria»), folded.
        remark: in Spanish, how the text was read when it was not read as written; or "".
        correction: another reading of the suspects, to be searched beside this one.
        tiers: positions in `wanted`. A hit has every term of one tier, and whoever has every term
            of the first comes first; without tiers, a hit has every wanted term.
        worth: with tiers, how much each wanted term says, from 0 (everybody writes it) to 1.
        wants_frequencies: when fewer candidacies match, the engine also says how many hold each
            wanted term.
    """

    wanted: tuple[Term, ...] = ()
    excluded: tuple[Term, ...] = ()
    suspects: tuple[str, ...] = ()
    meant: tuple[str, ...] = ()
    remark: str = ""
    correction: Correction | None = None
    tiers: tuple[tuple[int, ...], ...] = ()
    worth: tuple[float, ...] = ()
    wants_frequencies: int = 0


def read(text: str) -> Reading:
    """Read what was typed: words, "phrases", -exclusions, OR. Never fails, whatever the text."""
    remarks: list[str] = []
    text = _tidy(text, remarks)
    wanted, excluded, alternatives = _terms(_tokens(text, remarks))
    if excluded and not wanted:
        wanted, excluded = excluded, []
        remarks.append(ONLY_EXCLUDED)
    if text and not wanted:
        remarks.append(NO_WORDS)
    is_plain = not excluded and not alternatives and all(len(term[0]) == 1 for term in wanted)
    return Reading(
        wanted=tuple(wanted),
        excluded=tuple(excluded),
        suspects=_suspects(wanted) if is_plain else (),
        meant=_meant(wanted),
        remark=" ".join(remarks),
    )


def term(word: str) -> Term:
    """A single folded word, as a term."""
    return ((spellings(word),),)


def spellings(word: str) -> Word:
    """A folded word, and the same word with any of its letters accented («nino»: «niño», «níno»…).

    The word in its other number follows in the same way, since «mujer» and «mujeres» have different
    stems. What is looked for depends on the folded word alone, so that a search finds the same with
    accents and without. A text that is longer than any word has no other spelling; otherwise it
    would have as many as it has letters.
    """
    if len(word) > LONGEST_WORD:
        return (word,)
    both = (word, *_other_numbers(word))
    return tuple(dict.fromkeys(spelling for bare in both for spelling in (bare, *_accented(bare))))


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


def _tidy(text: str, remarks: list[str]) -> str:
    # The database takes no lone surrogates, and control characters mean nothing.
    text = text.encode("utf-8", "ignore").decode()
    text = clean_text(_QUOTES.sub('"', text.replace("\n", " ").replace("\t", " ")))
    text = lower_raised(text)
    if len(text) > LONGEST_QUERY:
        text = text[:LONGEST_QUERY]
        text = text[: text.rfind(" ")] if " " in text else text
        remarks.append(TOO_LONG)
    if text.count('"') % 2:
        position = text.rfind('"')
        text = f"{text[:position]} {text[position + 1 :]}"
        remarks.append(UNCLOSED)
    return text


@dataclass(frozen=True)
class _Token:
    """A word or phrase as it was typed: its folded words, what each may stand for, and its sign."""

    words: tuple[str, ...]
    meant: tuple[tuple[str, ...], ...]
    is_quoted: bool = False
    is_excluded: bool = False
    is_or: bool = False

    def phrases(self) -> Term:
        """The words as they were typed and, if it differs, with abbreviations in full."""
        typed = tuple(spellings(word) for word in self.words)
        in_full = tuple(
            tuple(
                dict.fromkeys(
                    spelling for full in (meant or (word,)) for spelling in spellings(full)
                )
            )
            for word, meant in zip(self.words, self.meant, strict=True)
        )
        return (typed,) if typed == in_full else (typed, in_full)


def _tokens(text: str, remarks: list[str]) -> list[_Token]:
    """The words and phrases of a text; an abbreviation is understood by the words around it."""
    pieces: list[tuple[str, str, bool, list[str]]] = []
    number = 0
    for minus, quoted, bare in _TOKEN.findall(text):
        # A sign that joins words («niñas/niños», «agua.Luego») separates them, as in the texts.
        words = [fold(word) for word in _WORD.findall(quoted or bare)]
        kept = words[: max(MOST_WORDS - number, 0)]
        if len(kept) < len(words) and TOO_MANY not in remarks:
            remarks.append(TOO_MANY)
        number += len(words)
        if kept:
            is_excluded = bool(minus) if quoted else bare.startswith("-")
            pieces.append((quoted, bare, is_excluded, kept))
    meant = meanings([word for *_rest, words in pieces for word in words])
    tokens: list[_Token] = []
    for quoted, bare, is_excluded, words in pieces:
        of_these, meant = meant[: len(words)], meant[len(words) :]
        tokens.append(
            _Token(
                tuple(words),
                tuple(of_these),
                is_quoted=bool(quoted),
                is_excluded=is_excluded,
                is_or=bare in {"OR", "or"},
            )
        )
    return tokens


def _terms(tokens: list[_Token]) -> tuple[list[Term], list[Term], bool]:
    """The terms wanted and excluded, and whether somebody typed alternatives («agua OR luz»)."""
    wanted: list[Term] = []
    excluded: list[Term] = []
    alternatives = joins = False
    for token in tokens:
        if token.is_or and wanted:
            joins = True
            continue
        if token.is_excluded:
            excluded.append(token.phrases())
        elif joins:
            wanted[-1] = (*wanted[-1], *token.phrases())
            alternatives = True
        elif token.is_quoted:
            wanted.append(token.phrases())
        else:
            singles = zip(token.words, token.meant, strict=True)
            wanted += [_Token((word,), (meant,)).phrases() for word, meant in singles]
        joins = False
    return wanted, excluded, alternatives


def _meant(wanted: list[Term]) -> tuple[str, ...]:
    """The first spelling of every word that an abbreviation stands for."""
    return tuple(
        dict.fromkeys(
            word[0]
            for typed, *in_full in wanted
            for phrase in in_full
            for word in phrase
            if word not in typed
        )
    )


def _suspects(wanted: list[Term]) -> tuple[str, ...]:
    """The words that may be misspelt names; no abbreviation is among them."""
    words = dict.fromkeys(term[0][0][0] for term in wanted if len(term) == 1)
    lengths = range(SHORTEST_SUSPECT, LONGEST_WORD + 1)
    named = [word for word in words if len(word) in lengths and _LETTERS.fullmatch(word)]
    return tuple(named[:MOST_SUSPECTS])
