"""What `manage.py check --database default` says of the search."""

from collections.abc import Sequence
from typing import Any

from django.core import checks
from django.db import DatabaseError

from search.engines.postgres import functions


@checks.register(checks.Tags.database)
def functions_are_in_place(
    app_configs: Any = None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[checks.CheckMessage]:
    """The functions in the database must be those of this version of the code."""
    if not databases or "default" not in databases:
        return []
    try:
        if functions.are_in_place() or not functions.has_its_tables("default"):
            return []
    except DatabaseError:
        return []  # That there is no connection is not for this check to say.
    return [
        checks.Warning(
            "Las funciones de la búsqueda que tiene la base de datos no son las de esta versión.",
            hint="Ejecuta «python manage.py migrate».",
            id="search.W001",
        )
    ]
