"""Writing many public rows at once: their search entries are gathered and merged in one go.

Row by row, each of some 500 words of a candidacy goes to its own place of the index, and the more
rows there are the longer it takes: 10,000 took twice the time per row. PostgreSQL can gather them.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from psycopg import sql

from cms.published.models import PublishedCandidacy

WORTH_GATHERING = 300
LARGEST_LIST_KB = 1_000_000
_OUR_SEARCH_INDEXES = """
select c.relname, coalesce(c.reloptions, '{}')
from pg_index i
join pg_class c on c.oid = i.indexrelid
join pg_am a on a.oid = c.relam
where i.indrelid = %s::regclass and a.amname = 'gin' and pg_has_role(c.relowner, 'USAGE')
order by c.relname
"""


def search_indexes() -> dict[str, list[str]]:
    """The inverted indexes of the public rows that this account owns, with their options."""
    with connection.cursor() as cursor:
        cursor.execute(_OUR_SEARCH_INDEXES, [PublishedCandidacy._meta.db_table])
        return dict(cursor.fetchall())


def _set(name: str, options: str) -> None:
    statement = sql.SQL("alter index {} ").format(sql.Identifier(name)) + sql.SQL(options)
    with connection.cursor() as cursor:
        cursor.execute(statement)


@contextmanager
def gathered_entries(*, rows: int) -> Iterator[None]:
    """Gather the search entries of that many rows, and merge them before leaving.

    Use it inside a transaction. Afterwards the indexes are as they were, with nothing left to
    merge; nobody else's search or writing waits. A few rows are not worth it.
    """
    names = search_indexes() if rows >= WORTH_GATHERING else {}
    for name in names:
        _set(name, f"set (fastupdate = on, gin_pending_list_limit = {LARGEST_LIST_KB})")
    yield
    for name, options in names.items():
        _set(name, "reset (fastupdate, gin_pending_list_limit)")
        if options:
            _set(name, f"set ({', '.join(options)})")
        with connection.cursor() as cursor:
            cursor.execute("select gin_clean_pending_list(%s::regclass)", [name])
