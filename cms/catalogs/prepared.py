"""Queries that the database parses and plans once for each connection, not each time.

Django writes values into the text of a query, so that each is a new one to the database. Planning
what a page asks takes as long as answering it, so what is asked on every page is prepared, by its
text, the first time on a connection. A proxy that shares a connection between transactions must
know of prepared queries (PgBouncer from 1.21 on).
"""

from functools import cached_property
from typing import Any, Generic, TypeVar, cast

from django.db import connection
from django.db.backends.postgresql.base import ServerBindingCursor
from django.db.backends.utils import CursorWrapper
from django.db.models import Model

Row = TypeVar("Row", bound=Model)


def cursor() -> CursorWrapper:
    """A cursor of the default database whose queries are prepared (`prepare_threshold`: 0).

    Values have the types that Python gives them: cast them where the query leaves them open.
    """
    if connection.queries_logged:
        # It records each query with its values, which psycopg does not know of prepared ones.
        return connection.cursor()
    connection.close_if_health_check_failed()
    connection.ensure_connection()
    # Its types lack the argument.
    return connection.make_cursor(cast(Any, ServerBindingCursor)(connection.connection))


class Read(Generic[Row]):
    """One row of a model, by a condition: its query is written once, and prepared.

    Django writes the text of each query anew, which takes longer than to answer such a query.

    Args:
        model: its columns are all in one table.
        where: SQL over that table, with `%s` for each value.
        order: SQL; the first row counts.
        is_locked: whether the row is locked until the transaction ends.
    """

    def __init__(
        self, model: type[Row], where: str, *, order: str = "id", is_locked: bool = False
    ) -> None:
        self._model, self._where, self._order, self._is_locked = model, where, order, is_locked

    @cached_property
    def _text(self) -> str:
        meta = self._model._meta
        columns = ", ".join(f'"{field.column}"' for field in meta.local_concrete_fields)
        lock = " FOR UPDATE" if self._is_locked else ""
        return (
            f'SELECT {columns} FROM "{meta.db_table}" WHERE {self._where}'  # noqa: S608 (constants)
            f" ORDER BY {self._order} LIMIT 1{lock}"
        )

    @cached_property
    def _names(self) -> list[str]:
        return [field.attname for field in self._model._meta.local_concrete_fields]

    @cached_property
    def _converters(self) -> list[tuple[int, Any, Any]]:
        """Place, converter and field of each column that is not kept as Python has it."""
        return [
            (place, converter, field.cached_col)
            for place, field in enumerate(self._model._meta.local_concrete_fields)
            for converter in field.get_db_converters(connection)
        ]

    def first(self, *values: Any) -> Row | None:
        """The first row; None without one (one query)."""
        with cursor() as prepared:
            prepared.execute(self._text, values)
            found = prepared.fetchone()
        if found is None:
            return None
        columns = list(found)
        for place, converter, column in self._converters:
            columns[place] = converter(columns[place], column, connection)
        return self._model.from_db(connection.alias, self._names, columns)
