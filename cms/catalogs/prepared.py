"""Queries that the database parses and plans once for each connection, not each time.

Django writes values into the text of a query, so that each is a new one to the database. Planning
what a page asks takes as long as answering it, so what is asked on every page is prepared, by its
text, the first time on a connection. A proxy that shares a connection between transactions must
know of prepared queries (PgBouncer from 1.21 on).
"""

from typing import Any, cast

from django.db import connection
from django.db.backends.postgresql.base import ServerBindingCursor
from django.db.backends.utils import CursorWrapper


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
