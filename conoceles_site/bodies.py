"""Limits the size of requests: a request that announces too much is refused before it is read."""

import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from conoceles_site.errors import refused

MEGABYTE = 1024 * 1024
USUAL = 3 * MEGABYTE
# More than a file may weigh, so that the form itself can refuse a file and say how large it was.
WITH_FILES = 32 * MEGABYTE
_TAKES_FILES = re.compile(r"/captura/\d+/|/admin/(?:images|documents|cargas)/")
HOW_TO_MEND = (
    "Lo que enviaste es demasiado grande y no se guardó. Regresa a la página anterior (ahí sigue lo"
    " que escribiste), acorta el texto o elige un archivo más pequeño, y envíalo de nuevo."
)


def largest_body(path: str) -> int:
    """Bytes of the whole request, with its files."""
    return WITH_FILES if _TAKES_FILES.match(path) else USUAL


class BodySizeMiddleware:
    """Answers 413, in words, to a request that announces more than its address accepts."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        announced = request.META.get("CONTENT_LENGTH") or "0"
        if not announced.isdecimal():
            return refused(request, 400)
        if len(announced) > 12 or int(announced) > largest_body(request.path_info):
            return refused(request, 413, HOW_TO_MEND)
        return self.get_response(request)
