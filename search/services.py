"""The door of the search: parameters in, results out, whatever the engine."""

from search.engines import postgres
from search.query import SearchQuery
from search.result import SearchResult


def search(query: SearchQuery) -> SearchResult:
    """Search what is public now."""
    return postgres.search(query)
