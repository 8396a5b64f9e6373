"""Reads the chunks of a PNG: its size, and the file with only the chunks that pixels need."""

import zlib
from typing import Final

from cms.catalogs.pictures.refusals import damaged, too_costly

MOST_CHUNKS: Final = 20_000
LARGEST_PROFILE: Final = 4 * 1024 * 1024
_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_NEEDED: Final = {b"IHDR", b"PLTE", b"IDAT", b"IEND"}
# Transparency, colour profile and orientation.
_USEFUL: Final = {b"tRNS", b"iCCP", b"eXIf"}


def stripped(content: bytes) -> tuple[int, int, bytes]:
    """Width, height, and the file without texts, animation or damaged chunks."""
    kept = [_SIGNATURE]
    position = len(_SIGNATURE)
    width = height = 0
    for number in range(MOST_CHUNKS):
        length = int.from_bytes(content[position : position + 4], "big")
        name = content[position + 4 : position + 8]
        end = position + 12 + length
        if len(name) < 4 or end > len(content):
            raise damaged()
        if (number == 0) != (name == b"IHDR"):
            raise damaged()
        if number == 0:
            width = int.from_bytes(content[position + 8 : position + 12], "big")
            height = int.from_bytes(content[position + 12 : position + 16], "big")
            if length != 13 or not width or not height:
                raise damaged()
        if name in _NEEDED or (name in _USEFUL and _is_sound(name, content[position:end])):
            kept.append(content[position:end])
        if name == b"IEND":
            return width, height, b"".join(kept)
        position = end
    raise too_costly()


def _is_sound(name: bytes, chunk: bytes) -> bool:
    if len(chunk) > LARGEST_PROFILE or zlib.crc32(chunk[4:-4]) != int.from_bytes(chunk[-4:], "big"):
        return False
    if name != b"iCCP":
        return True
    # The chunk holds a name, a zero, the method of compression, and the profile.
    _name, _zero, rest = chunk[8:-4].partition(b"\0")
    unpacker = zlib.decompressobj()
    try:
        unpacker.decompress(rest[1:], LARGEST_PROFILE)
    except zlib.error:
        return False
    return unpacker.eof
