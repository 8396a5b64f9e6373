"""Elasticsearch answers, and PostgreSQL in its place whenever Elasticsearch does not.

Citizens never wait for a server that is slow or gone: after the set time, or as soon as something
is wrong, PostgreSQL answers the same request, and those that follow do not try in vain.
"""

from collections.abc import Mapping

import structlog
from elastic_transport import ApiError, ConnectionError, ConnectionTimeout, TransportError
from elasticsearch import NotFoundError

from cms.published import scope
from cms.published.models import PublishedCandidacy
from search.engines import elasticsearch
from search.engines.breaker import Breaker
from search.engines.contract import UNTIL_KNOWN, Found
from search.engines.elasticsearch import (
    Behind,
    ElasticsearchEngine,
    OutOfTime,
    Patience,
    client,
)
from search.engines.elasticsearch.client import UnknownServer
from search.engines.elasticsearch.queries import Nonsense
from search.engines.postgres import PostgresEngine
from search.query import SearchQuery
from search.reading import Reading

logger = structlog.stdlib.get_logger("conoceles.search")

# The server understood, and refuses this very search: the next one may be answered.
REFUSED = 400
TOO_LARGE = ("too_many_clauses", "too_many_nested_clauses")
FAILURES = (TransportError, ApiError, UnknownServer, TimeoutError, Nonsense)

breaker = Breaker()


class FallbackEngine:
    """The engine of an installation with a search server.

    Attributes:
        name: of the engine that answered last.
    """

    def __init__(self) -> None:
        self._server = ElasticsearchEngine()
        self._certain = PostgresEngine()
        self.name = self._server.name
        self._searched: SearchQuery | None = None
        self._patience = Patience()

    def find(self, query: SearchQuery, reading: Reading) -> Found:
        """See the contract. Fails only as PostgreSQL fails.

        What a search asks for again, read otherwise, is the same query: all of it has the set time.
        """
        if query is not self._searched:
            self._searched, self._patience = query, Patience()
        if breaker.admits():
            try:
                found = self._server.find(query, reading, patience=self._patience)
            except (Behind, OutOfTime):
                pass  # The server may be well: its index is not up to date, or the search is long.
            except FAILURES as failure:
                _note(failure)
            else:
                breaker.answered()
                self.name = self._server.name
                return found
        self.name = self._certain.name
        scope.keep_no_longer_than(UNTIL_KNOWN)
        return self._certain.find(query, reading)

    def similar(self, row: PublishedCandidacy, *, number: int) -> Mapping[int, int]:
        """The candidacies most like this one, with their versions; none while the server fails."""
        if breaker.admits():
            try:
                found = self._server.similar(row, number=number)
            except Behind:
                pass
            except FAILURES as failure:
                _note(failure)
            else:
                breaker.answered()
                return found
        scope.keep_no_longer_than(UNTIL_KNOWN)
        return {}


def trouble() -> str:
    """What keeps the search server from answering now, in Spanish.

    Returns: an empty text when it answers, and where there is none.
    """
    if not client.is_configured():
        return ""
    try:
        elasticsearch.probe()
    except NotFoundError:
        return "no tiene un índice de esta versión: ejecuta «python manage.py search_rebuild»"
    except (TimeoutError, ConnectionTimeout):
        return "tarda demasiado"
    except ConnectionError:
        return "no contesta"
    except FAILURES:
        return "no contesta como debe"
    return ""


def _note(failure: Exception) -> None:
    """Remember that the server failed; logs get the kind of failure, and nothing that was typed."""
    name = type(failure).__name__
    if isinstance(failure, ApiError) and _is_of_this_search(failure):
        logger.error("search_refused", failure=name)
        return
    breaker.failed(name)


def _is_of_this_search(failure: ApiError) -> bool:
    """Whether the server refused the search itself, as when it has more clauses than it takes."""
    return failure.meta.status == REFUSED or any(kind in str(failure.body) for kind in TOO_LARGE)
