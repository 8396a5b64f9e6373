"""The rules of text, each in one place: what is invisible, how it counts, what is the same name.

Pure functions that take any text. Their cost grows with its length only: normalising costs the
square of a run of combining marks, so that runs are cut before.

`clean_text` and `count` use nothing that a browser lacks (`\\p{…}` with the flag `u`), because
the counter of the capture form is a copy of them: change both together.
"""

import unicodedata
from typing import Final

import regex

from cms.catalogs.files import read_catalogue

WITHOUT_BLANKS: Final = "sin_espacios"
WITH_BLANKS: Final = "con_espacios"
# Marks above one letter that are kept. Spanish needs one; Vietnamese two. More draw over the page.
MOST_MARKS: Final = 4

# Every way to end a line: word processors write some that are hardly ever seen.
_LINE_ENDS = regex.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
# What shows nothing but stands between words; blanks of whatever width are seen, and stay.
_SEPARATORS = regex.compile(r"[\u200B\u2063\u180E\u2800\u3164\u115F\u1160\uFFA0]")
# What shows nothing and parts nothing: characters of format (soft hyphens, joiners, marks of
# order and of direction), variation selectors, control characters but tab and line end, halves of
# characters, what is no character, and the place that a pasted picture left.
_NOTHING = regex.compile(
    r"[\p{Cf}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}\p{Cs}"
    r"\x00-\x08\x0B-\x1F\x7F-\x9F\uFFFC]+"
)
# What most text is made of: all of it is seen, none of it ends a line in another way or combines.
# One look at a text of these alone spares it the rest of the rules, which would change nothing.
_ORDINARY = regex.compile(r"[\t\n\x20-\x7E\xA0-\xAC\xAE-\u02FF]*")
_MANY_MARKS = regex.compile(rf"(\p{{M}}{{{MOST_MARKS}}})\p{{M}}+")
_MARKS = regex.compile(r"[\p{Mn}\p{Me}]+")
_BLANKS = regex.compile(r"[\p{Zs}\t\n]+")

# What people type for the apostrophe of O'Farrill: quotation marks, accents, primes, letters.
_APOSTROPHE = (
    r"['`\u00B4\u2018-\u201B\u2032\u2035\u02B9-\u02BF\u02C8\u02CA\u02CB\u02EE\u0374\u055A\u05F3"
    r"\u07F4\u07F5\u1FBD\u1FBF\u1FEF\u1FFD\u1FFE\uA78B\uA78C\uFF07\uFF40]"
)
_HYPHEN = r"[\p{Pd}\u2043\u2212\u02D7\u00AC]"
_APOSTROPHES, _HYPHENS = regex.compile(_APOSTROPHE), regex.compile(_HYPHEN)
_WITHIN_WORD = regex.compile(r"(?<=\p{L})'(?=\p{L})|(?<=\b\p{L}{1,2}) ?' ?(?=\p{L})")
_ORDINAL_MARK = regex.compile(r"[. ]?ª")
_MARIA = regex.compile(r"\bma\.")
_NO_LETTERS = regex.compile(r"[^\p{L}\p{N}]+")
# Sure abbreviations, that stand for one name and no other («J.» may be José, Juan or Jesús: it
# stays). Whoever searches is offered more of them (`cms.catalogs.names`).
NAME_ABBREVIATIONS: Final = {
    row["abreviatura"]: row["significa"]
    for row in read_catalogue("abreviaturas.csv")
    if row["segura"]
}


def with_few_marks(text: str) -> str:
    """A text without the marks beyond the first MOST_MARKS of a run: what costs and shows most."""
    return _MANY_MARKS.sub(r"\1", text)


def _visible(text: str) -> str:
    """What of a text is seen, with few enough marks to normalise it."""
    if _ORDINARY.fullmatch(text):
        return text
    lines = _LINE_ENDS.sub("\n", text)
    seen = _NOTHING.sub("", _SEPARATORS.sub(" ", lines))
    return with_few_marks(seen)


def clean_text(text: str) -> str:
    """A text as it is kept, whoever brings it: NFC, line ends as \\n, trimmed, all of it visible.

    An invisible separator is a blank («agua\\u200bpotable» are two words), an invisible mark is
    nothing («alum\\u00adbrado» is one).
    """
    if _ORDINARY.fullmatch(text):
        return text.strip()
    composed = unicodedata.normalize("NFC", _visible(text))
    return with_few_marks(composed).strip()


def clean_line(text: str) -> str:
    """A text that is one line: cleaned, with single blanks."""
    return _BLANKS.sub(" ", clean_text(text))


def count(text: str, rule: str = WITH_BLANKS) -> int:
    """Characters (code points) of a text as it would be kept.

    Args:
        rule: WITHOUT_BLANKS leaves out blanks, tabs and line ends; WITH_BLANKS counts each.
    """
    kept = clean_text(text)
    return len(_BLANKS.sub("", kept) if rule == WITHOUT_BLANKS else kept)


def fold(text: str) -> str:
    """Lower case, without accents, single blanks: for matching words. «Núñez» → «nunez»."""
    if text.isascii() and _ORDINARY.fullmatch(text):
        return " ".join(text.lower().split())
    bare = unicodedata.normalize("NFKD", _MARKS.sub("", _visible(text)))
    lower = unicodedata.normalize("NFKD", _MARKS.sub("", bare.casefold()))
    return " ".join(_MARKS.sub("", lower).split())


def sort_key(text: str) -> str:
    """Order of the Spanish alphabet in the collation "C": vowels bare, ñ after n. ADR 0003."""
    kept = unicodedata.normalize("NFC", _visible(text).casefold()).replace("ñ", "n~")
    return fold(kept)


def same_signs(name: str) -> str:
    """A name on one line with one sign for every apostrophe, and one for every hyphen.

    What is left of two names differs by more than the keyboard on which they were typed.
    """
    return _HYPHENS.sub("-", _APOSTROPHES.sub("'", clean_line(name)))


def identity(name: str) -> str:
    """The key by which a person's name is recognised: letters and digits, single blanks.

    Case, accents, invisible characters, apostrophes («O'Farrill», «O’Farrill», «OFarrill»),
    hyphens, full stops and sure abbreviations («Ma.», «Hdez.») make no other person.
    """
    signs = fold(_ORDINAL_MARK.sub("a", same_signs(name)))
    # Folding takes a few letters apart into a letter and an apostrophe.
    whole = _MARIA.sub("maria ", _WITHIN_WORD.sub("", _APOSTROPHES.sub("'", signs)))
    *words, last = _NO_LETTERS.sub(" ", whole).split() or [""]
    words = ["maria" if word == "ma" else word for word in words]
    return " ".join(NAME_ABBREVIATIONS.get(word, word) for word in (*words, last))
