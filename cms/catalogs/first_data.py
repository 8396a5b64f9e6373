"""First data are loaded after migrating, if the tables exist: a migration can also be undone."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.apps import apps
from django.db import connection


def when_migrated(*labels: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Run a receiver of post_migrate only if the tables of these models exist.

    Args:
        labels: "app_label.Model" of every model that the receiver writes.
    """

    def decorate(receiver: Callable[..., None]) -> Callable[..., None]:
        @wraps(receiver)
        def guarded(sender: Any = None, **kwargs: Any) -> None:
            existing = set(connection.introspection.table_names())
            tables = {apps.get_model(label)._meta.db_table for label in labels}
            if tables <= existing:
                receiver(sender=sender, **kwargs)

        return guarded

    return decorate
