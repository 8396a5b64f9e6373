"""Queries that the database parses and plans once for each connection, not each time.

Django writes values into the text of a query, so that each is a new one to the database. Planning
what a page asks takes as long as answering it, so what is asked on every page is prepared, by its
text, the first time on a connection. A proxy that shares a connection between transactions must
know of prepared queries (PgBouncer from 1.21 on).

Outside of transactions nothing of Django's or of psycopg's cursors stands between a query and the
database: on a page they took longer than several of its queries.
"""

import re
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from functools import cached_property, lru_cache
from typing import Any, Generic, Self, TypeVar, cast
from weakref import WeakKeyDictionary

import psycopg
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.backends.postgresql.base import ServerBindingCursor
from django.db.backends.utils import CursorWrapper
from django.db.models import Model
from psycopg import pq
from psycopg.adapt import PyFormat, Transformer
from psycopg.errors import InvalidSqlStatementName, error_from_result

Row = TypeVar("Row", bound=Model)
Values = Sequence[Any] | Mapping[str, Any]

# More queries than this are not prepared on a connection; their texts are constants of the code.
MOST_STATEMENTS = 200
_PLACE = re.compile(r"%(?:\((\w+)\))?s")


def cursor() -> "CursorWrapper | DirectCursor":
    """A cursor of the default database whose queries are prepared (`prepare_threshold`: 0).

    Values have the types that Python gives them: cast them where the query leaves them open.
    """
    # Whatever is asked of `connection` looks for it again.
    database = connections[DEFAULT_DB_ALIAS]
    if database.queries_logged:
        # It records each query with its values, which psycopg does not know of prepared ones.
        return database.cursor()
    database.close_if_health_check_failed()
    database.ensure_connection()
    server = database.connection
    if server.autocommit and not database.in_atomic_block and not database.execute_wrappers:
        return DirectCursor(server, database.wrap_database_errors)
    # Its types lack the argument.
    return database.make_cursor(cast(Any, ServerBindingCursor)(server))


class _Statements:
    """What was prepared on a connection, and what turns its values into Python's."""

    def __init__(self, server: "psycopg.Connection[Any]") -> None:
        self.transformer = Transformer.from_context(server)
        self.names: dict[tuple[bytes, tuple[int, ...]], bytes] = {}
        self._made = 0

    def named(
        self, server: "psycopg.Connection[Any]", text: bytes, types: tuple[int, ...]
    ) -> bytes:
        """The name of a prepared query whose values have these types; prepared if it was not."""
        name = self.names.get((text, types))
        if name is not None:
            return name
        # The one without a name is replaced by the next.
        name, is_kept = b"", len(self.names) < MOST_STATEMENTS
        if is_kept:
            self._made += 1
            name = b"conoceles_%d" % self._made
        result = server.pgconn.prepare(name, text, types)
        if result.status != pq.ExecStatus.COMMAND_OK:
            raise _error(server, result)
        if is_kept:
            self.names[text, types] = name
        return name


_statements: "WeakKeyDictionary[psycopg.Connection[Any], _Statements]" = WeakKeyDictionary()


class DirectCursor:
    """A cursor for whole answers to prepared queries, each a transaction of its own.

    Errors are Django's, as those of its cursors.
    """

    def __init__(
        self, server: "psycopg.Connection[Any]", django_errors: AbstractContextManager[None]
    ) -> None:
        self._server = server
        self._django_errors = django_errors
        self._rows: list[tuple[Any, ...]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._rows = []

    def execute(self, query: str, values: Values = ()) -> None:
        """Ask, and wait for the whole answer. Raises: errors of `django.db`."""
        known = _statements.get(self._server)
        if known is None:
            known = _statements[self._server] = _Statements(self._server)
        text, names = _numbered(query)
        given = [values[name] for name in names] if isinstance(values, Mapping) else [*values]
        with self._django_errors:
            transformer = known.transformer
            sent = transformer.dump_sequence(given, [PyFormat.AUTO] * len(given))
            result = self._answer(known, text, sent)
            transformer.set_pgresult(result)
            self._rows = transformer.load_rows(0, result.ntuples, tuple)
            transformer.set_pgresult(None)

    def fetchone(self) -> Any:
        """The first row; None without one."""
        return self._rows[0] if self._rows else None

    def fetchall(self) -> list[tuple[Any, ...]]:
        """All rows."""
        return self._rows

    def _answer(self, known: _Statements, text: bytes, sent: Sequence[Any]) -> pq.abc.PGresult:
        types, formats = tuple(known.transformer.types or ()), known.transformer.formats
        try:
            return self._ask(known.named(self._server, text, types), sent, formats)
        except InvalidSqlStatementName:
            # After a rollback psycopg discards all that is prepared on its connection.
            known.names.clear()
            return self._ask(known.named(self._server, text, types), sent, formats)

    def _ask(
        self, name: bytes, sent: Sequence[Any], formats: Sequence[pq.Format] | None
    ) -> pq.abc.PGresult:
        result = self._server.pgconn.exec_prepared(name, sent, formats)
        if result.status != pq.ExecStatus.TUPLES_OK:
            raise _error(self._server, result)
        return result


def _error(server: "psycopg.Connection[Any]", result: pq.abc.PGresult) -> psycopg.Error:
    has_state = result.error_field(pq.DiagnosticField.SQLSTATE) is not None
    if server.pgconn.status == pq.ConnStatus.BAD and not has_state:
        return psycopg.OperationalError("The connection to the database was lost.")
    return error_from_result(cast(Any, result))


@lru_cache(maxsize=MOST_STATEMENTS)
def _numbered(query: str) -> tuple[bytes, tuple[str, ...]]:
    """A query as the database takes it, and the name of each of its values; of places, none."""
    names: dict[str, None] = {}
    count = 0

    def number(place: "re.Match[str]") -> str:
        nonlocal count
        name = place[1]
        if name is None:
            count += 1
            return f"${count}"
        names.setdefault(name)
        return f"${[*names].index(name) + 1}"

    return _PLACE.sub(number, query).replace("%%", "%").encode(), tuple(names)


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
