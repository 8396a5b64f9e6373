"""Documents on paper: accessible PDFs (PDF/UA-1), made by typst from the templates of `print/`.

A template is a `.typ` file in `templates/print/` that begins with `#import "base.typ": *`. It gets
a dictionary, `data`, whose texts are texts: nothing that somebody typed is read as markup.
"""

import json
import tempfile
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import regex
import segno
import typst
from django.conf import settings
from fontTools.ttLib import TTFont

_FONTS = Path(__file__).parent / "fonts"
_TEMPLATES = Path(__file__).parents[2] / "templates" / "print"
NO_SIGN = "□"
MARK = "DATOS FICTICIOS · Copia de capacitación"


@cache  # One value: the fonts of this folder.
def _fonts() -> typst.Fonts:
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(_FONTS)]
    )


@cache  # As many as there are templates.
def _template(name: str) -> bytes:
    return (_TEMPLATES / name).read_bytes()


@cache  # One value.
def _printable() -> frozenset[int]:
    """The characters that a font of ours has."""
    known: set[int] = set(map(ord, "\n\r\t"))
    for name in ("PublicSans-Regular.ttf", "DejaVuSans.ttf"):
        known.update(TTFont(_FONTS / name, lazy=True).getBestCmap())
    return frozenset(known)


def as_printed(value: Any) -> Any:
    """The same value, where each sign that no font of ours has is a «□».

    A document that says what it cannot show is better than none: PDF/UA refuses missing signs.
    """
    if isinstance(value, str):
        if all(ord(character) in _printable() for character in value):
            return value
        return "".join(map(_sign, regex.findall(r"\X", value)))
    if isinstance(value, Mapping):
        return {key: as_printed(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [as_printed(inner) for inner in value]
    return value


def _sign(cluster: str) -> str:
    return cluster if all(ord(character) in _printable() for character in cluster) else NO_SIGN


def pdf(
    template: str,
    data: Mapping[str, Any],
    *,
    title: str,
    at: datetime,
    pictures: Mapping[str, bytes] | None = None,
) -> bytes:
    """A document as PDF/UA-1, the same bytes for the same arguments.

    Args:
        template: the name of a file of `templates/print/`, without `.typ`.
        data: what the template shows; anything that JSON can hold.
        title: of the document, as readers of PDF show it.
        at: when it was made. Only a fixed instant gives the same bytes again.
        pictures: files beside the template, by name: `image("portrait.jpg", alt: …)`.

    Raises: typst.TypstError for a template that is wrong, e.g. a picture without its words.
    """
    inputs = {
        "data": json.dumps(as_printed(data), ensure_ascii=False),
        "title": as_printed(title),
        "mark": MARK if settings.CONOCELES_TRAINING else "",
    }
    with tempfile.TemporaryDirectory(prefix="conoceles-print-") as folder:
        root = Path(folder)
        for name in ("base.typ", f"{template}.typ"):
            (root / name).write_bytes(_template(name))
        for name, content in (pictures or {}).items():
            (root / name).write_bytes(content)
        compiler = typst.Compiler(
            input=str(root / f"{template}.typ"),
            root=folder,
            font_paths=_fonts(),
            ignore_system_fonts=True,
            sys_inputs=inputs,
        )
        made = compiler.compile(format="pdf", pdf_standards=["ua-1"], timestamp=int(at.timestamp()))
    if not isinstance(made, bytes):
        raise TypeError("typst makes one file of a document")
    return made


def qr(address: str) -> bytes:
    """An address as the SVG picture of a QR code, for `pictures`.

    Any of the eight masks can be read. Choosing the best takes ten times as long as the rest.
    """
    written = BytesIO()
    segno.make(address, error="m", micro=False, mask=2).save(written, kind="svg", border=4, scale=4)
    return written.getvalue()
