"""Reads the chunks of a WebP: the size of its canvas."""

from typing import Final

from cms.catalogs.pictures.refusals import damaged, too_costly

MOST_CHUNKS: Final = 2000
_FIRST: Final = 12


def stripped(content: bytes) -> tuple[int, int, bytes]:
    """Width, height, and the file up to the end that its header names."""
    end = 8 + int.from_bytes(content[4:8], "little")
    if end > len(content):
        raise damaged()
    name, body = content[_FIRST : _FIRST + 4], content[_FIRST + 8 : _FIRST + 18]
    if len(body) < 10:
        raise damaged()
    if name == b"VP8X":
        width = 1 + int.from_bytes(body[4:7], "little")
        height = 1 + int.from_bytes(body[7:10], "little")
    elif name == b"VP8L" and body[0] == 0x2F:
        bits = int.from_bytes(body[1:5], "little")
        width, height = 1 + (bits & 0x3FFF), 1 + ((bits >> 14) & 0x3FFF)
    elif name == b"VP8 " and body[3:6] == b"\x9d\x01\x2a":
        width = int.from_bytes(body[6:8], "little") & 0x3FFF
        height = int.from_bytes(body[8:10], "little") & 0x3FFF
    else:
        raise damaged()
    if not width or not height:
        raise damaged()
    _count_chunks(content[:end])
    return width, height, content[:end]


def _count_chunks(content: bytes) -> None:
    position = _FIRST
    for _chunk in range(MOST_CHUNKS):
        if position + 8 > len(content):
            return
        length = int.from_bytes(content[position + 4 : position + 8], "little")
        position += 8 + length + length % 2
    raise too_costly()
