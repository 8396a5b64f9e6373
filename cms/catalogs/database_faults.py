"""Tells a database that is out of reach from a query that failed."""

import psycopg
from django.db import InterfaceError, OperationalError

# Connections that broke, and servers that start, stop, or take no more connections.
_CLASS_OF_CONNECTIONS = "08"
_STATES = frozenset({"57P01", "57P02", "57P03", "57P05", "53300"})


def is_out_of_reach(error: BaseException | None) -> bool:
    """Whether an error of Django's database layer says that the server cannot be reached now."""
    if isinstance(error, InterfaceError):
        return True
    cause = error.__cause__ if isinstance(error, OperationalError) else None
    if not isinstance(cause, psycopg.Error):
        return False
    state = cause.sqlstate
    return state is None or state.startswith(_CLASS_OF_CONNECTIONS) or state in _STATES
