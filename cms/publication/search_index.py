"""Makes PostgreSQL gather the search entries of many public rows and merge them at once.

Written row by row, each of the 500 or so words of a candidacy goes to its own place in the index,
and each row takes longer the more rows there are: with 10,000 it took twice as long.
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
    """The GIN indexes of the public rows that this database account owns, with their options."""
    with connection.cursor() as cursor:
        cursor.execute(_OUR_SEARCH_INDEXES, [PublishedCandidacy._meta.db_table])
        return dict(cursor.fetchall())


def _set(name: str, options: str) -> None:
    statement = sql.SQL("alter index {} ").format(sql.Identifier(name)) + sql.SQL(options)
    with connection.cursor() as cursor:
        cursor.execute(statement)


@contextmanager
def gathered_entries(*, rows: int) -> Iterator[None]:
    """Gather the search entries of so many rows, and merge them at the end of the block.

    Use it inside a transaction. Afterwards the indexes have their former options and nothing is
    left to merge; other searches and writes do not wait. With few rows it does nothing.
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
