"""Words that files use for our values, in any gender and number: «Titulado(a)», «titulados/as»."""

from collections.abc import Iterator, Mapping

import regex

from cms.catalogs.spanish import fold

# The other ending, as it is written after a word or instead of its last letter.
_OTHER_ENDING = regex.compile(
    r"(?<=\p{L})(?:\s?\(-?(?:a|o|as|os|es|s|a/o|o/a)\)s?|\s?[/-]-?(?:a|o|as|os|e)\b)"
)
_ANY_GENDER = regex.compile(r"(?<=\p{L})[@x*](?=s?\b|s?$)")
_SIGNS = regex.compile(r"[^\p{L}\p{N}@]+")
_PLURAL = regex.compile(r"(?<=[aeio])s$")
_GENDER = regex.compile(r"(?<=\p{L}{3})[aoe]$")


def word_key(text: str) -> str:
    """What a word says without its gender and number: the same for «Trunco(a)» and «TRUNCAS»."""
    whole = _OTHER_ENDING.sub("", fold(text))
    words = _SIGNS.sub(" ", _ANY_GENDER.sub("", whole)).split()
    return " ".join(_GENDER.sub("", _PLURAL.sub("", word)) for word in words)


class Words:
    """The words that a file uses for values of ours.

    A word is found whatever its case, accents, gender and number.
    """

    def __init__(self, value_of: Mapping[str, str]) -> None:
        self._shown = {fold(word): value for word, value in value_of.items()}
        self._by_key = {word_key(word): value for word, value in value_of.items()}

    def __iter__(self) -> Iterator[str]:
        """The words, folded, as a message lists them."""
        return iter(self._shown)

    def get(self, word: str) -> str | None:
        """Our value for a word of a file; None if the word is not known."""
        return self._shown.get(fold(word)) or self._by_key.get(word_key(word))

    def values(self) -> set[str]:
        """All of our values."""
        return set(self._shown.values())
