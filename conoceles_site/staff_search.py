"""The search of the admin: it ignores accents and finds words that are only begun.

The public search is another one (`search`). This is Wagtail's own search on PostgreSQL, with a text
search configuration that folds accents (migration `published.0005`).
"""

from typing import Any

from django.db.models import Q, QuerySet
from modelsearch.backends.database.postgres.postgres import (
    Lexeme,
    PostgresAutocompleteQueryCompiler,
    PostgresIndex,
    PostgresSearchBackend,
    PostgresSearchQueryCompiler,
    SearchQuery,
)
from modelsearch.query import PlainText
from wagtail.admin.views.generic.base import BaseListingView
from wagtail.search.index import class_is_indexed

from cms.catalogs.spanish import fold, same_signs

CONFIGURATION = "staff_search"


# Each word is a step deeper in the query; nobody looks for so many.
MOST_WORDS = 40


def words_of(query: str) -> list[str]:
    """The first words of a query, each once, folded: «O’Farrill, Óscar» → o, farrill, oscar."""
    signs = same_signs(query).replace("'", " ").replace("-", " ").replace(",", " ")
    return list(dict.fromkeys(fold(signs).split()))[:MOST_WORDS]


class _Folded(PostgresSearchQueryCompiler):
    """A query whose words must all be there, whole or begun, in any order."""

    def build_tsquery_content(self, query: Any, config: Any = None, invert: bool = False) -> Any:
        if not isinstance(query, PlainText):
            return super().build_tsquery_content(query, config=config, invert=invert)
        lexemes: Any = None
        for word in words_of(query.query_string):
            lexeme = Lexeme(word, invert=invert, prefix=True)
            if lexemes is None:
                lexemes = lexeme
            else:
                lexemes = lexemes & lexeme if query.operator == "and" else lexemes | lexeme
        if lexemes is None:
            return None
        return SearchQuery(lexemes, search_type="raw", config=config)


class _FoldedAutocomplete(_Folded, PostgresAutocompleteQueryCompiler):
    """The same, for lists that search while somebody types."""


class _Index(PostgresIndex):
    """Without the average over the whole index at each save, whose cost grows with every page."""

    def _refresh_title_norms(self, full: bool = False) -> None:
        if full:
            super()._refresh_title_norms(full=True)


class SearchBackend(PostgresSearchBackend):
    """The backend that WAGTAILSEARCH_BACKENDS names."""

    query_compiler_class = _Folded
    autocomplete_query_compiler_class = _FoldedAutocomplete
    index_class = _Index

    def __init__(self, params: dict[str, Any]) -> None:
        super().__init__({**params, "SEARCH_CONFIG": CONFIGURATION})
        self.autocomplete_config = CONFIGURATION


_search_indexed = BaseListingView.search_queryset


def search_listing(self: Any, queryset: QuerySet[Any]) -> Any:
    """Search of a list that is not indexed: every word must be in some field, folded."""
    indexed = class_is_indexed(queryset.model) and self.search_backend_name
    if indexed or not self.is_searching:
        return _search_indexed(self, queryset)
    for word in words_of(self.search_query):
        anywhere = Q()
        for field in self.search_fields or ():
            anywhere |= Q(**{f"{field}__unaccent__icontains": word})
        queryset = queryset.filter(anywhere)
    return queryset
