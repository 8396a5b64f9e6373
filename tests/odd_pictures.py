"""Pictures as cameras, programs and attackers write them, by name.

Those in `SOUND` are accepted; those in `REFUSED` are refused with a message that contains a text.
"""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from typing import Any

from PIL import Image, ImageCms, PngImagePlugin

SIZE = (480, 600)
Make = Callable[[], bytes]


def saved(picture: Image.Image, kind: str = "JPEG", **options: Any) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def plain(mode: str = "RGB", size: tuple[int, int] = SIZE, colour: Any = None) -> Image.Image:
    return Image.new(mode, size, colour if colour is not None else 128)


def photo(size: tuple[int, int] = SIZE) -> Image.Image:
    return Image.radial_gradient("L").resize(size).convert("RGB")


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png(size: tuple[int, int], depth: int, colour: int, rows: bytes, *extra: bytes) -> bytes:
    """A PNG put together from its parts, since Pillow does not write such files."""
    head = struct.pack(">IIBBBBB", *size, depth, colour, 0, 0, 0)
    return b"".join(
        [
            b"\x89PNG\r\n\x1a\n",
            chunk(b"IHDR", head),
            *extra,
            chunk(b"IDAT", zlib.compress(rows)),
            chunk(b"IEND", b""),
        ]
    )


def deep_png(channels: int, value: int, alpha: int | None = None) -> bytes:
    """A PNG with sixteen bits in each channel, and one colour."""
    colour = {1: 0, 2: 4, 3: 2, 4: 6}[channels]
    colours = channels - (alpha is not None)
    point = struct.pack(">H", value) * colours
    if alpha is not None:
        point += struct.pack(">H", alpha)
    return png(SIZE, 16, colour, (b"\0" + point * SIZE[0]) * SIZE[1])


def jpeg_of_many_scans(size: tuple[int, int], scans: int) -> bytes:
    """A small file that repeats its last scan: a decoder goes through every block for each."""
    content = saved(plain(size=size, colour=(90, 120, 60)), progressive=True, quality=50)
    last = content[content.rfind(b"\xff\xda") : -2]
    return content[:-2] + last * scans + b"\xff\xd9"


def with_segment(content: bytes, marker: int, body: bytes) -> bytes:
    """The JPEG with another segment at its beginning."""
    return (
        content[:2] + bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body + content[2:]
    )


def mpo() -> bytes:
    out = io.BytesIO()
    photo().save(out, "MPO", save_all=True, append_images=[photo()])
    return out.getvalue()


def animated(kind: str) -> bytes:
    frames = [plain(colour=(value, 0, 0)) for value in (200, 100, 50)]
    return saved(frames[0], kind, save_all=True, append_images=frames[1:])


def text_bomb() -> bytes:
    zipped = zlib.compress(b"\0" * 80_000_000, 9)
    return png(
        SIZE,
        8,
        0,
        (b"\0" + b"\x80" * SIZE[0]) * SIZE[1],
        *(chunk(b"zTXt", b"Comment%d\0\0" % number + zipped) for number in range(5)),
    )


def zip_of_nothing() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("foto.txt", "no soy una foto")
    return out.getvalue()


def resized_header(content: bytes, width: int, height: int) -> bytes:
    """The JPEG with a header that states another size than the picture has."""
    markers = (bytes([0xFF, 0xC0]), bytes([0xFF, 0xC2]))
    place = next(content.find(marker) for marker in markers if marker in content)
    return content[: place + 5] + struct.pack(">HH", height, width) + content[place + 9 :]


def exif(**tags: Any) -> Image.Exif:
    made = Image.Exif()
    for tag, value in tags.items():
        made[int(tag[1:])] = value
    return made


def profile_bytes(name: str) -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile(name)).tobytes()


def _pnginfo() -> PngImagePlugin.PngInfo:
    info = PngImagePlugin.PngInfo()
    info.add_itxt("XML:com.adobe.xmp", "<x:xmpmeta" + "y" * 5000, zip=True)
    return info


def interlaced() -> bytes:
    """A grey PNG interlaced with Adam7, in seven passes."""
    rows = b""
    for x0, y0, dx, dy in (
        *((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4)),
        *((0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)),
    ):
        width, height = -(-(SIZE[0] - x0) // dx), -(-(SIZE[1] - y0) // dy)
        rows += (b"\0" + b"\x80" * width) * height
    content = png(SIZE, 8, 0, rows)
    head = struct.pack(">IIBBBBB", *SIZE, 8, 0, 0, 0, 1)
    return content[:8] + chunk(b"IHDR", head) + content[33:]


def bad_crc(content: bytes) -> bytes:
    return content[:29] + b"\0\0\0\0" + content[33:]


SOUND: dict[str, Make] = {
    "jpeg": lambda: saved(photo()),
    "jpeg-progressive": lambda: saved(photo(), progressive=True),
    "jpeg-grey": lambda: saved(photo().convert("L")),
    "jpeg-cmyk": lambda: saved(photo().convert("CMYK")),
    "jpeg-cmyk-progressive": lambda: saved(photo().convert("CMYK"), progressive=True),
    "jpeg-adobe-cmyk": lambda: with_segment(
        saved(photo().convert("CMYK")), 0xEE, b"Adobe\0d\0\0\0\0\2"
    ),
    "jpeg-444": lambda: saved(photo(), subsampling=0, quality=95),
    "jpeg-restarts": lambda: saved(photo(), restart_marker_blocks=2),
    "jpeg-two-frames": mpo,
    "jpeg-fill-bytes": lambda: b"\xff\xd8" + b"\xff" * 40 + saved(photo())[2:],
    "jpeg-then-script": lambda: saved(photo()) + b"<script>alert(1)</script>",
    "jpeg-then-zip": lambda: saved(photo()) + zip_of_nothing(),
    "jpeg-in-which-html": lambda: with_segment(saved(photo()), 0xFE, b"<html><script>"),
    "jpeg-damaged-exif": lambda: with_segment(saved(photo()), 0xE1, b"Exif\0\0II*\0\xff\xff\xff"),
    "jpeg-exif-loop": lambda: with_segment(
        saved(photo()),
        0xE1,
        b"Exif\0\0II*\0\x08\0\0\0\xff\xff" + b"\x12\x01\3\0\1\0\0\0\x09\0\0\0" * 9,
    ),
    "jpeg-orientation-99": lambda: saved(photo(), exif=exif(t274=99)),
    "jpeg-xmp": lambda: with_segment(
        saved(photo()), 0xE1, b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta" + b"<" * 3000
    ),
    "jpeg-mpf-of-nothing": lambda: with_segment(
        saved(photo()), 0xE2, b"MPF\0II*\0\x08\0\0\0\xff\xff"
    ),
    "jpeg-photoshop": lambda: with_segment(
        saved(photo()), 0xED, b"Photoshop 3.0\0" + b"8BIM\xff" * 9
    ),
    "jpeg-profile-of-nothing": lambda: saved(photo(), icc_profile=b"no soy un perfil"),
    "jpeg-profile-empty": lambda: with_segment(saved(photo()), 0xE2, b"ICC_PROFILE\0"),
    "jpeg-profile-damaged": lambda: saved(photo(), icc_profile=profile_bytes("sRGB")[:200]),
    "jpeg-profile-pieces-missing": lambda: with_segment(
        saved(photo()), 0xE2, b"ICC_PROFILE\0\x03\x07" + b"x" * 900
    ),
    "jpeg-profile-of-others": lambda: saved(photo().convert("L"), icc_profile=profile_bytes("LAB")),
    "jpeg-wide": lambda: saved(photo((9000, 400))),
    "jpeg-tall": lambda: saved(photo((310, 9000))),
    "jpeg-100-megapixels": lambda: saved(plain(size=(10000, 10000), colour=(9, 90, 9))),
    "jpeg-24-megapixels-progressive": lambda: saved(
        plain(size=(6000, 4000), colour=(9, 90, 9)), progressive=True
    ),
    "png": lambda: saved(photo(), "PNG"),
    "png-grey": lambda: saved(photo().convert("L"), "PNG"),
    "png-one-bit": lambda: saved(photo().convert("1"), "PNG"),
    "png-two-bits": lambda: saved(photo().quantize(4), "PNG", bits=2),
    "png-palette": lambda: saved(photo().quantize(64), "PNG"),
    "png-palette-transparent": lambda: saved(photo().quantize(64), "PNG", transparency=3),
    "png-palette-many-transparent": lambda: saved(
        photo().quantize(64), "PNG", transparency=bytes(range(64))
    ),
    "png-grey-transparent": lambda: saved(photo().convert("L"), "PNG", transparency=128),
    "png-colour-transparent": lambda: saved(photo(), "PNG", transparency=(128, 128, 128)),
    "png-grey-alpha": lambda: saved(photo().convert("LA"), "PNG"),
    "png-alpha": lambda: saved(photo().convert("RGBA"), "PNG"),
    "png-16-grey": lambda: deep_png(1, 0x8080),
    "png-16-grey-alpha": lambda: deep_png(2, 0x8080, 0xFFFF),
    "png-16": lambda: deep_png(3, 0x8080),
    "png-16-alpha": lambda: deep_png(4, 0x8080, 0x8080),
    "png-16-grey-transparent": lambda: png(
        SIZE, 16, 0, (b"\0" + b"\x80\x80" * SIZE[0]) * SIZE[1], chunk(b"tRNS", b"\x80\x80")
    ),
    "png-16-transparent": lambda: png(
        SIZE, 16, 2, (b"\0" + b"\x80\x80" * 3 * SIZE[0]) * SIZE[1], chunk(b"tRNS", b"\x80\x80" * 3)
    ),
    "png-interlaced": interlaced,
    "png-animated": lambda: animated("PNG"),
    "png-texts": lambda: saved(photo(), "PNG", pnginfo=_pnginfo()),
    "png-text-bomb": text_bomb,
    "png-damaged-side-chunk": lambda: (
        saved(photo(), "PNG")[:33]
        + chunk(b"tEXt", b"a\0b")[:-1]
        + b"\0"
        + saved(photo(), "PNG")[33:]
    ),
    "png-damaged-profile": lambda: png(
        SIZE, 8, 0, (b"\0" + b"\x80" * SIZE[0]) * SIZE[1], chunk(b"iCCP", b"x\0\0" + b"no")
    ),
    "png-profile-bomb": lambda: png(
        SIZE,
        8,
        0,
        (b"\0" + b"\x80" * SIZE[0]) * SIZE[1],
        chunk(b"iCCP", b"x\0\0" + zlib.compress(b"\0" * 50_000_000, 9)),
    ),
    "png-gamma-zero": lambda: png(
        SIZE, 8, 0, (b"\0" + b"\x80" * SIZE[0]) * SIZE[1], chunk(b"gAMA", b"\0\0\0\0")
    ),
    "png-too-many-points-of-data": lambda: png(
        SIZE, 8, 0, (b"\0" + b"\x80" * SIZE[0]) * SIZE[1] + b"\0" * 9_000_000
    ),
    "png-24-megapixels": lambda: saved(plain(size=(4900, 4900)), "PNG"),
    "webp": lambda: saved(photo(), "WEBP"),
    "webp-lossless": lambda: saved(photo(), "WEBP", lossless=True),
    "webp-alpha": lambda: saved(photo().convert("RGBA"), "WEBP"),
    "webp-animated": lambda: animated("WEBP"),
    "webp-exif": lambda: saved(photo(), "WEBP", exif=exif(t274=6)),
    "webp-profile": lambda: saved(photo(), "WEBP", icc_profile=profile_bytes("sRGB")),
    "webp-then-more": lambda: saved(photo(), "WEBP") + b"\0" * 99,
}

_NONE = "No es una imagen: el archivo dice .jpg pero contiene otra cosa"
_DAMAGED = "La imagen está dañada o llegó incompleta"
_COSTLY = "pide demasiado trabajo"
_POINTS = "demasiados puntos"
REFUSED: dict[str, tuple[Make, str]] = {
    "empty": (lambda: b"", "está vacío"),
    "nothing": (lambda: b"\0" * 5000, _NONE),
    "text": (lambda: b"hola", _NONE),
    "pdf": (lambda: b"%PDF-1.7\n", "un PDF"),
    "svg": (lambda: b"<svg xmlns='http://www.w3.org/2000/svg'/>", "un dibujo SVG"),
    "html": (lambda: b"<!doctype html><script>alert(1)</script>", "una página web"),
    "zip": (zip_of_nothing, "un ZIP"),
    "gif": (lambda: saved(photo().quantize(9), "GIF"), "una imagen GIF"),
    "gif-animated": (lambda: animated("GIF"), "una imagen GIF"),
    "bmp": (lambda: saved(photo(), "BMP"), "una imagen BMP"),
    "tiff": (lambda: saved(photo(), "TIFF"), "una imagen TIFF"),
    "ico": (lambda: saved(photo().resize((64, 64)), "ICO"), "un icono"),
    "jpeg-2000": (lambda: saved(photo(), "JPEG2000"), "una imagen JPEG 2000"),
    "avif": (lambda: saved(photo(), "AVIF"), "una imagen AVIF"),
    "heic": (lambda: b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "una imagen HEIC"),
    "video": (lambda: b"\0\0\0\x18ftypisom\0\0\2\0", "un video"),
    "photoshop": (lambda: b"8BPS\0\1" + b"\0" * 90, "un archivo de Photoshop"),
    "jpeg-start-only": (lambda: b"\xff\xd8\xff", _DAMAGED),
    "jpeg-half": (lambda: saved(photo((1200, 1500)), quality=95)[:9000], _DAMAGED),
    "jpeg-no-points": (lambda: b"\xff\xd8\xff\xd9", _DAMAGED),
    "jpeg-zero-height": (lambda: resized_header(saved(photo()), 480, 0), _DAMAGED),
    "jpeg-without-end": (lambda: saved(photo())[:-2], _DAMAGED),
    "jpeg-bomb": (lambda: resized_header(saved(photo()), 65500, 65500), _POINTS),
    "jpeg-12-bits": (
        lambda: saved(photo()).replace(b"\xff\xc0\0\x11\x08", b"\xff\xc0\0\x11\x0c"),
        "variante poco común",
    ),
    "jpeg-lossless": (
        lambda: saved(photo()).replace(b"\xff\xc0", b"\xff\xc3"),
        "variante poco común",
    ),
    "jpeg-many-scans": (lambda: jpeg_of_many_scans((3000, 4000), 3000), _COSTLY),
    "jpeg-scans-of-many-points": (lambda: jpeg_of_many_scans((6000, 6000), 30), _COSTLY),
    "jpeg-progressive-too-large": (
        lambda: resized_header(saved(photo(), progressive=True), 9000, 9000),
        _POINTS,
    ),
    "jpeg-many-segments": (
        lambda: b"\xff\xd8" + b"\xff\xfe\0\2" * 90_000 + saved(photo())[2:],
        _COSTLY,
    ),
    "png-start-only": (lambda: b"\x89PNG\r\n\x1a\n", _DAMAGED),
    "png-half": (lambda: saved(photo((1200, 1500)), "PNG")[:20_000], _DAMAGED),
    "png-zero": (lambda: png((0, 600), 8, 0, b""), _DAMAGED),
    "png-no-points": (lambda: png(SIZE, 8, 0, b""), _DAMAGED),
    "png-bad-head": (lambda: bad_crc(saved(photo(), "PNG")), _DAMAGED),
    "png-impossible-depth": (lambda: png(SIZE, 3, 2, b"\0" * 99), _DAMAGED),
    "png-bomb": (lambda: png((9000, 9000), 8, 6, b"\0" * 9_000_000), _POINTS),
    "png-says-billions": (lambda: png((2**31 - 1, 2**31 - 1), 8, 6, b"\0"), _POINTS),
    "png-many-chunks": (
        lambda: (
            saved(photo(), "PNG")[:33] + chunk(b"tEXt", b"") * 90_000 + saved(photo(), "PNG")[33:]
        ),
        _COSTLY,
    ),
    "webp-start-only": (lambda: b"RIFF\x04\0\0\0WEBP", _DAMAGED),
    "webp-half": (lambda: saved(photo((1200, 1500)), "WEBP", quality=99)[:4000], _DAMAGED),
    "webp-too-large": (lambda: saved(plain(size=(4100, 4100)), "WEBP"), _POINTS),
    "webp-damaged": (
        lambda: saved(photo(), "WEBP")[:40] + b"\xff" * 200 + saved(photo(), "WEBP")[240:],
        _DAMAGED,
    ),
}
