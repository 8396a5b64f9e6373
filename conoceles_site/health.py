"""Being alive is not being ready: /healthz always answers, and /readyz asks each dependency.

Anybody may ask as often as they like. So an answer that costs something is kept for a moment, and
only one request at a time finds it out.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from django.conf import settings
from django.core.files.storage import storages
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache

from search.engines import fallback
from search.engines.elasticsearch import ElasticsearchEngine, client
from search.engines.postgres import PostgresEngine, functions

OK = "ok"
# The storages that files are written to. Any other storage is asked as well.
WRITTEN = ("default", "photographs", "imports")


@dataclass
class Finding:
    """What was found out last, and until when it is valid (seconds of the monotonic clock)."""

    find: Callable[[], str]
    seconds: float
    seconds_when_wrong: float
    state: str = ""
    until: float = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def now(self) -> str:
        """The state. While one request finds it out, the others get the previous state."""
        if time.monotonic() < self.until:
            return self.state
        if not self.lock.acquire(blocking=not self.state):
            return self.state
        try:
            if time.monotonic() >= self.until:
                self.state = self.find()
                kept = self.seconds if self.state == OK else self.seconds_when_wrong
                self.until = time.monotonic() + kept
            return self.state
        finally:
            self.lock.release()

    def forget(self) -> None:
        """Find it out again at the next request."""
        self.state, self.until = "", 0


@never_cache
def alive(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok", content_type="text/plain")


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("select 1")
    except DatabaseError:
        return "sin conexión"
    return OK


def _migrations() -> str:
    try:
        executor = MigrationExecutor(connection)
        pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
        has_functions = functions.are_in_place()
    except DatabaseError:
        return "sin conexión"
    if pending:
        return "hay migraciones pendientes"
    return OK if has_functions else "faltan las funciones de la búsqueda: ejecuta «migrate»"


def _files() -> str:
    for alias in WRITTEN:
        try:
            storages[alias].probe()  # type: ignore[attr-defined]
        except OSError:
            return "no se pueden escribir"
    return OK


def _search() -> str:
    """The engine that answers searches. It is no condition, since PostgreSQL always can."""
    if not client.is_configured():
        return PostgresEngine.name
    if why := fallback.trouble():
        return f"{PostgresEngine.name}, porque el servidor de búsqueda {why}"
    return ElasticsearchEngine.name


# A migration that was applied is not undone while a process lives.
migrations = Finding(_migrations, seconds=60, seconds_when_wrong=2)
files = Finding(_files, seconds=5, seconds_when_wrong=1)
search = Finding(_search, seconds=5, seconds_when_wrong=5)


@never_cache
def ready(request: HttpRequest) -> JsonResponse:
    """200 if the process can serve; 503, with what is missing, if it cannot."""
    dependencies = {"base_de_datos": _database(), "archivos": files.now()}
    if dependencies["base_de_datos"] == OK:
        dependencies["migraciones"] = migrations.now()
    is_ready = all(state == OK for state in dependencies.values())
    body = {
        "listo": is_ready,
        "funcion": settings.CONOCELES_ROLE,
        "dependencias": dependencies,
        "busqueda": search.now(),
    }
    return JsonResponse(body, status=200 if is_ready else 503)


class ProbesMiddleware:
    """Answers probes before anything else, since they know neither the site's name nor HTTPS."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.probes = {"/healthz": alive, "/readyz": ready}

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.probes.get(request.path_info, self.get_response)(request)
