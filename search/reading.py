"""How a typed text is read: words, phrases and exclusions. Every text has a reading."""

import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from cms.catalogs.common_words import COMMON
from cms.catalogs.names import lower_raised, meanings
from cms.catalogs.remembered import Remembered
from cms.catalogs.spanish import clean_text, fold
from search.query import LONGEST_QUERY
from search.words import (
    ASKING,
    NO_LISTS,
    WordLists,
    Words,
    by_thousands,
    synonyms_at,
    written_apart,
)

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
# A text with more words that say something is searched without synonyms: it says enough by itself,
# and a search server takes 1,024 clauses.
MOST_WITH_SYNONYMS = 12
# So many words are taken for names that may be misspelt, and each has at least so many letters.
MOST_SUSPECTS = 6
SHORTEST_SUSPECT = 3
# A shorter word has no other number: «mes» has a plural, «es» does not.
SHORTEST_COUNTED = 3

_QUOTES = re.compile("[«»“”„‟]")
_TOKEN = re.compile(r'(-?)"([^"]*)"|(\S+)')
_WORD = re.compile(r"[^\W_]+")
_LETTERS = re.compile(r"[a-z]+")
_ION = re.compile("([cs])ion$")
# The stemmer leaves the plural of such a word as it is: «pymes».
_ONE_VOWEL = re.compile("[^aeiou]{2,}[aeo]s?")
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
        names: folded words that may be somebody's name; whoever bears one comes first.
        meant: what abbreviations and familiar forms of names stand for («ma» for «maria», «lupita»
            for «guadalupe»), folded.
        remark: in Spanish, how the text was read when it was not read as written; or "".
        correction: another reading of the suspects, to be searched beside this one.
        tiers: positions in `wanted`. A hit has every term of one tier, and whoever has every term
            of the first comes first; without tiers, a hit has every wanted term.
        worth: with tiers, how much each wanted term says: the logarithm of how rare it is.
        wants_frequencies: when fewer candidacies match, the engine also says how many hold each
            wanted term.
        synonyms: of each wanted term, those of its phrases that were not typed and only mean the
            same, which weigh less; empty when no term has any.
        nicknames: those of the synonyms that are forms of a name, and so are looked for in names;
            what only means the same as a word does not make anybody called so come first.
        words: what was typed of each wanted term, folded, to be shown or compared; a phrase has
            several words, and alternatives are joined by « OR ».
    """

    wanted: tuple[Term, ...] = ()
    excluded: tuple[Term, ...] = ()
    suspects: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    meant: tuple[str, ...] = ()
    remark: str = ""
    correction: Correction | None = None
    tiers: tuple[tuple[int, ...], ...] = ()
    worth: tuple[float, ...] = ()
    wants_frequencies: int = 0
    synonyms: tuple[Term, ...] = ()
    nicknames: frozenset[Phrase] = frozenset()
    words: tuple[str, ...] = ()

    @property
    def likeliest(self) -> tuple[str, ...]:
        """The names whose bearers come first."""
        return self.correction.likeliest if self.correction else (*self.names, *self.meant)


def read(text: str, lists: WordLists = NO_LISTS, *, keeps_asking: bool = False) -> Reading:
    """Read what was typed: words, "phrases", -exclusions, OR. Never fails, whatever the text.

    Args:
        lists: synonyms, familiar forms and protected words to read it with.
        keeps_asking: whether the words with which people ask («quiero», «proponen») are looked for
            beside others.
    """
    remarks: list[str] = []
    text = _tidy(text, remarks)
    wanted, excluded, alternatives = _asked(_tokens(text, remarks))
    if excluded and not wanted:
        wanted, excluded = excluded, []
        remarks.append(ONLY_EXCLUDED)
    if text and not wanted:
        remarks.append(NO_WORDS)
    is_plain = not excluded and not alternatives and all(asked.is_word for asked in wanted)
    _add_familiar_names(wanted, lists)
    _add_synonyms(wanted, lists)
    if not keeps_asking:
        wanted = _without_asking(wanted)
    suspects = _suspects(wanted, lists) if is_plain else ()
    synonyms = tuple(tuple(asked.synonyms) for asked in wanted)
    return Reading(
        wanted=tuple(asked.term for asked in wanted),
        excluded=tuple(asked.term for asked in excluded),
        suspects=suspects,
        names=_names((word for asked in wanted for word in asked.words()), lists),
        meant=tuple(dict.fromkeys(word for asked in wanted for word in asked.meant)),
        remark=" ".join(remarks),
        synonyms=synonyms if any(synonyms) else (),
        nicknames=frozenset(phrase for asked in wanted for phrase in asked.nicknames),
        words=tuple(asked.typed for asked in wanted),
    )


MOST_SPELLING_BYTES = 4 * 1024 * 1024
# The spellings of the words that were read last, those of synonyms too.
_spelt: Remembered[str, Word] = Remembered(
    MOST_SPELLING_BYTES, lambda _word, spelt: sys.getsizeof(spelt) + sum(map(sys.getsizeof, spelt))
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
    found = _spelt.get(word)
    if found is None:
        both = (word, *_other_numbers(word))
        found = tuple(
            dict.fromkeys(spelling for bare in both for spelling in (bare, *_accented(bare)))
        )
        _spelt.keep(word, found)
    return found


def plain_spellings(word: str) -> Word:
    """A folded word in both numbers, with no accent but that of -ción and -sión.

    Every text that writes the word holds a stem of one of these (`conoceles_vector`). The stems of
    the other spellings are also those of other words: «minería» has that of «minar».
    """
    return tuple(_ION.sub(r"\1ión", one) for one in (word, *_other_numbers(word)))


def _accented(word: str) -> Iterator[str]:
    for place, letter in enumerate(word):
        for twin in _TWINS.get(letter, ""):
            yield word[:place] + twin + word[place + 1 :]


def _other_numbers(word: str) -> Iterator[str]:
    """«mujer», «mujeres»; «voz», «voces»; «interés», «intereses»; «pyme», «pymes»."""
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
    if _ONE_VOWEL.fullmatch(word):
        yield word[:-1] if word.endswith("s") else f"{word}s"


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
    """A word or phrase as it was typed: its folded words, what each may stand for, and its sign.

    `apart` are the words that signs part and that may also be written together, as `words` has it.
    """

    words: tuple[str, ...]
    meant: tuple[tuple[str, ...], ...]
    apart: Mapping[int, tuple[int, str]] = field(default_factory=dict)
    is_quoted: bool = False
    is_excluded: bool = False
    is_or: bool = False

    def asked(self) -> "_Asked":
        """The words as one phrase, with the other ways to write it."""
        typed = tuple(spellings(word) for word in self.words)
        in_full = tuple(
            tuple(dict.fromkeys(one for full in meant for one in spellings(full)))
            if meant
            else spelt
            for spelt, meant in zip(typed, self.meant, strict=True)
        )
        phrases = [typed, in_full, *self._together(), *self._by_thousands()]
        return _Asked(
            typed=" ".join(self.words),
            phrases=list(dict.fromkeys(phrases)),
            meant=[word[0] for word in in_full if word not in typed],
            is_word=len(self.words) == 1 and not self.is_quoted,
        )

    def _together(self) -> Iterator[Phrase]:
        """The phrase with the words that signs part written together: «T-MEC» as «TMEC»."""
        for place, (number, together) in self.apart.items():
            words = (*self.words[:place], together, *self.words[place + number :])
            yield tuple(spellings(word) for word in words)

    def _by_thousands(self) -> Iterator[Phrase]:
        """A number with its groups apart: «1500» as «1,500»."""
        for place, word in enumerate(self.words):
            if groups := by_thousands(word):
                words = (*self.words[:place], *groups, *self.words[place + 1 :])
                yield tuple((word,) for word in words)

    def each_word(self) -> list["_Asked"]:
        """Each word by itself; words that signs part may also be written together."""
        found = [
            _Token((word,), (meant,)).asked()
            for word, meant in zip(self.words, self.meant, strict=True)
        ]
        for place, (number, together) in self.apart.items():
            for asked in found[place : place + number]:
                if asked.typed not in COMMON:
                    asked.phrases.append((spellings(together),))
        return found


@dataclass
class _Asked:
    """A term while it is read: what was typed, and every phrase that answers it."""

    typed: str
    phrases: list[Phrase]
    meant: list[str] = field(default_factory=list)
    synonyms: list[Phrase] = field(default_factory=list)
    nicknames: list[Phrase] = field(default_factory=list)
    is_word: bool = True

    @property
    def term(self) -> Term:
        return (*self.phrases, *self.synonyms)

    def words(self) -> list[str]:
        """The folded words that were typed by themselves, alternatives too."""
        return [phrase[0][0] for phrase in self.phrases if len(phrase) == 1]

    def add_alternative(self, other: "_Asked") -> None:
        """Join another term to this one with OR."""
        self.typed = f"{self.typed} OR {other.typed}"
        self.phrases += other.phrases
        self.meant += other.meant
        self.is_word = False

    def add_synonyms(self, terms: Iterable[Words]) -> None:
        for words in terms:
            phrase = tuple(spellings(word) for word in words)
            if phrase not in self.phrases and phrase not in self.synonyms:
                self.synonyms.append(phrase)


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
        apart = written_apart(quoted or bare)
        tokens.append(
            _Token(
                tuple(words),
                tuple(of_these),
                {at: run for at, run in apart.items() if at + run[0] <= len(words)},
                is_quoted=bool(quoted),
                is_excluded=is_excluded,
                is_or=bare in {"OR", "or"},
            )
        )
    return tokens


def _asked(tokens: list[_Token]) -> tuple[list[_Asked], list[_Asked], bool]:
    """The terms wanted and excluded, and whether somebody typed alternatives («agua OR luz»)."""
    wanted: list[_Asked] = []
    excluded: list[_Asked] = []
    alternatives = joins = False
    for token in tokens:
        if token.is_or:
            # At the beginning there is nothing to be joined with.
            joins = bool(wanted)
            continue
        if token.is_excluded:
            excluded.append(token.asked())
        elif joins:
            wanted[-1].add_alternative(token.asked())
            alternatives = True
        elif token.is_quoted:
            wanted.append(token.asked())
        else:
            wanted += token.each_word()
        joins = False
    return wanted, excluded, alternatives


def _add_familiar_names(wanted: list[_Asked], lists: WordLists) -> None:
    """«Lupita» is Guadalupe as much as Lupita; whoever types the name finds the form too."""
    for asked in wanted:
        if not asked.is_word:
            continue
        for name in lists.familiar.get(asked.typed, ()):
            asked.phrases.append((spellings(name),))
            asked.meant.append(name)
        asked.nicknames = [(spellings(form),) for form in lists.formal.get(asked.typed, ())]
        asked.synonyms += asked.nicknames


def _add_synonyms(wanted: list[_Asked], lists: WordLists) -> None:
    """Add the synonyms of words that stand beside each other, outside of quotes.

    A term of several words, as «recursos hídricos», is several terms here, all of which must be
    found. Its synonyms are added to each: whoever has one of them has all of the words. A text of
    many words gets none.
    """
    if sum(one.is_word and one.typed not in COMMON for one in wanted) > MOST_WITH_SYNONYMS:
        return
    run: list[_Asked] = []
    for asked in [*wanted, None]:
        if asked is not None and asked.is_word:
            run.append(asked)
            continue
        for place, number, others in synonyms_at([one.typed for one in run], lists):
            for one in run[place : place + number]:
                if one.typed not in COMMON:
                    one.add_synonyms(others)
        run = []


def _without_asking(wanted: list[_Asked]) -> list[_Asked]:
    """The terms without the words that only ask; all of them when none says what is asked for."""
    asks = COMMON | ASKING
    if all(asked.is_word and asked.typed in asks for asked in wanted):
        return wanted
    return [asked for asked in wanted if not (asked.is_word and asked.typed in ASKING)]


def _suspects(wanted: list[_Asked], lists: WordLists) -> tuple[str, ...]:
    """The words that may be misspelt names; no abbreviation is among them."""
    return _names((asked.typed for asked in wanted if len(asked.phrases) == 1), lists)


def _names(words: Iterable[str], lists: WordLists) -> tuple[str, ...]:
    """Those of the folded words that may be names."""
    lengths = range(SHORTEST_SUSPECT, LONGEST_WORD + 1)
    named = [
        word
        for word in dict.fromkeys(words)
        if len(word) in lengths
        and _LETTERS.fullmatch(word)
        and word not in lists.protected
        and word not in lists.familiar
    ]
    return tuple(named[:MOST_SUSPECTS])
