"""`manage.py search_rebuild`: makes the index anew while searches go on."""

import sys
from typing import Any

from django.core.management.base import CommandParser

from search.engines.elasticsearch import client, indexing
from search.engines.elasticsearch.errors import NotIndexed, Unavailable
from search.management import reporting
from search.management.reporting import IndexCommand, Report


class Command(IndexCommand):
    """Needed once with a new server, and after an upgrade that changed how texts are indexed."""

    help = "Rehace el índice del servidor de búsqueda; mientras tanto se sigue buscando en el otro."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--dry-run", action="store_true", help="Solo dice cuántas indexaría")

    def handle(self, *args: Any, **options: Any) -> None:
        as_json = options["format"] == "json"
        if not client.is_configured():
            said = "Busca PostgreSQL (ELASTICSEARCH_URL está vacía): no hay índice que rehacer."
            self.tell(reporting.without_index(), said, as_json=as_json)
            return
        if options["dry_run"]:
            count = reporting.without_index().documents
            report = Report(engine=reporting.ELASTICSEARCH, documents=count)
            self.tell(report, f"Indexaría {count:,} candidaturas.", as_json=as_json)
            return
        try:
            with reporting.progress_bar() as progress:
                count = indexing.rebuild(progress)
        except indexing.RebuildUnderWay:
            said = "Otro proceso está rehaciendo el índice: espera a que termine."
            report = Report(engine=reporting.ELASTICSEARCH, documents=0, problems=[said])
            self.tell(report, as_json=as_json)
            sys.exit(reporting.FAILED)
        except (Unavailable, NotIndexed) as failure:
            self.fail(failure, as_json=as_json)
        else:
            report = Report(engine=reporting.ELASTICSEARCH, documents=count)
            said = f"El índice tiene {count:,} candidaturas y ya se busca en él."
            self.tell(report, said, as_json=as_json)
