"""The markup of portraits: of which a page has up to hundreds, so it is put together here at once.

Names of files are random and need no escaping; words do.
"""

from functools import lru_cache
from html import escape
from typing import Final

from django.utils.safestring import SafeString, mark_safe

from cms.catalogs.pictures import sizes
from cms.catalogs.public_paths import PHOTOGRAPH
from cms.published.cards import Shown

_FOLDER: Final = PHOTOGRAPH.path("")
_LATER: Final = ' loading="lazy" decoding="async"'
_FIRST: Final = ' fetchpriority="high"'
# The widths that each size of portrait chooses from.
_WIDTHS: Final = {"s": (sizes.SMALL,), "": (sizes.MEDIUM,), "l": (sizes.MEDIUM, sizes.LARGE)}
# How wide `portrait.css` shows the only size that varies with the window.
_SHOWN: Final = "min(clamp(7.5rem, 5rem + 11vw, 13rem), 26vw)"


def portrait(row: Shown, *, size: str, alternative: str) -> SafeString:
    """The picture of a row that has a photograph, in the formats and sizes that were made.

    Args: size: "s", "l" or "", as the class of the portrait; "l" is the first picture of its page.
    """
    attributes = f' alt="{escape(alternative)}"{_FIRST if size == "l" else _LATER}'
    if not row.photo_name:
        return mark_safe(_approved(row, size, attributes))  # noqa: S308 (escaped above)
    return mark_safe(  # noqa: S308 (escaped above)
        _in_sizes(size, row.photo_width) % {"name": row.photo_name, "attributes": attributes}
    )


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
