"""Which encoding a file has, judged by what Spanish names and words look like. Pure functions.

UTF-8 is certain, since bytes of another encoding hardly ever fit it. Every byte fits Mac Roman and
CP850, and nearly every byte fits Windows-1252; among these the letters decide: «DÁVILA» is a name,
«DçVILA» and «D‡VILA» are not.
"""

import codecs
import mmap
import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import ftfy
import regex

SINGLE_BYTE = ("windows-1252", "mac-roman", "cp850")
# Below these mean weights a file, or a cell, is not Spanish. In its right encoding a text has 0.9.
PLAUSIBLE_FILE, PLAUSIBLE_CELL = 0.35, 0.25
_HIGH = re.compile(rb"[\x80-\xff]")
_MULTIBYTE = re.compile(rb"[\xc2-\xf4][\x80-\xbf]+")
_WINDOW = regex.compile(r"[^\x00-\x7F]")
_LOWER, _UPPER = frozenset("áéíóúüñ"), frozenset("ÁÉÍÓÚÜÑ")
_FAMILIAR = frozenset("ëöäçËÖÄÇ")
# Letters of the wrong encodings that no name in Latin letters has: «MARÍA» read as «MARƒA».
_NO_LETTERS = frozenset("ƒþÞðÐµıπΩ∂∏∑")
_ORDINALS = frozenset("ªº°")
_OPENING, _CLOSING = frozenset("“‘«¿¡"), frozenset("”»…")
_APOSTROPHES = frozenset("’´ʼ′＇")
_APART = frozenset("–—•·●▪€²³½¼¾®©™\u00a0")
# A text without any of these cannot be wrong: most cells need no more than this look.
_DOUBT = regex.compile(
    r"[^\x00-\x7FáéíóúüñÁÉÍÓÚÜÑ¿¡“”«»‘’–—…°ªº•·´ʼ′＇\u00A0]"
    r"|(?<=\p{L})[¿¡“«”»…–—•·](?=\p{L})|(?<=\p{Ll})[ÁÉÍÓÚÜÑ]"
)
_NEXT_LINE = regex.compile(r"(?<![\x80-\xFF])\x85")
_CONFUSED = (
    ("windows-1252", "mac-roman"),
    ("windows-1252", "cp850"),
    ("mac-roman", "windows-1252"),
    ("cp850", "windows-1252"),
)


def _weight_of_letter(before: str, char: str, after: str) -> float:
    """How much a letter with a mark looks like Spanish where it stands: from 1 down to -1."""
    if char.isupper() and before.islower():
        return -1.0
    if char.islower() and after.isupper() and not before.isalpha():
        return -0.5
    if char in _LOWER or char in _UPPER:
        # «MUñIZ»: programs that do not know the capital of ñ.
        return 0.4 if char.islower() and before.isupper() and after.isupper() else 1.0
    if char.islower() and before.isupper():
        return -1.0 if after.isupper() else -0.3
    if char in _FAMILIAR:
        return 0.5
    return -0.7 if char in _NO_LETTERS else 0.3


def _weight(before: str, char: str, after: str) -> float:
    """How much a character looks like Spanish between its neighbours: from 1 down to -1."""
    within = before.isalpha() and after.isalpha()
    if char in _ORDINALS:
        return -0.5 if after.isalpha() else 0.7
    if char.isalpha():
        return _weight_of_letter(before, char, after)
    if char in _OPENING:
        return -1.0 if before.isalpha() and char not in "‘" else 0.8
    if char in _CLOSING:
        return -1.0 if after.isalpha() else 0.7
    if char in _APOSTROPHES:
        return 0.0 if within and not after.isupper() else 0.5
    if char in _APART:
        return -0.6 if within and char != "\u00a0" else 0.4
    return -1.0 if within else -0.3


def _mean(weights: Mapping[tuple[str, str, str], int]) -> float:
    total = sum(weights.values())
    return sum(_weight(*window) * times for window, times in weights.items()) / total


def plausibility(text: str) -> float:
    """Mean weight of the characters of a text that are not ASCII; 1 if there are none."""
    padded = f" {text} "
    windows = Counter(
        (padded[at - 1], padded[at], padded[at + 1])
        for at in (found.start() for found in _WINDOW.finditer(padded))
    )
    return _mean(windows) if windows else 1.0


def looks_wrong(text: str) -> bool:
    """Whether a text holds characters in places where Spanish never has them."""
    return plausibility(text) < PLAUSIBLE_CELL


def repaired(text: str) -> str | None:
    """The original of a text that was read in a wrong encoding and saved; None if it was not.

    «MÃ¡s» is «Más» encoded twice as UTF-8; «M‡s» is «Más» of a Macintosh read as Windows.
    """
    if not _DOUBT.search(text):
        return None
    # A lone U+0085 is a line end of some machines, not a byte of Windows.
    lines = _NEXT_LINE.sub("\n", text)
    fixed = ftfy.fix_encoding(lines)
    if fixed != lines:
        return fixed
    if not looks_wrong(text):
        return None
    for read_as, was in _CONFUSED:
        try:
            other = text.encode(read_as).decode(was)
        except UnicodeError:
            continue
        if plausibility(other) > 2 * PLAUSIBLE_CELL:
            return other
    return None


def decodes(path: Path, encoding: str) -> bool:
    """Whether every byte of a file fits an encoding."""
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with path.open("rb") as file:
            while piece := file.read(1 << 16):
                decoder.decode(piece)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def most_plausible(path: Path) -> tuple[str, float]:
    """The single-byte encoding in which a file looks most like Spanish.

    Returns: its name and the mean weight of the letters under it.
    """
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        windows = Counter(
            (content[at - 1 : at] if at else b" ", content[at : at + 1], content[at + 1 : at + 2])
            for at in (found.start() for found in _HIGH.finditer(content))
        )
    weights: dict[str, float] = {}
    for encoding in SINGLE_BYTE:
        if decodes(path, encoding):
            read = Counter[tuple[str, str, str]]()
            for window, times in windows.items():
                before, char, after = (byte.decode(encoding, "replace") for byte in window)
                read[before, char, after] += times
            weights[encoding] = _mean(read) if read else 0.0
    best = max(weights, key=lambda encoding: weights[encoding])
    return best, weights[best]


def mostly_utf8(path: Path) -> bool:
    """Whether most of the bytes of a file that are not ASCII are UTF-8, though not all of them."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        whole = sum(len(found[0]) for found in _MULTIBYTE.finditer(content))
        return 2 * whole > sum(1 for _ in _HIGH.finditer(content))
