"""Alive is not ready: /healthz answers always, /readyz asks each dependency."""

from collections.abc import Callable

from django.conf import settings
from django.core.files.storage import storages
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache


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
    return "ok"


def _migrations() -> str:
    try:
        executor = MigrationExecutor(connection)
        pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return "sin conexión"
    return "ok" if not pending else "hay migraciones pendientes"


def _files() -> str:
    try:
        storages["photographs"].exists("readyz")
    except OSError:
        return "sin acceso"
    return "ok"


@never_cache
def ready(request: HttpRequest) -> JsonResponse:
    """Ready to serve: 200, or 503 naming what is missing."""
    dependencies = {"base_de_datos": _database(), "archivos": _files()}
    if dependencies["base_de_datos"] == "ok":
        dependencies["migraciones"] = _migrations()
    is_ready = all(state == "ok" for state in dependencies.values())
    body = {"listo": is_ready, "funcion": settings.CONOCELES_ROLE, "dependencias": dependencies}
    return JsonResponse(body, status=200 if is_ready else 503)


class ProbesMiddleware:
    """Answers probes before anything else: they know neither the site's name nor HTTPS."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.probes = {"/healthz": alive, "/readyz": ready}

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.probes.get(request.path_info, self.get_response)(request)
