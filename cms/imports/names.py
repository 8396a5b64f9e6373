"""Names of places and actors as people write them. Names of persons stay as they are registered."""

from dataclasses import dataclass

import regex

from cms.imports.encoding import looks_wrong

SMALL_WORDS = frozenset(
    {"a", "al", "con", "de", "del", "e", "el", "en", "la", "las", "los", "o", "para", "por"}
    | {"u", "y"}
)

_LETTER = regex.compile(r"\p{L}")
# Signs that no name has, and that come from formulas, from web pages or from a wrong encoding.
_NO_SIGN = regex.compile(
    r"[?¿¡<>#=\\|~^{}\[\]_@$%‡†ƒ„‰¢£¤¥¦§©¬®±¶×÷\uFFFD\p{So}\p{Co}--[°]]", regex.V1
)
# A small letter that Spanish lacks amid capitals: «DçVILA».
_MIXED = regex.compile(r"(?<=\p{Lu})[\p{Ll}--[a-záéíóúüñëöä]](?=\p{Lu})", regex.VERSION1)
_DIGIT = regex.compile(r"[\p{N}*+;:!/]")


def readable(name: str) -> str:
    """«SAN JUAN DEL RIO» → «San Juan del Rio»; a name that is not all upper case is left alone.

    A full stop at the end is dropped, blanks are single.
    """
    words = name.strip().rstrip(".").split()
    text = " ".join(words)
    if not text.isupper():
        return text
    lowered = [word.lower() for word in words]
    return " ".join(
        word if number and word in SMALL_WORDS else _capital(word)
        for number, word in enumerate(lowered)
    )


def _capital(word: str) -> str:
    """First letter of each part in upper case: «san-juan» → «San-Juan», «(macuspana)»."""
    start = next((place for place, char in enumerate(word) if char.isalpha()), 0)
    return word[:start] + word[start : start + 1].upper() + word[start + 1 :]


@dataclass(frozen=True, slots=True)
class StrangeName:
    """What is odd about a person's name; `refused` if it cannot be one."""

    problem: str
    remedy: str = ""
    refused: bool = False


def strange_name(name: str) -> StrangeName | None:
    """What is odd about a name that was cleaned; None if nothing is."""
    remedy = "Escríbelo como está en el registro."
    if not _LETTER.search(name):
        return StrangeName("No es un nombre: no tiene letras.", remedy, refused=True)
    sign = _NO_SIGN.search(name)
    if sign:
        return StrangeName(f"Un nombre no lleva «{sign[0]}».", remedy, refused=True)
    if _MIXED.search(name) or looks_wrong(name):
        return StrangeName(
            "Un nombre no se escribe así: está mal codificado.", remedy, refused=True
        )
    digit = _DIGIT.search(name)
    if digit:
        return StrangeName(f"un nombre no suele llevar «{digit[0]}»; revísalo.")
    return None
