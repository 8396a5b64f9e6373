"""Reads the segments of a JPEG: its size, its scans, and what decoding it would cost."""

import re
from dataclasses import dataclass, field
from typing import Final

from cms.catalogs.pictures.refusals import damaged, too_costly, too_many_points, uncommon

MOST_SEGMENTS: Final = 3000
# Cameras and programs write one scan, or about ten in a progressive picture.
MOST_SCANS: Final = 40
# A progressive picture is held whole while it is read: two bytes for each pixel and colour.
LARGEST_PIXELS_IN_SCANS: Final = 42_000_000
# Pixels of each colour, summed over all the scans: ten scans of 42 megapixels fit.
MOST_WORK: Final = 650_000_000

_MARKER: Final = re.compile(rb"\xff[\x01-\xfe]")
_AFTER_SCAN: Final = re.compile(rb"\xff[\x01-\xcf\xd8-\xfe]")
_ALONE: Final = {0x01, 0xD8, *range(0xD0, 0xD8)}
_END, _SCAN, _APP0, _APP1, _APP2, _APP14 = 0xD9, 0xDA, 0xE0, 0xE1, 0xE2, 0xEE
_TABLES: Final = {0xC4, 0xDB, 0xDD}
_READABLE: Final = {0xC0, 0xC1, 0xC2}
_FRAMES: Final = set(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


@dataclass
class _Found:
    kept: list[bytes] = field(default_factory=lambda: [b"\xff\xd8"])
    width: int = 0
    height: int = 0
    frames: int = 0
    scans: int = 0
    colours_scanned: int = 0
    has_exif: bool = False
    has_end: bool = False


def stripped(content: bytes) -> tuple[int, int, bytes]:
    """Width, height, and the first picture of the file with its pixels and colours alone.

    Of the metadata it keeps the orientation (EXIF), the colour profile, and how colours are
    written. It drops what follows the first picture: some telephones put a second one there.
    """
    found = _Found()
    position = 2
    for _segment in range(MOST_SEGMENTS):
        match = _MARKER.search(content, position)
        if match is None:
            break
        marker, position = content[match.end() - 1], match.end()
        if marker == _END:
            found.has_end = True
            break
        if marker not in _ALONE:
            position = _segment_at(content, match.start(), marker, found)
    else:
        raise too_costly()
    if not found.frames or not found.scans:
        raise damaged()
    _refuse_what_costs_too_much(found)
    # If the end is missing, part of the picture may be missing: the decoder will notice.
    return found.width, found.height, b"".join([*found.kept, b"\xff\xd9" * found.has_end])


def _segment_at(content: bytes, start: int, marker: int, found: _Found) -> int:
    """Read one segment. Returns the position at which the next one may begin."""
    length = int.from_bytes(content[start + 2 : start + 4], "big")
    end = start + 2 + length
    if length < 2 or end > len(content):
        raise damaged()
    body = content[start + 4 : end]
    if marker in _FRAMES:
        _take_frame(marker, body, found)
    if marker == _SCAN:
        found.scans += 1
        found.colours_scanned += body[0] if body else 0
        if found.scans > MOST_SCANS:
            raise too_costly()
        following = _AFTER_SCAN.search(content, end)
        end = following.start() if following else len(content)
    if marker in _FRAMES | _TABLES | {_SCAN} or _is_needed(marker, body, found):
        found.kept.append(content[start:end])
    return end


def _take_frame(marker: int, body: bytes, found: _Found) -> None:
    if marker not in _READABLE or len(body) < 6 or body[0] != 8:
        raise uncommon()
    found.frames += 1
    found.height = int.from_bytes(body[1:3], "big")
    found.width = int.from_bytes(body[3:5], "big")
    if found.frames > 1 or not found.width or not found.height:
        raise damaged()


def _is_needed(marker: int, body: bytes, found: _Found) -> bool:
    if marker == _APP1 and body.startswith(b"Exif\0\0") and not found.has_exif:
        found.has_exif = True
        return True
    return (
        (marker == _APP0 and body.startswith(b"JFIF\0") and len(body) >= 14)
        or (marker == _APP2 and body.startswith(b"ICC_PROFILE\0") and len(body) >= 14)
        or (marker == _APP14 and body.startswith(b"Adobe") and len(body) >= 12)
    )


def _refuse_what_costs_too_much(found: _Found) -> None:
    pixels = found.width * found.height
    if found.scans > 1 and pixels > LARGEST_PIXELS_IN_SCANS:
        raise too_many_points(found.width, found.height, LARGEST_PIXELS_IN_SCANS)
    if found.scans > 1 and pixels * found.colours_scanned > MOST_WORK:
        raise too_costly()
