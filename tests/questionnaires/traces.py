"""Find a word in every table of the database, also inside stored bytes."""

from django.db import connection


def tables_with(word: str) -> set[str]:
    """The tables with a row that holds the word, as text or inside stored bytes."""
    in_bytes = word.encode().hex()
    found: set[str] = set()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            wanted = "t::text ilike %s or t::text like %s"
            cursor.execute(
                f'select exists(select from "{table}" as t where {wanted})',
                [f"%{word}%", f"%{in_bytes}%"],
            )
            if cursor.fetchone()[0]:
                found.add(table)
    return found
