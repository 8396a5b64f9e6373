"""What surrounds the content of public pages: made once by the base template, and then filled in.

A page of a candidacy or of a ballot is asked for thousands of addresses, each for the first time.
The frame around them is the same, so Django's templates write it once, with marks where the
contents go. The contents are written by templates that Jinja compiles to Python.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template import loader
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString

from cms.catalogs.addresses import canonical_base
from cms.catalogs.training import is_training
from cms.published import selectors, versions
from cms.published.by_version import RememberedByVersion

COMPILED: Final = "compiled"
_MAIN: Final = "main"
_PLACES: Final = (
    "title",
    "description",
    "shared_title",
    "summary",
    "base",
    "path",
    "image",
    "image_alt",
    _MAIN,
)
# Letters of private use, which nothing that is published contains.
_MARK: Final = "\ue000{}\ue001"
_MARKED: Final = re.compile(f"\ue000({'|'.join(_PLACES)})\ue001")

_frames: RememberedByVersion[tuple[object, ...], list[str]] = RememberedByVersion(
    1024 * 1024, lambda pieces: 4 * sum(map(len, pieces))
)


@dataclass(frozen=True, slots=True)
class Head:
    """What the head of a page says of it.

    Attributes:
        section: the part of the site's menu that the page belongs to.
        kind: what the page is of for those who share it, "profile" or "website".
        title, shared_title: in the window, and where the page is shared.
        description, summary: the same of its description.
        image, image_alt: the path of a picture of its own; empty where it has none.
        is_indexed: whether search engines may list it.
        is_shared: whether it says how it is shown where somebody shares it.
        changes_in_place: whether it is the page of results, whose parts are replaced with script.
    """

    section: str
    title: str
    description: str
    shared_title: str
    summary: str
    kind: str = "website"
    image: str = ""
    image_alt: str = ""
    is_indexed: bool = True
    is_shared: bool = True
    changes_in_place: bool = False


def page(request: HttpRequest, head: Head, template: str, context: dict[str, Any]) -> HttpResponse:
    """A whole page whose content a compiled template writes.

    Args:
        template: its name below `templates/compiled/`.
        context: what it shows.
    """
    compiled = cast(Any, loader.get_template(template, using=COMPILED)).template
    # Each piece is encoded by itself: most are of plain letters, which takes no time, and the page
    # is not put together as text first.
    main = b"".join(map(str.encode, compiled.generate(context)))
    values = {
        "title": head.title,
        "description": head.description,
        "shared_title": head.shared_title,
        "summary": head.summary,
        "base": canonical_base(request),
        "path": request.path,
        "image": head.image,
        "image_alt": head.image_alt,
    }
    return HttpResponse(b"".join(_filled(_frame(request, head), values, main)))


def _filled(pieces: list[str], values: dict[str, str], main: bytes) -> Iterator[bytes]:
    """Text and the names of places take turns, as `re.split` gives them."""
    for number, piece in enumerate(pieces):
        if not number % 2:
            yield piece.encode()
        elif piece == _MAIN:
            yield main
        else:
            yield conditional_escape(values[piece]).encode()


def _frame(request: HttpRequest, head: Head) -> list[str]:
    said = (head.section, head.kind, bool(head.image), head.is_indexed, head.is_shared)
    serves = (settings.SERVE_INTERNAL_SITE, settings.SERVE_PUBLIC_SITE, settings.PUBLIC_BASE_URL)
    key = (*said, head.changes_in_place, *serves, is_training())
    return _frames.get(key, (versions.SITE,), lambda: _render(request, head))


def _render(request: HttpRequest, head: Head) -> list[str]:
    marks = {name: SafeString(_MARK.format(name)) for name in _PLACES}
    context = {
        "portal": selectors.portal_state(),
        "section": head.section,
        "kind": head.kind,
        "has_image": bool(head.image),
        "is_indexed": head.is_indexed,
        "is_shared": head.is_shared,
        "changes_in_place": head.changes_in_place,
        "mark": marks,
        "canonical_base": marks["base"],
        "request": {"path": marks["path"]},
    }
    html = loader.get_template("portal/frame.html").render(context, request)
    return _MARKED.split(html)
