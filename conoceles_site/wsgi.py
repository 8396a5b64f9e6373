"""WSGI entry point."""

import os
from typing import Any

import django
from django.core.handlers.wsgi import WSGIHandler

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "conoceles_site.settings.production")
# A page that takes longer than this to ask the database has lost its reader.
os.environ.setdefault("CONOCELES_STATEMENT_SECONDS", "30")
django.setup(set_prefix=False)

from django.db.backends.base.base import BaseDatabaseWrapper  # noqa: E402 (after the settings)
from django.db.backends.signals import connection_created  # noqa: E402

from conoceles_site.wellformed import Utf8Request  # noqa: E402

# A page takes milliseconds; what takes so long would only keep others from being served.
LONGEST_QUERY_SECONDS = 15


def bound_queries(connection: BaseDatabaseWrapper, **_signal: Any) -> None:
    """No query of a visitor lasts longer; commands, imports and the worker are not bound."""
    with connection.cursor() as cursor:
        cursor.execute(f"set statement_timeout = '{LONGEST_QUERY_SECONDS}s'")


class Application(WSGIHandler):
    """Django's, with requests that never fail while they are made."""

    request_class = Utf8Request


connection_created.connect(bound_queries)
application = Application()
