"""PostgreSQL as Django knows it, with limits for how long a server that says nothing is waited for.

Options of DATABASES: `patience`, seconds for any answer; `first_patience`, seconds for the answer
by which a request sees that its connection lives. Neither is sent to the server.
"""

from types import ModuleType
from typing import Any

import psycopg
from django.db.backends.postgresql import base

from cms.catalogs.database_patience import PatientConnection, no_longer_than, silence


class _Driver(ModuleType):
    """psycopg, whose connections have patience."""

    def __getattr__(self, name: str) -> Any:
        return getattr(psycopg, name)

    connect = staticmethod(PatientConnection.connect)


class DatabaseWrapper(base.DatabaseWrapper):
    """Where the database is known to say nothing, requests do not try again each on its own."""

    Database = _Driver("psycopg")

    def get_connection_params(self) -> dict[str, Any]:
        params: dict[str, Any] = super().get_connection_params()
        params.pop("patience", None)
        params.pop("first_patience", None)
        return params

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        if silence.spares:
            raise psycopg.OperationalError("the server says nothing")
        made: Any = super().get_new_connection(conn_params)
        made.patience = self.settings_dict["OPTIONS"].get("patience")
        return made

    def is_usable(self) -> bool:
        if silence.spares:
            return False
        with no_longer_than(self.settings_dict["OPTIONS"].get("first_patience")):
            return bool(super().is_usable())
