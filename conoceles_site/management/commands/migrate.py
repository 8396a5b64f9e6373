"""Django's `migrate`, one at a time: containers that start together would migrate together."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.commands import migrate
from django.db import connections

# The number of the advisory lock of migrations. Nothing else in the database uses it.
LOCK = 7_120_240_602


class Command(migrate.Command):
    """A second `migrate` waits for the first one, and then finds nothing to do."""

    def handle(self, *args: Any, **options: Any) -> str | None:
        with self._alone(options["database"], quiet=options["verbosity"] == 0):
            result: str | None = super().handle(*args, **options)
        return result

    @contextmanager
    def _alone(self, alias: str, *, quiet: bool) -> Iterator[None]:
        # Hold the lock on a connection of its own, since a migration may close the one it uses.
        connection = connections[alias].copy()
        try:
            with connection.cursor() as cursor:
                cursor.execute("select pg_try_advisory_lock(%s)", [LOCK])
                if not cursor.fetchone()[0]:
                    if not quiet:
                        self.stdout.write("Otra migración está en marcha; se espera a que termine.")
                    cursor.execute("select pg_advisory_lock(%s)", [LOCK])
            yield
        finally:
            # The lock ends with its connection.
            connection.close()
