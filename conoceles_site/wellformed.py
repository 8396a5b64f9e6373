"""Checks the form of a request before anything works on it, and refuses malformed ones in words.

Malformed input fails in unexpected places: a zero byte in the database, a wrong host when a
redirect is built, too many parameters when an error page reads them. It is refused here, once, for
every address (ADR 0024).
"""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import unquote_to_bytes

import structlog
from django.core.exceptions import DisallowedHost, SuspiciousOperation, ValidationError
from django.core.handlers.wsgi import WSGIRequest
from django.db import DataError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.middleware.security import SecurityMiddleware
from django.urls import NoReverseMatch
from django.utils.http import parse_header_parameters
from psycopg.errors import QueryCanceled

from conoceles_site.errors import refused

logger = structlog.stdlib.get_logger("conoceles.site")

NUL = "\x00"
# Characters of an address. The longest useful one names every value of every facet of a process.
LONGEST_ADDRESS = 8000
READING = ("GET", "HEAD", "OPTIONS")
# The methods with which forms are sent. Wagtail's admin sends a PATCH when somebody closes a tip.
WRITING = {
    "/acceso/": (*READING, "POST"),
    "/captura/": (*READING, "POST"),
    "/documentos/": (*READING, "POST"),
    "/admin/": (*READING, "POST", "PATCH"),
}
# The errors that a value of another type raises in code that did not check the type.
OF_INPUT = (
    *(ValueError, TypeError, AttributeError, LookupError, OverflowError, ValidationError),
    NoReverseMatch,  # «?next=x» taken for the name of a view raises this.
)
OUR_CODE = frozenset({"cms", "search", "api", "conoceles_site"})
NO_NUL = "Lleva un carácter nulo, que no es texto: quítalo y vuelve a intentarlo."
NO_UTF8 = "Este sitio lee direcciones y formularios en UTF-8, y la solicitud no lo está."
NO_HOST = "Este sitio no se llama como dice la solicitud: revisa el nombre en la dirección."


def methods_of(path: str) -> tuple[str, ...]:
    """The methods that any address may be asked with; views allow fewer."""
    return next((methods for start, methods in WRITING.items() if path.startswith(start)), READING)


def _left_to(path: str) -> tuple[str, ...]:
    """Methods that the API itself refuses, since it knows which of its addresses exist."""
    return ("POST", "PUT", "PATCH", "DELETE") if path.startswith("/api/") else ()


def refusal(request: HttpRequest) -> HttpResponse | None:
    """The answer that refuses a request which cannot be worked on; None if it can."""
    query = request.META.get("QUERY_STRING", "")
    methods = methods_of(request.path_info)
    if len(request.path) + len(query) > LONGEST_ADDRESS:
        return refused(request, 414)
    if request.method not in (*methods, *_left_to(request.path_info)):
        return refused(request, 405, headers={"Allow": ", ".join(methods)})
    try:
        request.get_host()
    except DisallowedHost:
        return refused(request, 400, NO_HOST)
    headers = [value for name, value in request.META.items() if name.startswith("HTTP_")]
    if NUL in request.path_info or NUL in "".join(headers):
        return refused(request, 400, NO_NUL)
    if not is_plain(query):
        return refused(request, 400, NO_NUL if b"\x00" in _decoded(query) else NO_UTF8)
    if not _says_utf8(request.content_params):
        return refused(request, 400, NO_UTF8)
    try:
        request.GET  # noqa: B018 (read here, so that nothing fails on it later)
    except SuspiciousOperation:
        return refused(request, 400, "La dirección trae demasiados parámetros.")
    _drop_broken_cookies(request)
    return None


def is_plain(query: str) -> bool:
    """Whether a query string is text without zero bytes: no page refuses it for its form."""
    if "%" not in query and query.isascii():
        return NUL not in query
    decoded = _decoded(query)
    try:
        decoded.decode()
    except UnicodeDecodeError:
        return False
    return b"\x00" not in decoded


def _decoded(query: str) -> bytes:
    """The server passes the bytes of an address on as Latin-1 (PEP 3333)."""
    return unquote_to_bytes(query.encode("latin-1", "replace"))


def _says_utf8(content_params: Mapping[str, str] | None) -> bool:
    """Python knows charsets that are not for text («hex»). Forms and JSON are in UTF-8."""
    charset = (content_params or {}).get("charset", "utf-8")
    return charset.strip().lower() in {"", "utf-8", "utf8", "us-ascii", "ascii"}


def _drop_broken_cookies(request: HttpRequest) -> None:
    """No cookie of this site looks like this. Quoted cookies may hold any byte."""
    for name in [name for name, value in request.COOKIES.items() if NUL in name + value]:
        del request.COOKIES[name]


class Utf8Request(WSGIRequest):
    """A request that can always be created; Django's fails while it reads strange content types.

    Django would also use the charset of the body for the address, even «hex», before any middleware
    could answer. Here everything is UTF-8, and `refusal` refuses requests that say otherwise.
    The host is checked once: Django would do so whenever somebody asks for it.
    """

    _host: str | None = None

    def get_host(self) -> str:
        if self._host is None:
            self._host = super().get_host()
        return self._host

    def _set_content_type_params(self, meta: dict[str, Any]) -> None:
        try:
            found = parse_header_parameters(meta.get("CONTENT_TYPE", ""))
        except (ValueError, LookupError):
            found = "", {"charset": "unknown"}
        self.content_type, self.content_params = found


class WellFormedMiddleware:
    """Refuses malformed requests before anything works on them, and answers OPTIONS."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.headers = SecurityMiddleware(get_response)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = refusal(request)
        if answer is None and request.method == "OPTIONS" and not request.path.startswith("/api/"):
            answer = HttpResponse(
                status=204, headers={"Allow": ", ".join(methods_of(request.path_info))}
            )
        if answer is None:
            return self.get_response(request)
        dressed: HttpResponse = self.headers.process_response(request, answer)
        return dressed


class WellFormedBodyMiddleware:
    """Refuses zero bytes in forms and JSON, and answers for values that only the database refuses.

    It runs after the check of the form's token, so a body without a token is not read.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        if request.method not in {"POST", "PATCH"}:
            return None
        if request.content_type == "application/json":
            has_nul = b"\x00" in request.body or b"\\u0000" in request.body
        else:
            sent = [text for name, values in request.POST.lists() for text in (name, *values)]
            sent += [file.name or "" for _name, files in request.FILES.lists() for file in files]
            has_nul = any(NUL in text for text in map(str, sent))
        return refused(request, 400, NO_NUL) if has_nul else None

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """A value that no column accepts is a fault of the request; a slow query is ours."""
        if isinstance(error, DataError):
            logger.warning("refused", exc_info=error)
            return refused(request, 400)
        if _is_of_the_editor(request, error):
            logger.error("refused", exc_info=error)
            return refused(request, 400)
        if isinstance(error, OperationalError) and isinstance(error.__cause__, QueryCanceled):
            logger.error("query too slow", exc_info=error)
            return refused(request, 503, headers={"Retry-After": "30"})
        return None


def _is_of_the_editor(request: HttpRequest, error: Exception) -> bool:
    """Whether one of Wagtail's own views failed over a value that is missing or of another type.

    Those views read many parameters without checking their type («?id=x», a form without its
    fields). An error in our own code is our fault, and is reported as such.
    """
    if not request.path_info.startswith("/admin/") or not isinstance(error, OF_INPUT):
        return False
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_globals.get("__name__", "").partition(".")[0] in OUR_CODE:
            return False
        trace = trace.tb_next
    return True
