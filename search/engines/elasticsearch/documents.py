"""The documents of the index, made from public rows (`schema.Document`)."""

from collections.abc import Iterable
from hashlib import blake2b

import orjson
from django.db.models import F, Func, IntegerField, QuerySet

from cms.catalogs.models import TerritoryKind
from cms.catalogs.names import written_out
from cms.published.models import PublishedCandidacy
from cms.published.selectors import searched
from search.engines.elasticsearch.schema import FACET_SEPARATOR, Document

CHUNK_ROWS = 500
MARK_BYTES = 8
# It sorts before every letter and sign, so that a shorter text comes before what it begins.
_BETWEEN = "\x1f"
# It sorts after every digit.
_WITHOUT_NUMBER = "~"


def rows_to_index(candidacy_ids: Iterable[int]) -> QuerySet[PublishedCandidacy]:
    """The public rows of candidacies, with all that their documents need (one query)."""
    return _rows().filter(candidacy_id__in=list(candidacy_ids))


def marks() -> dict[int, str]:
    """The mark that the document of each public row has to have now (one query)."""
    rows = _rows().iterator(chunk_size=CHUNK_ROWS)
    return {row.candidacy_id: document_of(row)["mark"] for row in rows}


def _rows() -> QuerySet[PublishedCandidacy]:
    return (
        searched()
        .select_related("territory", "office", "actor")
        .defer("answers", "contacts", "facet_labels", "search_vector", "register_vector")
        .annotate(
            lot=Func(F("candidacy_id"), function="conoceles_lot", output_field=IntegerField())
        )
        .order_by("candidacy_id")
    )


def document_of(row: PublishedCandidacy) -> Document:
    """The document of a row that `rows_to_index` gave."""
    territory = row.territory
    in_full = written_out(row.name)
    document: Document = {
        "candidacy": row.candidacy_id,
        "version": row.version,
        "mark": "",
        "process": str(row.process_id),
        "window": str(row.process_office_id),
        "municipality": (territory.cvegeo or territory.slug)
        if territory.kind == TerritoryKind.MUNICIPALITY
        else None,
        "office": row.office.code,
        "actor": row.actor.key,
        "sex": row.sex or None,
        "age": row.age,
        "facets": [
            f"{name}{FACET_SEPARATOR}{value}" for name, value in sorted(row.facet_values.items())
        ],
        "name": [row.name, in_full] if in_full else [row.name],
        "register": row.register_text,
        "high": row.text_high_weight,
        "low": row.text_low_weight,
        "lot": int(vars(row)["lot"]),
        "by_ballot": _ballot(row),
        "by_name": f"{row.sort_key}{_BETWEEN}{row.candidacy_id:019}",
    }
    document["mark"] = blake2b(orjson.dumps(document), digest_size=MARK_BYTES).hexdigest()
    return document


def _ballot(row: PublishedCandidacy) -> str:
    """A text that sorts as candidacies follow each other on the ballots."""
    return _BETWEEN.join(
        (
            row.territory.sort_key,
            f"{row.office.ballot_order:06}",
            f"{row.actor.ballot_order:06}",
            row.actor.key,
            _WITHOUT_NUMBER if row.list_number is None else f"{row.list_number:010}",
            row.seat_kind,
            row.sort_key,
            f"{row.candidacy_id:019}",
        )
    )
