"""Names of places and actors as people write them. Names of persons stay as registered."""

SMALL_WORDS = frozenset(
    {"a", "al", "con", "de", "del", "e", "el", "en", "la", "las", "los", "o", "para", "por"}
    | {"u", "y"}
)


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
