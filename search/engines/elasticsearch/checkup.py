"""What is wrong with the search server, its index or its jobs, and what to do, in Spanish."""

from collections.abc import Iterator
from datetime import timedelta

from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from search.engines.elasticsearch import index, indexing, schema, tasks
from search.engines.elasticsearch.errors import Unavailable, server_errors

# A job that nobody took in this time is waiting for a worker that does not run.
LATE = timedelta(minutes=10)
NO_SERVER = (
    "El servidor de búsqueda no contesta ({kind}). Mientras tanto busca PostgreSQL. Revisa que esté"
    " en marcha, y ELASTICSEARCH_URL."
)
NO_INDEX = (
    "No hay un índice de esta versión. Mientras tanto busca PostgreSQL. Ejecuta"
    " «python manage.py search_rebuild»."
)
RED = (
    "El índice está en rojo: le falta una parte. Mientras tanto busca PostgreSQL. Recupera el nodo"
    " o ejecuta «python manage.py search_rebuild»."
)
YELLOW = "El índice está en amarillo: hay réplicas sin nodo que las tenga (ELASTICSEARCH_REPLICAS)."
NO_WRITING = (
    "El servidor no admite cambios en el índice, como cuando su disco está lleno. Libera espacio;"
    " los cambios que esperan entran solos."
)
UNFINISHED = (
    "Una reconstrucción quedó a medias. La siguiente la borra: ejecuta"
    " «python manage.py search_rebuild»."
)
DIFFERENT = (
    "El índice no está al día: faltan {missing}, hay {stale} de otra versión y {gone} que ya no"
    " están. Ejecuta «python manage.py search_reconcile»."
)
FAILED = (
    "{number} cambios no entraron en el índice. En el administrador, «Buscador», pulsa"
    " «Reintentar»."
)
WAITING = (
    "{number} cambios esperan desde hace más de diez minutos. Revisa que el proceso de la cola"
    " («procrastinate worker») esté en marcha."
)


def checkup() -> tuple[indexing.Difference, list[str]]:
    """In what the index differs from the public rows, and everything that is wrong."""
    problems: list[str] = []
    try:
        problems += _of_server()
        found = indexing.difference()
    except Unavailable as unavailable:
        of_server = problems or [NO_SERVER.format(kind=unavailable.kind)]
        return indexing.Difference(0), [*of_server, *_of_jobs()]
    problems += _of_jobs()
    if found.candidacy_ids and NO_INDEX not in problems:
        counts = {name: len(getattr(found, name)) for name in ("missing", "stale", "gone")}
        problems.append(DIFFERENT.format(**counts))
    return found, problems


def _of_server() -> Iterator[str]:
    """What is wrong with the index, as it is found out. Raises: Unavailable."""
    with server_errors():
        client = index.patient()
        targets = index.written_to()
        if index.under_way() in targets and not _is_rebuilding():
            yield UNFINISHED
        if schema.alias() not in targets:
            yield NO_INDEX
            return
        status = client.cluster.health(index=schema.alias())["status"]
        if status in {"red", "yellow"}:
            yield RED if status == "red" else YELLOW
        said = client.indices.get_settings(index=schema.alias(), flat_settings=True)
        if any(_is_blocked(one["settings"]) for one in said.values()):
            yield NO_WRITING


def _is_blocked(settings: dict[str, str]) -> bool:
    return any(
        settings.get(f"index.blocks.{name}") == "true"
        for name in ("write", "read_only", "read_only_allow_delete")
    )


def _is_rebuilding() -> bool:
    """Whether a process holds the lock of a rebuild now."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_xact_lock(%s)", [indexing.REBUILDING])
        [is_free] = cursor.fetchone()
    return not is_free


def _of_jobs() -> Iterator[str]:
    """Changes that failed, and changes that no worker takes (two queries)."""
    jobs = ProcrastinateJob.objects.filter(task_name__in=tasks.INDEXING)
    if failed := jobs.filter(status="failed").count():
        yield FAILED.format(number=failed)
    late = jobs.filter(
        status="todo",
        attempts=0,
        procrastinateevent__type="deferred",
        procrastinateevent__at__lt=timezone.now() - LATE,
    )
    if waiting := late.count():
        yield WAITING.format(number=waiting)
