"""Answers from the store in the loop of the web worker, without a thread (ADR 0042).

Requests that arrive together wait for one reading of the versions. It is asked on a connection of
its own, without blocking the loop. Whatever is not plainly in the store goes to a thread, as any
request does; so does everything while the database is slow or gone.
"""

import time
from dataclasses import dataclass
from http.client import responses
from typing import Any

import structlog
from django.conf import settings
from django.core.cache import caches
from gunicorn.http.message import Request
from gunicorn.util import http_date

from cms.published import selectors
from conoceles_site import encodings, kept_answers, logs, page_store
from conoceles_site.connections import Connection
from conoceles_site.kept_answers import Answer, Asked
from conoceles_site.kept_pages import leads_nowhere
from conoceles_site.memory_cache import BoundedMemoryCache
from conoceles_site.versions_connection import VersionsConnection

logger = structlog.stdlib.get_logger("conoceles.site")

# How soon the loop looks again whether it may ask, while a thread is asking.
AGAIN_SECONDS = 0.002
# A request with one of these asks for more than a page.
_NOT_QUICK = frozenset(
    {"AUTHORIZATION", "CONTENT-LENGTH", "TRANSFER-ENCODING", "EXPECT", "UPGRADE"}
)


@dataclass(slots=True)
class _Waiting:
    """A complete request that waits for the versions."""

    connection: Connection
    request: Request
    asked: Asked
    address: str
    started: float


def are_possible() -> bool:
    """Whether this process serves public pages, and keeps them in its own memory."""
    return (
        settings.SERVE_PUBLIC_SITE
        and not settings.USE_X_FORWARDED_HOST
        and isinstance(caches[page_store.ALIAS], BoundedMemoryCache)
    )


class QuickAnswers:
    """The quick answers of one worker. Only its loop calls them."""

    def __init__(self, worker: Any) -> None:
        self._worker = worker
        self._database = VersionsConnection(worker.poller, worker.method_queue.defer)
        self._waiting: list[_Waiting] = []
        self._asking: list[_Waiting] = []

    @property
    def seconds_to_next_turn(self) -> float:
        """How long the loop may wait for an event before it calls `turn`."""
        return AGAIN_SECONDS if self._waiting and not self._asking else self._database.PATIENCE

    def takes(self, connection: Connection) -> bool:
        """Whether a complete request is answered here; if not, a thread answers it."""
        request = connection.request
        if request is None or not self._database.is_ready:
            return False
        try:
            return self._takes(connection, request)
        except Exception as error:
            logger.error("unhandled", exc_info=error)
            return False

    def _takes(self, connection: Connection, request: Request) -> bool:
        asked = _asked_by(request)
        if asked is None:
            return False
        address = kept_answers.address_of(asked)
        if _found(asked, address) is None:
            return False
        started = time.perf_counter()
        self._waiting.append(_Waiting(connection, request, asked, address, started))
        return True

    def turn(self) -> None:
        """Ask for those who arrived before now, unless others are waiting for an answer."""
        if self._asking:
            self._database.give_up_if_late()
            return
        if not self._waiting:
            return
        waiting = self._waiting
        self._asking, self._waiting = waiting, []
        if not self._database.is_ready or _has_waited(waiting[0]):
            self._settle(learned=False)
        elif not self._database.ask(self._settle):
            self._asking, self._waiting = [], waiting

    def _settle(self, *, learned: bool) -> None:
        """The versions are known, or they are not: answer, or leave the requests to threads."""
        waited, self._asking = self._asking, []
        for one in waited:
            keep_alive = self._worker.alive and not one.request.should_close()
            data = _answer(one, keep_alive=keep_alive) if learned else None
            if data is None:
                self._worker.leave_to_thread(one.connection)
            else:
                self._worker.answer_at_once(one.connection, data, keep_alive=keep_alive)


def _has_waited(one: _Waiting) -> bool:
    """Whether threads were reading for so long that one of them may have the request."""
    return time.perf_counter() - one.started > VersionsConnection.PATIENCE


def _asked_by(request: Request) -> Asked | None:
    """What counts of a request; None if it is not plain that it asks for no more than a page."""
    path, query = str(request.path or ""), str(request.query or "")
    if not path.startswith("/") or "%" in path or not (path.isascii() and query.isascii()):
        return None
    headers: dict[str, str] = {}
    for name, value in request.headers:
        if name in _NOT_QUICK:
            return None
        headers[name] = f"{headers[name]},{value}" if name in headers else value
    if settings.SERVE_INTERNAL_SITE and settings.SESSION_COOKIE_NAME in headers.get("COOKIE", ""):
        return None
    asked = Asked(
        method=request.method,
        scheme=_scheme(request, headers),
        host=headers.get("HOST", ""),
        path=path,
        query=query,
        accept=headers.get("ACCEPT", ""),
        accept_encoding=headers.get("ACCEPT-ENCODING", ""),
        copies=headers.get("IF-NONE-MATCH", ""),
        content_type=headers.get("CONTENT-TYPE", ""),
    )
    return asked if asked.may_be_kept else None


def _scheme(request: Request, headers: dict[str, str]) -> str:
    """As Django decides it: what the proxy in front says, if one is believed."""
    if settings.SECURE_PROXY_SSL_HEADER:
        name, secure = settings.SECURE_PROXY_SSL_HEADER
        said = headers.get(name.removeprefix("HTTP_").replace("_", "-"))
        if said is not None:
            return "https" if said.split(",", 1)[0].strip() == secure else "http"
    return str(request.scheme)


def _found(asked: Asked, address: str) -> tuple[str, page_store.Entry] | None:
    """What is kept for a request, and under which address."""
    entry = page_store.get(address)
    if entry is None:
        paths = selectors.remembered_editorial_paths()
        if paths is not None and leads_nowhere(asked.path, lambda: paths):
            address = kept_answers.address_of_nowhere(asked)
            entry = page_store.get(address)
    return None if entry is None else (address, entry)


def _answer(one: _Waiting, *, keep_alive: bool) -> bytes | None:
    """The bytes of the answer to a request, if it takes no work, and its line in the log."""
    try:
        answer = _kept(one)
        if answer is None:
            return None
        data = _as_bytes(one.request, answer, keep_alive=keep_alive)
    except Exception as error:
        logger.error("unhandled", exc_info=error)
        return None
    logs.begin_request()
    logs.log_request(
        method=one.asked.method, route=answer.route, status=answer.status, started=one.started
    )
    return data


def _kept(one: _Waiting) -> Answer | None:
    found = _found(one.asked, one.address)
    if found is None or not kept_answers.holds(found[1], one.asked):
        return None
    address, entry = found
    encoding = encodings.negotiate(one.asked.accept_encoding)
    if encoding != encodings.IDENTITY and not {encoding, encodings.IDENTITY} & entry.bodies.keys():
        return None  # It has to be compressed first.
    return kept_answers.written(one.asked, address, entry)


def _as_bytes(request: Request, answer: Answer, *, keep_alive: bool) -> bytes:
    major, minor = request.version
    head = [
        f"HTTP/{major}.{minor} {answer.status} {responses[answer.status]}",
        "Server: gunicorn",
        f"Date: {http_date()}",
        f"Connection: {'keep-alive' if keep_alive else 'close'}",
    ]
    head += [f"{name}: {value}" for name, value in answer.headers]
    return "\r\n".join(head).encode("latin-1") + b"\r\n\r\n" + answer.body
