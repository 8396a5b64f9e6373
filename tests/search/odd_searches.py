"""Odd searches: every operator, and whatever else arrives in an address.

Each number always gives the same search, of a kind of which the answer is known: `search_number`
makes it again. The words of a corpus are given, so that many searches find something.
"""

import random
import string
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from search.parameters import LAST_PAGE
from search.reading import NO_WORDS, ONLY_COMMON, ONLY_EXCLUDED, TOO_LONG, TOO_MANY, UNCLOSED

MEGABYTE = 1_000_000
# The places where something is searched: the page, its fragment, the API, the letters typed so far,
# and inside the answers of one candidacy, on its page and in the API; «directly» is the code below
# the addresses, which texts reach that no address may hold.
PAGE, FRAGMENT, API, LETTERS = "page", "fragment", "API", "letters"
INSIDE, INSIDE_API, DIRECTLY = "inside", "inside, API", "directly"
PLACES = (PAGE, FRAGMENT, API, LETTERS, INSIDE, INSIDE_API)
SEARCHES = (PAGE, FRAGMENT, API)


@dataclass(frozen=True)
class Corpus:
    """What searches are made of.

    Attributes:
        words: as people write them. common: those that most candidacies write.
        names: of people. topics: the terms of the synonyms.
        values: facet → values of its parameter.
    """

    words: Sequence[str]
    common: Sequence[str]
    names: Sequence[str]
    topics: Sequence[str]
    values: dict[str, Sequence[str]]


@dataclass(frozen=True)
class Kind:
    """A kind of searches.

    Attributes:
        query: makes the query of an address; of a search asked directly, the text itself.
        status: the answer in the places that search.
        said: what the answer of those places says, in Spanish.
        letters: the status where suggestions are asked for. inside: the one inside a candidacy.
    """

    query: Callable[["Chance"], str]
    status: int = 200
    said: str = ""
    letters: int = 200
    inside: int = 200

    def status_at(self, place: str) -> int:
        """The status of the answer in a place."""
        return {LETTERS: self.letters, INSIDE: self.inside, INSIDE_API: self.inside}.get(
            place, self.status
        )


@dataclass(frozen=True)
class OddSearch:
    """One search: its number, its kind, where it is asked, and what."""

    number: int
    name: str
    kind: Kind
    place: str
    query: str

    def __str__(self) -> str:
        return f"#{self.number} {self.name}, {self.place}: {self.query[:120]!r}"


class Chance(random.Random):
    """The chance of one search, with the corpus."""

    corpus: Corpus

    def some(self, of: Sequence[str], least: int, most: int) -> list[str]:
        return self.choices(of, k=self.randint(least, most))

    def words(self, least: int, most: int) -> list[str]:
        return self.some(self.corpus.words, least, most)

    def letters(self, length: int, of: str = string.ascii_lowercase) -> str:
        return "".join(self.choices(of, k=length))


def search_number(number: int, corpus: Corpus, *, seed: int) -> OddSearch:
    """The search of that number; each kind is asked in each place before any again."""
    chance = Chance(f"{seed} {number}")
    chance.corpus = corpus
    names = [*KINDS, *HUGE]
    place, turn = PLACES[number % len(PLACES)], number // len(PLACES)
    name = names[turn % len(names)]
    if name in HUGE:
        return OddSearch(number, name, HUGE[name], DIRECTLY, HUGE[name].query(chance))
    return OddSearch(number, name, KINDS[name], place, KINDS[name].query(chance))


# --- texts


def _typed(*texts: str) -> str:
    return "q=" + quote(" ".join(texts), safe="")


def _misspelt(chance: Chance, word: str) -> str:
    """A word with one or two letters more, less, other or exchanged."""
    for _letter in range(chance.choice((1, 1, 2))):
        place = chance.randrange(len(word))
        before, letter, after = word[:place], word[place], word[place + 1 :]
        other = chance.choice(string.ascii_lowercase + "ñáéí")
        ways = (before + after, before + other + after, before + other + letter + after)
        word = chance.choice((*ways, before + after[:1] + letter + after[1:])) or other
    return word


def _operators(chance: Chance) -> str:
    """Words, phrases, exclusions and alternatives, in any order."""
    pieces = []
    for word in chance.words(2, 9):
        phrase = f'"{word} {chance.choice(chance.corpus.words)}"'
        pieces.append(chance.choice((word, f"-{word}", phrase, f"-{phrase}", "OR", f"OR {word}")))
    return _typed(*pieces)


_AROUND = (("", ""), (" ", ""), ("«", "»"), ('"', '"'), ('"', ""))


def _filters(chance: Chance) -> str:
    """Filters in the text: right, wrong, nearly right, without a value, excluded."""
    pieces = chance.words(0, 3)
    names = (*chance.corpus.values, "partido", "coalición", "Mpio", "puesto", "nada")
    for _filter in range(chance.randint(1, 12)):
        name = chance.choice(names)
        known = chance.corpus.values.get(name, ("x",))
        value = chance.choice(
            (chance.choice(known), chance.letters(9), _misspelt(chance, chance.choice(known)), "")
        )
        sign, before, after = chance.choice(("", "", "", "-")), *chance.choice(_AROUND)
        pieces.append(f"{sign}{name}:{before}{value}{after}")
    return _typed(*pieces)


def _from_ranges(*ranges: tuple[int, int]) -> Callable[[Chance], str]:
    def text(chance: Chance) -> str:
        points = [chance.randint(*chance.choice(ranges)) for _point in range(chance.randint(1, 99))]
        return _typed(
            "".join(chr(point) for point in points if not 0xD800 <= point <= 0xDFFF),
            *chance.words(0, 2),
        )

    return text


def _of_signs(signs: str, least: int = 1, most: int = 60) -> Callable[[Chance], str]:
    """Signs among words, with blanks or without."""

    def text(chance: Chance) -> str:
        pieces = chance.some(signs.split(), least, most)
        pieces += chance.words(1, 4)
        chance.shuffle(pieces)
        return _typed(chance.choice(("", " ")).join(pieces)[:190])

    return text


def _unbalanced(chance: Chance) -> str:
    """An odd number of quotation marks of every sort."""
    words = chance.words(1, 19)
    marks = chance.choices('"«»“”„', k=len(words) - (len(words) + 1) % 2)
    return _typed("".join(f"{mark}{word[:6]} " for mark, word in zip(marks, words, strict=False)))


def _parameters(
    name: str, value: Callable[[Chance], str], least: int, most: int
) -> Callable[[Chance], str]:
    """A parameter so many times, beside a text."""

    def query(chance: Chance) -> str:
        times = chance.randint(least, most)
        values = [f"{name}={quote(value(chance), safe='')}" for _time in range(times)]
        return "&".join([_typed(*chance.words(0, 2)), *values])

    return query


def _one_of(name: str, *values: str) -> Callable[[Chance], str]:
    return _parameters(name, lambda chance: chance.choice(values), 1, 1)


def _right_filters(chance: Chance) -> str:
    chosen = [
        f"{name}={quote(value)}"
        for name in chance.sample(sorted(chance.corpus.values), chance.randint(1, 4))
        for value in chance.some(chance.corpus.values[name], 1, 40)
    ]
    return "&".join([_typed(*chance.words(0, 3)), *chosen])


_COMMON = "de la que el en los del las para con"
_TSQUERY = "& | ! <-> <2> ( ) :* :A :* ' '' \\ %% %s { } [ ] ~ = ;-- /* */ $$ E'"
_LUCENE = (
    'AND OR NOT && || + - ! ( ) { } [ ] ^5 ~2 * ? : \\ / name:x* _exists_:a [a TO z] /.*/ "a"~5'
)
_MARKUP = (
    "<script> </mark> <b onclick=x> &lt; &#0; &amp;amp; {{7*7}} {%raw%} ${x} %(q)s %s {0} ../.."
)
_NUMBERS = "0 -1 1e309 NaN 1,500 $1,500.00 25% 25 % 0x1F 1/2 1.5.0 007 99999999999999999999 ½ ² Ⅻ"
_WEIRD = "ﷺ İ ß ŉ ǆ ﬃ ℻ ª º ΐ ǰ ㎏ ® … — ‐ ¿ ¡ ´ ` ^ ¨ ~"

KINDS: dict[str, Kind] = {
    "words": Kind(lambda chance: _typed(*chance.words(1, 6))),
    "long questions": Kind(lambda chance: _typed(*chance.words(7, 14))),
    "operators": Kind(_operators),
    "filters in the text": Kind(_filters),
    "unbalanced quotes": Kind(_unbalanced, said=UNCLOSED),
    "nested quotes": Kind(_of_signs('" "" «" "» “« »” -" "- OR"', 4, 40)),
    "only exclusions": Kind(
        lambda chance: _typed(*(f"-{word}" for word in chance.words(1, 9))), said=ONLY_EXCLUDED
    ),
    "alternatives": Kind(lambda chance: _typed(" OR ".join(chance.words(2, 12)))),
    "only OR": Kind(lambda chance: _typed("OR " * chance.randint(1, 60))),
    "tsquery": Kind(_of_signs(_TSQUERY)),
    "Lucene": Kind(_of_signs(_LUCENE)),
    "markup": Kind(_of_signs(_MARKUP)),
    "numbers": Kind(_of_signs(_NUMBERS)),
    "odd letters": Kind(_of_signs(_WEIRD)),
    "control characters": Kind(_from_ranges((1, 31), (127, 159))),
    "marks": Kind(_from_ranges((0x300, 0x36F), (0x61, 0x7A))),
    "right to left": Kind(_from_ranges((0x590, 0x6FF), (0x202A, 0x202E), (0x2066, 0x2069))),
    "emoji": Kind(_from_ranges((0x1F300, 0x1FAFF), (0x200D, 0x200D), (0xFE0F, 0xFE0F))),
    "invisible": Kind(_from_ranges((0x200B, 0x200F), (0x61, 0x7A), (0xE0000, 0xE007F))),
    "any characters": Kind(_from_ranges((1, 0x2FFF), (0x10000, 0x10FFFF))),
    "no words": Kind(
        lambda chance: _typed(chance.letters(chance.randint(1, 99), "&%|!()<>*'+=.;_#")),
        said=NO_WORDS,
    ),
    "common words": Kind(
        lambda chance: _typed(*chance.some(_COMMON.split(), 1, 9)),
        said=ONLY_COMMON,
    ),
    "what everybody writes": Kind(lambda chance: _typed(*chance.some(chance.corpus.common, 1, 20))),
    "topics": Kind(lambda chance: _typed(*chance.some(chance.corpus.topics, 1, 12))),
    "misspelt words": Kind(
        lambda chance: _typed(*(_misspelt(chance, word) for word in chance.words(1, 9)))
    ),
    "names": Kind(lambda chance: _typed(*chance.choice(chance.corpus.names).split()[::-1])),
    "misspelt names": Kind(
        lambda chance: _typed(
            *(_misspelt(chance, word) for word in chance.choice(chance.corpus.names).split())
        )
    ),
    "words of 24 letters": Kind(
        lambda chance: _typed(*(chance.letters(24, "aeiorsnlt") for _word in range(7)))
    ),
    "words without their blank": Kind(
        lambda chance: _typed(*("".join(chance.words(2, 2))[:24] for _word in range(6)))
    ),
    "short words": Kind(
        lambda chance: _typed(*(chance.letters(2) for _word in range(60))), said=TOO_MANY
    ),
    "many words": Kind(lambda chance: _typed(*chance.words(60, 300)), said=TOO_LONG),
    "thousands of words": Kind(
        lambda chance: "q=" + "+".join(chance.letters(1) for _word in range(3900)), said=TOO_LONG
    ),
    "one long word": Kind(lambda chance: "q=" + chance.letters(7900), said=TOO_LONG),
    "parentheses": Kind(lambda chance: f"q={'(' * 3900}agua{')' * 3900}", said=TOO_LONG),
    "thousands of minus signs": Kind(lambda chance: f"q={'-' * 7000}a{chance.letters(3)}"),
    "thousands of operators": Kind(lambda chance: "q=agua" + "+OR+luz" * 1000, said=TOO_LONG),
    "the same text again": Kind(
        lambda chance: "&".join(_typed(word) for word in chance.words(2, 90))
    ),
    "filters": Kind(_right_filters),
    "the same filter again": Kind(_parameters("sexo", lambda _chance: "mujer", 200, 300)),
    "wrong filters": Kind(
        _parameters("municipio", lambda chance: chance.letters(9), 1, 250),
        400,
        "no es un valor de «municipio».",
    ),
    "odd filters": Kind(
        _one_of("actor", "\x01", "x" * 5000, "%s", "'", "🙂", "e" + "\u0301" * 99, "\u202e"),
        400,
        "no es un valor de «actor».",
    ),
    "too many values": Kind(
        _parameters("edad", lambda chance: chance.letters(2), 301, 700),
        400,
        "veces; el máximo es 300.",
    ),
    "unknown parameters": Kind(_parameters("nada[]", lambda chance: chance.letters(3), 1, 500)),
    "too many parameters": Kind(
        lambda chance: "&".join(["a=1"] * chance.randint(1001, 1900)),
        *(400, "demasiados parámetros", 400, 400),
    ),
    "pages that are none": Kind(
        _one_of("pagina", "0", "-1", "1e3", "NaN", "9" * 300, "x", "1 2", "[]", "½", "10001"),
        *(400, "Escribe un número de 1 a 10000."),
    ),
    "pages after the last": Kind(
        _parameters("pagina", lambda chance: str(chance.randint(500, LAST_PAGE)), 1, 1), 404
    ),
    "sizes that are none": Kind(
        _one_of("por_pagina", "0", "101", "-5", "9" * 30, "todo", "1.0"),
        *(400, "Escribe un número de 1 a 100."),
    ),
    "orders that are none": Kind(
        _one_of("orden", "azar", "x" * 3000, "'", "-nombre", "\x7f"), 400, "no es un orden."
    ),
    "processes that are none": Kind(
        _one_of("proceso", "1810", "x" * 3000, "' or 1=1", "🙂"), 400, "No hay un proceso «", 400
    ),
    "zero bytes": Kind(
        lambda chance: f"q={chance.choice(('%00', 'a%00b', 'agua&x=%00'))}",
        *(400, "Lleva un carácter nulo", 400, 400),
    ),
    "no UTF-8": Kind(
        lambda chance: (
            "q=" + chance.choice(("%ED%A0%80", "%ED%BF%BFa", "%C0%80", "%FF%FE", "a%F0%28"))
        ),
        *(400, "lee direcciones y formularios en UTF-8", 400, 400),
    ),
    "a megabyte": Kind(
        lambda chance: "q=" + chance.choice(("a", "a+", "%20", '"')) * MEGABYTE,
        *(414, "Quita filtros o palabras", 414, 414),
    ),
}


def _megabyte(*pieces: str, said: str = TOO_LONG) -> Kind:
    """A text of a megabyte, of one of these pieces again and again."""

    def text(chance: Chance) -> str:
        piece = chance.choice(pieces) or " ".join(chance.words(99, 99)) + " "
        return (piece * (MEGABYTE // len(piece) + 1))[:MEGABYTE]

    return Kind(text, said=said)


HUGE: dict[str, Kind] = {
    "a megabyte of words": _megabyte("", "a ", "agua potable "),
    "a megabyte of one word": _megabyte("a", "áé", "1", "e\u0301"),
    "a megabyte of operators": _megabyte("OR agua ", "-agua ", '"agua" '),
    # What is left of the text once its filters were taken is short; either is said to be cut.
    "a megabyte of filters": _megabyte("municipio:torreon x ", "sexo:mujer ", said="caracteres."),
    "a megabyte of signs": _megabyte("(a", "a|&!", "a'", "a\\", "a🙂", "a\u0301\u0323"),
    "lone surrogates": Kind(lambda chance: "\ud800agua\udfff " * chance.randint(1, 5)),
}
# So many searches ask each kind once in each place.
ONE_ROUND = len(PLACES) * (len(KINDS) + len(HUGE))
