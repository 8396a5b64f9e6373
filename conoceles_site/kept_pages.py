"""Answers public pages that were made before, while nothing that they show has changed (ADR 0042).

It comes before all other middleware: an answer that is kept leaves with the headers that it was
kept with. What it depends on is noted while it is made (`cms.published.scope`), and compared with
the versions of the database at each request (`cms.published.versions`).
"""

import time
from collections.abc import Callable, Container

from django.conf import settings
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponsePermanentRedirect,
    HttpResponseRedirect,
)
from django.http.response import HttpResponseBase
from django.urls import Resolver404, is_valid_path, resolve

from cms.published import caching, scope, selectors, versions
from conoceles_site import encodings, errors, headers, kept_answers, logs, page_store
from conoceles_site.kept_answers import Answer, Asked
from conoceles_site.page_store import Entry
from conoceles_site.private_pages import is_personal

KEPT_STATUSES = frozenset({200, 301, 302, 404, 410})
# What Django's own code expects of a redirect.
_REDIRECTS = {301: HttpResponsePermanentRedirect, 302: HttpResponseRedirect}
# They belong to one request, or are written anew for each.
OF_THE_REQUEST = frozenset({"content-length", "content-encoding", "etag", "vary", "date"})
# The name of the route of all pages that staff edit in the CMS.
CMS_PAGE = "wagtail_serve"


class KeptPagesMiddleware:
    """Answers from the store, or lets the page be made and keeps it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        # Read before the first visitor comes, once for all workers.
        page_store.release()

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        asked = asked_by(request)
        if not asked.may_be_kept or is_personal(request) or request.META.get("SCRIPT_NAME"):
            return self.get_response(request)
        started = time.perf_counter()
        address = kept_answers.address_of(asked)
        entry = page_store.get(address)
        try:
            reading = versions.refresh()
        except versions.Refused:
            return _unavailable(request, started)
        except versions.OutOfReach:
            return _without_database(request, asked, address, entry, started)
        if entry is not None and kept_answers.holds(entry, asked):
            return _from_the_store(request, kept_answers.written(asked, address, entry), started)
        if (answer := kept_answers.confirmed(asked, address)) is not None:
            return _from_the_store(request, answer, started)
        return self._make(request, asked, address, reading, started)

    def _make(
        self, request: HttpRequest, asked: Asked, address: str, reading: int, started: float
    ) -> HttpResponseBase:
        with scope.collecting() as found:
            if leads_nowhere(asked.path, selectors.editorial_paths):
                address = kept_answers.address_of_nowhere(asked)
                entry = page_store.get(address)
                if entry is not None and kept_answers.holds(entry, asked):
                    answer = kept_answers.written(asked, address, entry)
                    return _from_the_store(request, answer, started)
            setattr(request, headers.LATER, True)
            # The headers of an answer to HEAD are those of the answer to GET, which is kept.
            request.method = "GET"
            response = self.get_response(request)
            request.method = asked.method
        entry = _entry(request, asked, address, response, found, reading)
        if entry is None:
            return headers.tagged(request, response)
        page_store.keep(address, entry)
        return _as_kept(response, kept_answers.written(asked, address, entry))


def asked_by(request: HttpRequest) -> Asked:
    """What counts of a request of Django's."""
    meta = request.META
    forwarded = settings.USE_X_FORWARDED_HOST and "HTTP_X_FORWARDED_HOST" in meta
    host = "HTTP_X_FORWARDED_HOST" if forwarded else "HTTP_HOST"
    # Without the header Django takes the name of the server. No visitor can send one with a slash.
    unnamed = f"/{meta.get('SERVER_NAME')}:{meta.get('SERVER_PORT')}"
    return Asked(
        method=request.method or "",
        scheme=str(request.scheme),
        host=meta.get(host, unnamed),
        path=request.path_info,
        query=meta.get("QUERY_STRING", ""),
        accept=meta.get("HTTP_ACCEPT", ""),
        accept_encoding=meta.get("HTTP_ACCEPT_ENCODING", ""),
        copies=meta.get("HTTP_IF_NONE_MATCH", ""),
        content_type=meta.get("CONTENT_TYPE", ""),
    )


def leads_nowhere(path: str, editorial_paths: Callable[[], Container[str]]) -> bool:
    """Whether no page has this address, nor the one with a slash at its end.

    All such addresses get the same page, so that nobody fills the store with them.

    Args:
        editorial_paths: gives the paths of the pages that staff edit; called only if it decides.
    """
    try:
        match = resolve(path)
    except Resolver404:
        return path.endswith("/") or not is_valid_path(f"{path}/")
    return match.url_name == CMS_PAGE and match.args[0] not in editorial_paths()


def _entry(
    request: HttpRequest,
    asked: Asked,
    address: str,
    response: HttpResponseBase,
    found: scope.Scope,
    reading: int,
) -> Entry | None:
    """The answer as it may be kept; None if it may not."""
    if not _may_be_kept(request, asked, response, found):
        return None
    known = versions.unchanged_since(reading, found.names)
    until = float("inf") if found.until is None else found.until.timestamp()
    if known is None or until <= time.time():
        return None
    body = bytes(response.content)  # type: ignore[attr-defined]
    encoding = encodings.IDENTITY
    if page_store.is_worth_compressing(body):
        wanted = encodings.negotiate(asked.accept_encoding)
        encoding = encodings.ZSTD if wanted == encodings.IDENTITY else wanted
    is_page = response.status_code == 200
    return Entry(
        status=response.status_code,
        headers=_headers(response),
        versions=tuple(sorted(known.items())),
        until=until,
        tag=kept_answers.tag_of(address, until, known) if is_page else "",
        route=logs.route_of(request) if response.status_code != 404 else logs.NO_ROUTE,
        bodies={encoding: encodings.compress(body, encoding)},
    )


def _headers(response: HttpResponseBase) -> tuple[tuple[str, str], ...]:
    """The headers that are kept. A redirect of Django's says nothing of caches by itself."""
    kept = [item for item in response.items() if item[0].lower() not in OF_THE_REQUEST]
    if response.status_code in kept_answers.REDIRECTS and not response.has_header("Cache-Control"):
        kept.append(("Cache-Control", caching.PUBLIC))
    return tuple(kept)


def _may_be_kept(
    request: HttpRequest, asked: Asked, response: HttpResponseBase, found: scope.Scope
) -> bool:
    control = response.get("Cache-Control", "")
    return (
        not getattr(request, "is_preview", False)
        and response.status_code in KEPT_STATUSES
        and kept_answers.fits(response.status_code, asked)
        and bool(found.names)
        and not response.streaming
        and not response.cookies
        and not response.has_header("Content-Encoding")
        and "private" not in control
        and ("no-store" not in control or response.status_code >= 400)
        and "cookie" not in response.get("Vary", "").lower()
    )


def _from_the_store(request: HttpRequest, answer: Answer, started: float) -> HttpResponse:
    """An answer that was kept, and its line in the log."""
    request.META[page_store.FROM_THE_STORE] = True
    logs.begin_request()
    logs.log_request(
        method=request.method,
        route=answer.route or logs.route_of(request),
        status=answer.status,
        started=started,
    )
    return _response(answer)


def _as_kept(made: HttpResponse, answer: Answer) -> HttpResponse:
    """The answer that was just made, as it was kept."""
    if made.status_code != answer.status or answer.status in _REDIRECTS:
        return _response(answer)
    made.content = answer.body
    for name, value in answer.headers:
        if made.headers.get(name) != value:
            made.headers[name] = value
    return made


def _response(answer: Answer) -> HttpResponse:
    make = _REDIRECTS.get(answer.status)
    location = next((value for name, value in answer.headers if name == "Location"), "")
    response = make(location) if make else HttpResponse(answer.body, status=answer.status)
    del response["Content-Type"]
    for name, value in answer.headers:
        response[name] = value
    return response


def _without_database(
    request: HttpRequest, asked: Asked, address: str, entry: Entry | None, started: float
) -> HttpResponse:
    """While the database is out of reach nothing can have changed that this process should show."""
    fresh = versions.seconds_since_reading() <= settings.KEPT_PAGES_WITHOUT_DATABASE_SECONDS
    if fresh and entry is not None and kept_answers.holds(entry, asked):
        return _from_the_store(request, kept_answers.written(asked, address, entry), started)
    return _unavailable(request, started)


def _unavailable(request: HttpRequest, started: float) -> HttpResponse:
    response = errors.out_of_reach(request)
    logs.begin_request()
    logs.log_request(
        method=request.method, route=logs.route_of(request), status=503, started=started
    )
    return response
