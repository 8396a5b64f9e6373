"""`manage.py search_doctor`: what is wrong with the search, in words. It changes nothing."""

from typing import Any

from search.engines.elasticsearch import client
from search.engines.elasticsearch.checkup import checkup
from search.engines.postgres import functions
from search.management import reporting
from search.management.reporting import IndexCommand

NO_FUNCTIONS = (
    "Las funciones de la búsqueda que tiene la base de datos no son las de esta versión. Ejecuta"
    " «python manage.py migrate»."
)


class Command(IndexCommand):
    """Ends with status 0 whether something is wrong or not; `problems` says it."""

    help = "Dice qué anda mal en la búsqueda y cómo se arregla. No cambia nada."

    def handle(self, *args: Any, **options: Any) -> None:
        as_json = options["format"] == "json"
        problems = [] if functions.are_in_place() else [NO_FUNCTIONS]
        if client.is_configured():
            found, of_index = checkup()
            report = reporting.of_difference(found, problems=[*problems, *of_index])
            said = f"Busca el servidor de búsqueda, entre {report.documents:,} candidaturas."
        else:
            report = reporting.without_index()
            report = reporting.Report(report.engine, report.documents, problems=problems)
            said = f"Busca PostgreSQL, en {report.documents:,} candidaturas publicadas."
        healthy = [] if report.problems else ["Todo está en orden."]
        self.tell(report, said, *healthy, as_json=as_json)
