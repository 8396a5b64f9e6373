"""Spanish words as keys: folding, order and addresses. Pure functions."""

import re
import unicodedata

_SPACES = re.compile(r"\s+")
# Control characters (category Cc), which are U+0000–001F and U+007F–009F, but line end and tab;
# then what is never seen: soft hyphens, blanks of no width and marks that turn the text around.
_UNSEEN = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f"
    r"\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]+"
)
# Every way to end a line: word processors write some that are hardly ever seen.
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")


def fold(text: str) -> str:
    """Lower case, without accents, single spaces: for matching names. «Núñez» → «nunez»."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(char for char in decomposed if not unicodedata.combining(char))
    return _SPACES.sub(" ", bare).strip()


def sort_key(text: str) -> str:
    """Order of the Spanish alphabet in the collation "C": vowels bare, ñ after n. ADR 0003."""
    kept = unicodedata.normalize("NFC", text.casefold()).replace("ñ", "n~")
    return fold(kept)


def clean_text(text: str) -> str:
    """Normalise what people paste: NFC, line ends as \\n, nothing unseen, trimmed."""
    normal = _LINE_ENDS.sub("\n", unicodedata.normalize("NFC", text))
    return _UNSEEN.sub("", normal).strip()
