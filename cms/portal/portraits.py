"""The markup of portraits: of which a page has up to hundreds, so it is put together here at once.

Names of files are random and need no escaping; words do.
"""

from functools import lru_cache
from html import escape
from typing import Final

from cms.catalogs.pictures import sizes
from cms.catalogs.public_paths import PHOTOGRAPH
from cms.published.cards import Shown

_SMALL_WORDS: Final = frozenset({"de", "del", "la", "las", "los", "y"})
_FOLDER: Final = PHOTOGRAPH.path("")
_LATER: Final = ' loading="lazy" decoding="async"'
_FIRST: Final = ' fetchpriority="high"'
# The widths that each size of portrait chooses from.
_WIDTHS: Final = {"s": (sizes.SMALL,), "": (sizes.MEDIUM,), "l": (sizes.MEDIUM, sizes.LARGE)}
# How wide `portrait.css` shows the only size that varies with the window.
_SHOWN: Final = "min(clamp(7.5rem, 5rem + 11vw, 13rem), 26vw)"


def monogram_of(name: str) -> str:
    """Two initials: the first given name's and the first surname's."""
    words = [word for word in name.split() if word.lower() not in _SMALL_WORDS]
    if not words:
        return ""
    second = words[-2] if len(words) > 2 else words[-1]
    return (words[0][0] + (second[0] if len(words) > 1 else "")).upper()


def portrait(row: Shown, size: str = "", alternative: str = "") -> str:
    """A photograph in the formats and sizes that were made, or a monogram of the same size.

    Args: size: "s", "l" or "", as the class of the portrait; "l" is the first picture of its page.
    """
    if row.photo:
        inside = _picture(row, size, alternative)
    else:
        monogram = escape(monogram_of(row.name))
        inside = f'<span class="monogram" aria-hidden="true">{monogram}</span>'
    modifier = f" portrait--{size}" if size else ""
    return f'<span class="portrait{modifier}">{inside}</span>'


def _picture(row: Shown, size: str, alternative: str) -> str:
    attributes = f' alt="{escape(alternative)}"{_FIRST if size == "l" else _LATER}'
    if not row.photo_name:
        return _approved(row, size, attributes)
    return _in_sizes(size, row.photo_width) % {"name": row.photo_name, "attributes": attributes}


@lru_cache(maxsize=200)  # Photographs have few widths, since most are larger than what is shown.
def _in_sizes(size: str, photo_width: int) -> str:
    """The markup of a photograph of so many pixels, to be completed with name and attributes."""
    widths = sorted({min(width, photo_width) for width in _WIDTHS[size]})
    sources = "".join(
        f'<source type="{sizes.FORMATS[kind]}" srcset="{_choice("%(name)s", widths, kind)}"'
        f"{_measure(widths)}>"
        for kind in ("avif", "webp")
    )
    largest = widths[-1]
    address = _address("%(name)s", largest, "jpg")
    measures = f' width="{largest}" height="{sizes.height_of(largest)}"'
    return f'<picture>{sources}<img src="{address}"{measures}%(attributes)s></picture>'


def _approved(row: Shown, size: str, attributes: str) -> str:
    """The JPEG that was approved, while the worker has not made its files yet."""
    if size == "l":
        return f'<img src="{_FOLDER}{row.photo}.jpg" width="800" height="1000"{attributes}>'
    return f'<img src="{_FOLDER}{row.photo}-s.jpg" width="240" height="300"{attributes}>'


def _address(name: str, width: int, kind: str) -> str:
    return f"{_FOLDER}{name}{sizes.ending(width, kind)}"


def _choice(name: str, widths: list[int], kind: str) -> str:
    if len(widths) == 1:
        return _address(name, widths[0], kind)
    return ", ".join(f"{_address(name, width, kind)} {width}w" for width in widths)


def _measure(widths: list[int]) -> str:
    return f' sizes="{_SHOWN}"' if len(widths) > 1 else ""
