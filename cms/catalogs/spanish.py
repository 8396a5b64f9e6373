"""The rules of text: which characters are invisible, how text is counted, which names are the same.

Pure functions that accept any text. Normalising would cost the square of the length of a run of
combining marks, so runs are cut first; then the cost grows with the length of the text alone.

The counter of the capture form is a copy of `clean_text` and `count` in JavaScript, so both use
only what a browser has (`\\p{…}` with the flag `u`). Change both together.
"""

import unicodedata
from typing import Final

import regex

from cms.catalogs.files import read_catalogue

WITHOUT_BLANKS: Final = "sin_espacios"
WITH_BLANKS: Final = "con_espacios"
# How many marks of one letter are kept. Spanish needs one, and Vietnamese two.
MOST_MARKS: Final = 4

# Every way to end a line, with some that only word processors write.
_LINE_ENDS = regex.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
# Invisible characters that separate words. Visible blanks, of any width, are kept.
_SEPARATORS = regex.compile(r"[\u200B\u2063\u180E\u2800\u3164\u115F\u1160\uFFA0]")
# Invisible characters that separate nothing: format characters (soft hyphens, joiners, marks of
# order and direction), variation selectors, control characters except tab and line end, surrogates,
# noncharacters, and the placeholder of a pasted picture.
_NOTHING = regex.compile(
    r"[\p{Cf}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}\p{Cs}"
    r"\x00-\x08\x0B-\x1F\x7F-\x9F\uFFFC]+"
)
# Most texts consist of these: visible characters that neither combine nor end a line in another
# way. A text of these alone skips the other rules, which would not change it.
_ORDINARY = regex.compile(r"[\t\n\x20-\x7E\xA0-\xAC\xAE-\u02FF]*")
_MANY_MARKS = regex.compile(rf"(\p{{M}}{{{MOST_MARKS}}})\p{{M}}+")
_MARKS = regex.compile(r"[\p{Mn}\p{Me}]+")
_BLANKS = regex.compile(r"[\p{Zs}\t\n]+")

# What people type as the apostrophe of O'Farrill: quotation marks, accents, primes, letters.
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
# Abbreviations that stand for one name only. «J.» may be José, Juan or Jesús, so it is not one.
# The search understands more of them (`cms.catalogs.names`).
NAME_ABBREVIATIONS: Final = {
    row["abreviatura"]: row["significa"]
    for row in read_catalogue("abreviaturas.csv")
    if row["segura"]
}


def with_few_marks(text: str) -> str:
    """A text with at most MOST_MARKS combining marks in each run."""
    return _MANY_MARKS.sub(r"\1", text)


def _visible(text: str) -> str:
    """The visible part of a text, with few enough marks to normalise it."""
    if _ORDINARY.fullmatch(text):
        return text
    lines = _LINE_ENDS.sub("\n", text)
    seen = _NOTHING.sub("", _SEPARATORS.sub(" ", lines))
    return with_few_marks(seen)


def clean_text(text: str) -> str:
    """A text as it is stored: NFC, line ends as \\n, trimmed, without invisible characters.

    An invisible separator becomes a blank («agua\\u200bpotable» is two words); any other invisible
    character disappears («alum\\u00adbrado» is one word).
    """
    if _ORDINARY.fullmatch(text):
        return text.strip()
    composed = unicodedata.normalize("NFC", _visible(text))
    return with_few_marks(composed).strip()


def clean_line(text: str) -> str:
    """A text as it is stored on one line: cleaned, with single blanks."""
    return _BLANKS.sub(" ", clean_text(text))


def count(text: str, rule: str = WITH_BLANKS) -> int:
    """The number of characters (code points) of a text as it would be stored.

    Args:
        rule: WITHOUT_BLANKS leaves out blanks, tabs and line ends; WITH_BLANKS counts each.
    """
    kept = clean_text(text)
    return len(_BLANKS.sub("", kept) if rule == WITHOUT_BLANKS else kept)


def fold(text: str) -> str:
    """A text for matching words: lower case, no accents, single blanks. «Núñez» → «nunez»."""
    if text.isascii() and _ORDINARY.fullmatch(text):
        return " ".join(text.lower().split())
    bare = unicodedata.normalize("NFKD", _MARKS.sub("", _visible(text)))
    lower = unicodedata.normalize("NFKD", _MARKS.sub("", bare.casefold()))
    return " ".join(_MARKS.sub("", lower).split())


def sort_key(text: str) -> str:
    """A key that sorts in Spanish order under the collation "C": ñ comes after n. ADR 0003."""
    kept = unicodedata.normalize("NFC", _visible(text).casefold()).replace("ñ", "n~")
    return fold(kept)


def same_signs(name: str) -> str:
    """A name on one line, with the same sign for every apostrophe and for every hyphen.

    So two names that differ only by the keyboard on which they were typed become equal.
    """
    return _HYPHENS.sub("-", _APOSTROPHES.sub("'", clean_line(name)))


def identity(name: str) -> str:
    """The key that two spellings of one person's name share: letters, digits and single blanks.

    It ignores case, accents, invisible characters, apostrophes («O'Farrill», «O’Farrill»,
    «OFarrill»), hyphens, full stops, and abbreviations of one name only («Ma.», «Hdez.»).
    """
    signs = fold(_ORDINAL_MARK.sub("a", same_signs(name)))
    # Folding turns a few letters into a letter and an apostrophe.
    whole = _MARIA.sub("maria ", _WITHIN_WORD.sub("", _APOSTROPHES.sub("'", signs)))
    *words, last = _NO_LETTERS.sub(" ", whole).split() or [""]
    words = ["maria" if word == "ma" else word for word in words]
    return " ".join(NAME_ABBREVIATIONS.get(word, word) for word in (*words, last))
