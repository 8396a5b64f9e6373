"""Few or none: which words of a search may be missing, and what whoever searched is told of it.

A need put in four or five words («arreglo de los caminos al ejido») is held by two candidacies or
by nobody, word for word. When fewer candidacies than fill a page hold every word, the words that
say little may be missing: how much a word says depends on how few candidacies write it. What may
be missing is decided by the text alone, never by filters or pages, so that the counts of the
facets are those of what each of their values shows.
"""

import math
import re
from dataclasses import dataclass, replace
from itertools import chain, combinations

from cms.catalogs.spanish import fold
from search.engines.contract import FIRST_SAYS_MORE, TOO_COMMON, Found
from search.reading import Reading, Term

# A search that fewer candidacies match is relaxed. A page of results shows as many.
ENOUGH = 20
# Which words may be missing is decided among so many of the rarest; the others all may.
MOST_DECIDING = 6
# A word that fewer than one in so many write says no more for that: it may be what matters least
# («quién defiende a los gays»).
ONE_IN = 40
# What a hit holds says at least this share of what all the words say: two of three or of four words
# that are equally rare.
LEAST_SHARE = 0.34
# So many of the words that may be missing are named.
MOST_NAMED = 6

_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Relaxation:
    """A search with fewer words.

    Attributes:
        reading: what to look for, with its tiers.
        unwritten: the words that nobody writes, as they were typed.
        optional: the words that some hits may lack, as they were typed.
    """

    reading: Reading
    unwritten: tuple[str, ...]
    optional: tuple[str, ...]

    @property
    def left_out(self) -> tuple[str, ...]:
        """The words that a hit may lack, as they were typed."""
        return (*self.unwritten, *self.optional)

    @property
    def remark(self) -> str:
        """What whoever searched is told, in Spanish."""
        said: list[str] = []
        if self.unwritten:
            without = "esa palabra" if len(self.unwritten) == 1 else "esas palabras"
            names = _listed(self.unwritten, "ni")
            said.append(f"Ninguna candidatura escribe {names}; se buscó sin {without}.")
        if self.optional:
            said.append(
                "Pocas candidaturas dicen todo lo que escribiste, o ninguna. Primero van las que"
                f" dicen más; puede faltarles {_listed(self.optional, 'o')}."
            )
        return " ".join(said)


def may_be_relaxed(reading: Reading) -> bool:
    """Whether some of the words may be missing: several terms, and not all of them in quotes."""
    return len(reading.wanted) > 1 and not all(map(_is_quoted, reading.wanted))


def relax(reading: Reading, text: str, found: Found) -> Relaxation | None:
    """The same search with fewer words; None when it finds enough, or no word can be missing.

    Args:
        text: as it was typed. found: what every word together finds, with its frequencies.
    """
    if found.matched >= ENOUGH or found.bearers or len(found.frequencies) != len(reading.wanted):
        return None
    places = [place for place, number in enumerate(found.frequencies) if number != TOO_COMMON]
    held = [place for place in places if found.frequencies[place]]
    if any(place not in held and _is_quoted(reading.wanted[place]) for place in places):
        return None
    worth = _worths(found, held)
    tiers = _tiers(reading, held, worth)
    unwritten = [place for place in places if place not in held]
    optional = [place for place in held if any(place not in tier for tier in tiers)]
    if not tiers or not (unwritten or optional):
        return None
    return Relaxation(
        replace(reading, tiers=tiers, worth=worth, wants_frequencies=0),
        _as_typed(reading, unwritten, text),
        _as_typed(reading, optional, text),
    )


def _is_quoted(term: Term) -> bool:
    """Whether a term is a phrase that was typed as one: all of it is needed."""
    return len(term[0]) > 1


def _worths(found: Found, held: list[int]) -> tuple[float, ...]:
    """How much each word says; the first that somebody writes says a little more."""
    return tuple(
        _worth(number, found.public) * (FIRST_SAYS_MORE if [place] == held[:1] else 1)
        for place, number in enumerate(found.frequencies)
    )


def _worth(number: int, public: int) -> float:
    """How much a word says that so many write: the fewer, the more."""
    if number <= 0:
        return 0.0
    return math.log(1 + public / max(number, public / ONE_IN))


def _tiers(
    reading: Reading, held: list[int], worth: tuple[float, ...]
) -> tuple[tuple[int, ...], ...]:
    """Every word that somebody writes; then the fewest words that together say enough."""
    if not held:
        return ()
    needed = [place for place in held if _is_quoted(reading.wanted[place])]
    free = _together(reading, [place for place in held if place not in needed])
    says = {some: max(worth[place] for place in some) for some in free}
    deciding = sorted(free, key=lambda some: (-says[some], some))[:MOST_DECIDING]
    least = LEAST_SHARE * sum(says[some] for some in deciding)
    enough: list[tuple[tuple[int, ...], ...]] = []
    for size in range(len(deciding) + 1):
        for chosen in combinations(deciding, size):
            if sum(says[some] for some in chosen) >= least and not any(
                set(fewer) <= set(chosen) for fewer in enough
            ):
                enough.append(chosen)
    smaller = [tuple(sorted((*needed, *chain.from_iterable(chosen)))) for chosen in enough]
    return tuple(dict.fromkeys((tuple(held), *smaller)))


def _together(reading: Reading, places: list[int]) -> list[tuple[int, ...]]:
    """The words that can be missing, those of one expression together: «recursos hídricos».

    An expression says something else than each of its words. What is looked for in its place is
    shared by all of them: its synonyms, or how «1,500» is written without the comma.
    """
    found: list[tuple[int, ...]] = []
    for place in places:
        follows = bool(found) and found[-1][-1] == place - 1
        if follows and set(reading.wanted[place - 1]) & set(reading.wanted[place]):
            found[-1] = (*found[-1], place)
        else:
            found.append((place,))
    return found


def _as_typed(reading: Reading, places: list[int], text: str) -> tuple[str, ...]:
    """The words at these places as the text has them, those of one expression together: «1,500»."""
    typed = [(fold(word[0]), word.start(), word.end()) for word in _WORD.finditer(text)]
    shown: dict[str, None] = {}
    for some in _together(reading, places):
        words = " ".join(reading.words[place] for place in some).split()
        for at in range(len(typed) - len(words) + 1):
            run = typed[at : at + len(words)]
            if [word for word, _start, _end in run] == words:
                shown[text[run[0][1] : run[-1][2]]] = None
                break
        else:
            shown[" ".join(words)] = None
    return tuple(shown)


def _listed(words: tuple[str, ...], last: str) -> str:
    """«a», «b» o «c»; of many, the first."""
    quoted = [f"«{word}»" for word in words[:MOST_NAMED]]
    if len(words) > MOST_NAMED:
        quoted.append("las demás")
    return f" {last} ".join(filter(None, (", ".join(quoted[:-1]), quoted[-1])))
