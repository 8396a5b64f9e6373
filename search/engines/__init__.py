"""The engines that can search, by name."""

from collections.abc import Callable, Mapping

from search.engines.contract import Engine
from search.engines.elasticsearch import ElasticsearchEngine, client
from search.engines.fallback import FallbackEngine
from search.engines.postgres import PostgresEngine

ENGINES: Mapping[str, Callable[[], Engine]] = {
    PostgresEngine.name: PostgresEngine,
    ElasticsearchEngine.name: ElasticsearchEngine,
}


def engine() -> Engine:
    """The engine that answers the public: the search server's, where the installation has one."""
    return FallbackEngine() if client.is_configured() else PostgresEngine()
