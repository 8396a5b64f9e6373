"""`manage.py search_reconcile`: compares the index with the public rows, and repairs it."""

from typing import Any

from django.core.management.base import CommandParser

from search.engines.elasticsearch import client, indexing
from search.engines.elasticsearch.errors import NotIndexed, Unavailable
from search.management import reporting
from search.management.reporting import IndexCommand


class Command(IndexCommand):
    """The worker does the same every hour."""

    help = "Compara el índice con lo publicado, candidatura por candidatura, y lo repara."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--dry-run", action="store_true", help="Solo dice en qué difieren")

    def handle(self, *args: Any, **options: Any) -> None:
        as_json, only_says = options["format"] == "json", options["dry_run"]
        if not client.is_configured():
            said = "Aquí busca PostgreSQL en lo publicado mismo: no hay índice que pueda diferir."
            self.tell(reporting.without_index(), said, as_json=as_json)
            return
        try:
            found = indexing.difference() if only_says else indexing.reconcile()
        except (Unavailable, NotIndexed) as failure:
            self.fail(failure, as_json=as_json)
            return
        number = len(found.candidacy_ids)
        report = reporting.of_difference(found, repaired=0 if only_says else number)
        self.tell(report, *_sentences(found, repaired=report.repaired), as_json=as_json)


def _sentences(found: indexing.Difference, *, repaired: int) -> list[str]:
    lines = [f"El índice tenía {found.documents:,} candidaturas."]
    if not found.candidacy_ids:
        return [*lines, "0 diferencias con lo publicado."]
    lines.append(
        f"Faltaban {len(found.missing):,}, había {len(found.stale):,} de otra versión y"
        f" {len(found.gone):,} que ya no están."
    )
    return [*lines, f"Se repararon {repaired:,}."] if repaired else lines
