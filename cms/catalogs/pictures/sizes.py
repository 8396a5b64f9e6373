"""The files of a published photograph: their widths, formats and names. Pure.

A photograph is made in the sizes that pages use, each in every format. Its files share a random
name and differ in what follows it: «.jpg» is the whole photograph, «-208.avif» is 208 pixels wide.
"""

from typing import Final

# Lists show portraits 48 and 88 CSS pixels wide, and a candidacy's own page up to 208
# (`portrait.css`). Each is sharp on screens with two device pixels for each of them.
SMALL: Final = 144
MEDIUM: Final = 208
LARGE: Final = 416
WIDTHS: Final = (SMALL, MEDIUM, LARGE)
# The first that a browser knows is the one that it reads. All of them know the last.
FORMATS: Final = {"avif": "image/avif", "webp": "image/webp", "jpg": "image/jpeg"}
WHOLE: Final = ".jpg"
# Of a UUID.
NAME_LENGTH: Final = 36
# Within the storage, apart from the photographs of submissions.
FOLDER: Final = "published"


def widths(width: int) -> list[int]:
    """The widths of the files of a photograph, smallest first. None is wider than it, in pixels."""
    return sorted({min(wanted, width) for wanted in WIDTHS})


def height_of(width: int) -> int:
    """The height in pixels of a file of this width: photographs are 4:5."""
    return (5 * width + 2) // 4


def ending(width: int, kind: str) -> str:
    """What follows the name in the file of this width and format."""
    return f"-{width}.{kind}"


def endings(width: int) -> list[str]:
    """What follows the name in each file of a photograph of this width: first the whole one."""
    return [WHOLE, *(ending(made, kind) for made in widths(width) for kind in FORMATS)]


def stored(file: str) -> str:
    """Where the storage of photographs keeps a published file."""
    return f"{FOLDER}/{file}"


def name_of(file: str) -> str:
    """The random name that a file shares with the others of its photograph."""
    return file[:NAME_LENGTH]
