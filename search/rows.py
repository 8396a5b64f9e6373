"""The rows of a page of results, read as what they show."""

from collections.abc import Iterable
from typing import Any

from cms.catalogs import prepared
from cms.published import catalogues, scope
from cms.published.catalogues import Catalogues
from search.engines.contract import UNTIL_KNOWN, Found
from search.query import SearchQuery
from search.result import FoundCandidacy

_SQL = "select * from conoceles_search.shown(%s::bigint[], %s, %s)"


# The columns of its answer before those that refer to the catalogues, and after them.
_FIRST, _LAST = slice(0, 4), slice(7, None)
_ID, _OFFICE, _TERRITORY, _ACTOR, _VERSION = 0, 4, 5, 6, 15
_Row = tuple[Any, ...]


def rows_of(query: SearchQuery, found: Found) -> list[FoundCandidacy]:
    """The candidacies of a page in their order, and only what is public of them at its instant.

    One query; two when something that a row refers to is newer than the catalogues.
    """
    if not found.ids:
        return []
    with prepared.cursor() as cursor:
        cursor.execute(_SQL, [_as_array(found.ids), query.at, bool(query.text)])
        rows = [row for row in cursor.fetchall() if _is_as_found(row, found)]
    if len(rows) < len(found.ids):
        scope.keep_no_longer_than(UNTIL_KNOWN)
    return catalogues.joined(
        query.process.pk, lambda known: [_candidacy(row, known) for row in rows]
    )


def _as_array(ids: Iterable[int]) -> str:
    """The ids as the database writes an array: psycopg takes each for a number of its own."""
    return f"{{{','.join(map(str, ids))}}}"


def _is_as_found(row: _Row, found: Found) -> bool:
    """Whether a row was not written again after the engine had read it.

    Otherwise it may not say any more what it was found by.
    """
    return bool(found.versions.get(row[_ID], row[_VERSION]) == row[_VERSION])


def _candidacy(row: _Row, known: Catalogues) -> FoundCandidacy:
    return FoundCandidacy._make(
        (
            *row[_FIRST],
            known.offices[row[_OFFICE]],
            known.territories[row[_TERRITORY]],
            known.actors[row[_ACTOR]],
            *row[_LAST],
        )
    )
