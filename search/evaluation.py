"""What the search finds for a list of queries: to judge it from outside."""

from django.http import QueryDict

from cms.catalogs.models import Process
from cms.published import scope, versions
from search.engines.contract import Engine
from search.parameters import InvalidParameters, parse
from search.query import SearchQuery
from search.result import SearchResult
from search.services import search

# So many results of each query are judged.
MOST_FOUND = 50


def search_as_a_page(query: SearchQuery, *, engine: Engine | None = None) -> SearchResult:
    """Search as a page does, which remembers the vocabulary while its versions are the same."""
    with scope.collecting():
        versions.refresh()
        return search(query, engine=engine)


def found_for(text: str, process: Process, *, engine: Engine | None = None) -> list[str]:
    """The official identifiers of the first results, in order, as the page would show them.

    A candidacy without an official identifier is named by its number. A query that the page
    answers with an explanation finds nobody.
    """
    parameters = QueryDict(mutable=True)
    parameters.update({"q": text, "por_pagina": str(MOST_FOUND)})
    try:
        query = parse(parameters, current=process)
    except InvalidParameters:
        return []
    rows = [hit.row for hit in search_as_a_page(query, engine=engine).hits]
    return [row.external_id or str(row.candidacy_id) for row in rows]
