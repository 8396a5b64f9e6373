"""The engines that can search, by name."""

from collections.abc import Callable, Mapping

from search.engines.contract import Engine
from search.engines.postgres import PostgresEngine

ENGINES: Mapping[str, Callable[[], Engine]] = {PostgresEngine.name: PostgresEngine}


def engine() -> Engine:
    """The engine that answers the public."""
    return ENGINES[PostgresEngine.name]()
