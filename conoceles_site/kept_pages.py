"""Answers public pages that were made before, while nothing that they show has changed (ADR 0042).

It comes before all other middleware: an answer that is kept leaves with the headers that it was
kept with. What it depends on is noted while it is made (`cms.published.scope`), and compared with
the versions of the database at each request (`cms.published.versions`).
"""

import time
from collections.abc import Callable, Mapping
from hashlib import sha256

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import Resolver404, is_valid_path, resolve

from api.headers import CORS
from api.problems import PREFIX as API
from cms.portal import caching
from cms.published import scope, selectors, versions
from conoceles_site import encodings, errors, logs, page_store
from conoceles_site.page_store import Entry
from conoceles_site.private_pages import is_personal

# First parts of addresses whose answers are not kept here: private ones, and files.
NOT_KEPT = frozenset(
    {"acceso", "captura", "admin", "documentos", "fotos", "media", "static"}
    | {"robots.txt", "favicon.ico"}
)
# The parameters that the pages below each first part read; None: all of them.
READ: dict[str, frozenset[str] | None] = {
    "api": None,
    "buscar": None,
    "municipios": frozenset({"municipio", "proceso"}),
    "candidaturas": frozenset({"q"}),
    "actores.css": frozenset({"v"}),
}
KEPT_STATUSES = frozenset({200, 301, 302, 404, 410})
# They belong to one request, or are written anew for each.
OF_THE_REQUEST = frozenset({"content-length", "content-encoding", "etag", "vary", "date"})
# The name of the route of all pages that staff edit in the CMS.
CMS_PAGE = "wagtail_serve"
LONGEST_TAG = 800
_UNIT = "+"


class KeptPagesMiddleware:
    """Answers from the store, or lets the page be made and keeps it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        # Read before the first visitor comes, once for all workers.
        page_store.release()

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not _is_of_the_public(request) or is_personal(request):
            return self.get_response(request)
        started = time.perf_counter()
        address = address_of(request)
        entry = page_store.get(address)
        try:
            reading = versions.refresh()
        except versions.OutOfReach:
            return _without_database(request, address, entry, started)
        if entry is not None and _holds(entry):
            return _answer(request, address, entry, started)
        if (copy := _copy_that_holds(request, address)) is not None:
            return _not_modified(request, *copy, started)
        return self._make(request, address, reading, started)

    def _make(
        self, request: HttpRequest, address: str, reading: int, started: float
    ) -> HttpResponseBase:
        with scope.collecting() as found:
            if _leads_nowhere(request):
                address = _of_nowhere(request)
                entry = page_store.get(address)
                if entry is not None and _holds(entry):
                    return _answer(request, address, entry, started)
            response = self.get_response(request)
        entry = _entry(request, address, response, found, reading)
        if entry is None:
            return response
        page_store.keep(address, entry)
        return _written(request, address, entry)


def _is_of_the_public(request: HttpRequest) -> bool:
    return request.method in {"GET", "HEAD"} and _first_part(request) not in NOT_KEPT


def _first_part(request: HttpRequest) -> str:
    return request.path_info[1:].partition("/")[0]


def address_of(request: HttpRequest) -> str:
    """What an answer depends on in the request: scheme, host, path, and the parameters that count.

    In the API also whether JSON is accepted, since its answer depends on that.
    """
    query = request.META.get("QUERY_STRING", "")
    first = _first_part(request)
    read = READ.get(first, frozenset())
    if query and read is not None:
        query = "&".join(part for part in query.split("&") if part.partition("=")[0] in read)
    accepted = _unusual(request.META.get("HTTP_ACCEPT", "")) if first == "api" else ""
    host = request.META.get(
        "HTTP_X_FORWARDED_HOST" if settings.USE_X_FORWARDED_HOST else "HTTP_HOST"
    )
    parts = (request.scheme, host, settings.PUBLIC_BASE_URL, accepted, request.path_info, query)
    return "\n".join(map(str, parts))


def _leads_nowhere(request: HttpRequest) -> bool:
    """Whether no page has this address, nor the one with a slash at its end.

    All such addresses get the same page, so that nobody fills the store with them.
    """
    path = request.path_info
    try:
        match = resolve(path)
    except Resolver404:
        return path.endswith("/") or not is_valid_path(f"{path}/")
    return match.url_name == CMS_PAGE and match.args[0] not in selectors.editorial_paths()


def _of_nowhere(request: HttpRequest) -> str:
    """The address under which the page of all addresses that lead nowhere is kept."""
    return "\n".join((str(request.scheme), request.META.get("HTTP_HOST", ""), "404"))


def _unusual(accepted: str) -> str:
    """The media types that a client accepts; nothing if it is plain that JSON is one of them."""
    takes_json = not accepted or "*/*" in accepted or "application/json" in accepted
    return "" if takes_json and "q=0" not in accepted else accepted


def _holds(entry: Entry) -> bool:
    """Whether nothing that the answer shows has changed, and no date has passed."""
    return entry.until > time.time() and all(
        versions.of(name) == version for name, version in entry.versions
    )


def _entry(
    request: HttpRequest,
    address: str,
    response: HttpResponseBase,
    found: scope.Scope,
    reading: int,
) -> Entry | None:
    """The answer as it may be kept; None if it may not."""
    if not _may_be_kept(request, response, found):
        return None
    known = versions.unchanged_since(reading, found.names)
    until = float("inf") if found.until is None else found.until.timestamp()
    if known is None or until <= time.time():
        return None
    body = bytes(response.content)  # type: ignore[attr-defined]
    encoding = encodings.IDENTITY
    if page_store.is_worth_compressing(body):
        wanted = _encoding(request)
        encoding = encodings.ZSTD if wanted == encodings.IDENTITY else wanted
    return Entry(
        status=response.status_code,
        headers=tuple(
            (name, value) for name, value in response.items() if name.lower() not in OF_THE_REQUEST
        ),
        versions=tuple(sorted(known.items())),
        until=until,
        tag=_tag(address, until, known) if response.status_code == 200 else "",
        route=logs.route_of(request) if response.status_code != 404 else logs.NO_ROUTE,
        bodies={encoding: encodings.compress(body, encoding)},
    )


def _may_be_kept(request: HttpRequest, response: HttpResponseBase, found: scope.Scope) -> bool:
    control = response.get("Cache-Control", "")
    return (
        request.method == "GET"
        and not getattr(request, "is_preview", False)
        and response.status_code in KEPT_STATUSES
        and found.may_be_kept
        and bool(found.names)
        and not response.streaming
        and not response.cookies
        and not response.has_header("Content-Encoding")
        and "private" not in control
        and ("no-store" not in control or response.status_code >= 400)
        and "cookie" not in response.get("Vary", "").lower()
    )


# -- entity tags ----------------------------------------------------------------------------------


def _tag(address: str, until: float, known: Mapping[str, int]) -> str:
    """The entity tag of an answer: until when it holds, of what versions, and a digest of them.

    So any process, also one that never made the page, can say that a copy is still right. Nobody
    can make such a tag up: versions are random, and not public.
    """
    edge = "" if until == float("inf") else str(int(until))
    digest = _digest(address, edge, known)
    tag = f"{edge}.{_UNIT.join(sorted(known))}.{digest}"
    return f'W/"{tag}"' if len(tag) <= LONGEST_TAG else f'W/"..{digest}"'


def _digest(address: str, edge: str, known: Mapping[str, int]) -> str:
    versions_of = (f"{name}={version}" for name, version in sorted(known.items()))
    whole = "\n".join((page_store.release(), address, edge, *versions_of))
    return sha256(whole.encode()).hexdigest()[:24]


def _copy_that_holds(request: HttpRequest, address: str) -> tuple[str, float] | None:
    """The tag of a copy of the visitor's that is what the page is now, by the versions alone, and
    until when it is.
    """
    sent = request.META.get("HTTP_IF_NONE_MATCH", "")
    for tag in sent.split('"')[1::2]:
        edge = _edge_if_right(tag, address)
        if edge is not None:
            return f'W/"{tag}"', edge
    return None


def _edge_if_right(tag: str, address: str) -> float | None:
    edge, _, rest = tag.partition(".")
    names, _, digest = rest.rpartition(".")
    if not names or len(tag) > LONGEST_TAG or (edge and not edge.isdecimal()):
        return None
    until = float(edge) if edge else float("inf")
    known = {name: versions.of(name) for name in names.split(_UNIT)}
    is_right = until > time.time() and digest == _digest(address, edge, known)
    return until if is_right else None


def _has_copy(request: HttpRequest, tag: str) -> bool:
    sent = str(request.META.get("HTTP_IF_NONE_MATCH", ""))
    return bool(sent and tag) and (tag[2:] in sent or sent.strip() == "*")


# -- answers --------------------------------------------------------------------------------------


def _answer(request: HttpRequest, address: str, entry: Entry, started: float) -> HttpResponse:
    """An answer that was kept, and its line in the log."""
    response = _written(request, address, entry)
    request.META[page_store.FROM_THE_STORE] = True
    logs.begin_request()
    logs.log_request(request, route=entry.route, status=response.status_code, started=started)
    return response


def _written(request: HttpRequest, address: str, entry: Entry) -> HttpResponse:
    """The response of an entry: 304 if the visitor has it, else in the encoding they accept."""
    if _has_copy(request, entry.tag):
        response = HttpResponse(status=304)
        del response["Content-Type"]
    else:
        encoding, body = _body(request, address, entry)
        response = HttpResponse(b"" if request.method == "HEAD" else body, status=entry.status)
        response["Content-Length"] = str(len(body))
        if encoding != encodings.IDENTITY:
            response["Content-Encoding"] = encoding
    for name, value in entry.headers:
        if response.status_code != 304 or not name.lower().startswith("content-"):
            response[name] = value
    if entry.tag:
        response["ETag"] = entry.tag
    if entry.status < 400 and _is_near(entry.until):
        response["Cache-Control"] = caching.UNTIL_AN_EDGE
    response["Vary"] = "Accept-Encoding"
    return response


def _body(request: HttpRequest, address: str, entry: Entry) -> tuple[str, bytes]:
    if encodings.IDENTITY in entry.bodies:
        return encodings.IDENTITY, entry.bodies[encodings.IDENTITY]
    encoding = _encoding(request)
    body = entry.body_in(encoding)
    if body is None:
        body = encodings.compress(entry.body_in(encodings.IDENTITY) or b"", encoding)
        page_store.keep(address, entry.with_body(encoding, body))
    return encoding, body


def _encoding(request: HttpRequest) -> str:
    return encodings.negotiate(request.META.get("HTTP_ACCEPT_ENCODING", ""))


def _is_near(edge: float) -> bool:
    return edge - time.time() < caching.SHARED_SECONDS


def _not_modified(request: HttpRequest, tag: str, edge: float, started: float) -> HttpResponse:
    """304 without having made the page."""
    response = HttpResponse(status=304)
    del response["Content-Type"]
    response["ETag"] = tag
    response["Cache-Control"] = caching.UNTIL_AN_EDGE if _is_near(edge) else caching.PUBLIC
    response["Vary"] = "Accept-Encoding"
    if request.path_info.startswith(API):
        for name, value in CORS.items():
            response[name] = value
    logs.begin_request()
    logs.log_request(request, route=logs.route_of(request), status=304, started=started)
    return response


def _without_database(
    request: HttpRequest, address: str, entry: Entry | None, started: float
) -> HttpResponse:
    """While the database is out of reach nothing can have changed that this process should show."""
    fresh = versions.seconds_since_reading() <= settings.KEPT_PAGES_WITHOUT_DATABASE_SECONDS
    if fresh and entry is not None and _holds(entry):
        return _answer(request, address, entry, started)
    response = errors.out_of_reach(request)
    logs.begin_request()
    logs.log_request(request, route=logs.route_of(request), status=503, started=started)
    return response
