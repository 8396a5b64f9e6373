"""Our site, which says in a header how many queries each answer took.

An answer that was kept takes one at most, which reads the versions; one that is rendered takes
more.
"""

from collections.abc import Callable, Iterable
from typing import Any

from django.db import connection

from bench.pages_servers import QUERIES_HEADER
from conoceles_site.wsgi import application as ours


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """The WSGI application."""
    queries = 0

    def counted(execute: Any, *arguments: Any) -> Any:
        nonlocal queries
        queries += 1
        return execute(*arguments)

    def start(status: str, headers: list[tuple[str, str]], *error: Any) -> Any:
        return start_response(status, [*headers, (QUERIES_HEADER, str(queries))], *error)

    with connection.execute_wrapper(counted):
        return ours(environ, start)
