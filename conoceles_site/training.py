"""The mark of a training copy in everything that leaves, and the check at start (ADR 0060).

The templates of this site write the mark themselves. Pages of libraries, and those that an upgrade
of one brings, get it here; so do dialogues of the admin, files and headers.
"""

import json
import re
from collections.abc import Callable, Sequence
from typing import Any, Final

import structlog
from django.conf import settings
from django.core import checks
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.html import format_html

from cms.catalogs import training

logger = structlog.stdlib.get_logger("conoceles.site")

HEADER: Final = "X-Datos-Ficticios"
# What the bar of our own templates has, and the line that is put into other pages.
WRITTEN: Final = b"data-training-mark"
_MAIN: Final = re.compile(rb"<main\b[^>]*>", re.IGNORECASE)
_BODY: Final = re.compile(rb"<body\b[^>]*>", re.IGNORECASE)
_HTML: Final = ("text/html", "application/xhtml+xml")
_FILENAME: Final = re.compile(r"(filename=\"?|filename\*=utf-8'')", re.IGNORECASE)
WARNING: Final = (
    "Esta es una copia de capacitación (CONOCELES_TRAINING=1): cada página dice que los datos son"
    " ficticios y ningún correo sale."
)


def line() -> bytes:
    """The mark as a line of text, for pages that are not made by our templates."""
    return format_html(
        '<p class="training-line" data-training-mark><strong>{}.</strong> {}</p>',
        training.MARK,
        training.NO_MAIL,
    ).encode()


class TrainingMiddleware:
    """Marks each answer of a training copy; elsewhere it does nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        return marked(response) if training.is_training() else response


def marked(response: HttpResponseBase) -> HttpResponseBase:
    """The answer with the header, and with the mark in its page, dialogue or file name."""
    response[HEADER] = training.PLAIN_MARK
    response["X-Robots-Tag"] = "noindex, nofollow"
    if disposition := response.get("Content-Disposition", ""):
        response["Content-Disposition"] = with_prefix(disposition)
    if not response.streaming:
        kind = response.get("Content-Type", "").partition(";")[0]
        if kind in _HTML:
            _mark_page(response)
        elif kind == "application/json":
            _mark_dialogue(response)
    return response


def with_prefix(disposition: str) -> str:
    """A Content-Disposition whose file name says that the data are fictitious."""
    return _FILENAME.sub(rf"\g<1>{training.FILE_PREFIX}", disposition)


def _mark_page(response: Any) -> None:
    """Write the line at the beginning of a page's contents, unless the page has it already."""
    content: bytes = response.content
    if WRITTEN in content:
        return
    place = _MAIN.search(content) or _BODY.search(content)
    if place is not None:
        _replace(response, content[: place.end()] + line() + content[place.end() :])


def _mark_dialogue(response: Any) -> None:
    """Dialogues of the admin arrive as JSON that holds their HTML and the step that they are at."""
    content: bytes = response.content
    if b'"html"' not in content or b'"step"' not in content or WRITTEN in content:
        return
    said = json.loads(content)
    if isinstance(said, dict) and isinstance(said.get("html"), str):
        said["html"] = line().decode() + said["html"]
        _replace(response, json.dumps(said).encode())


def _replace(response: Any, content: bytes) -> None:
    response.content = content
    if "Content-Length" in response:
        response["Content-Length"] = str(len(content))
    # It was made of the page without its mark.
    del response["ETag"]


def training_is_said(
    app_configs: Sequence[Any] | None, **_options: Any
) -> list[checks.CheckMessage]:
    """A warning of `manage.py check`, of `migrate` and of a deployment."""
    if not training.is_training():
        return []
    hint = "Si esta instalación es la de la elección, quita CONOCELES_TRAINING y reinicia."
    return [checks.Warning(WARNING, hint=hint, id="conoceles.W001")]


def say_at_start() -> None:
    """Write it in the log when the server starts: nobody reads a check of days before."""
    if training.is_training():
        logger.warning("training copy", detail=WARNING, production=not settings.DEMO_ALLOWED)
