"""`manage.py import_registry FILE --process SLUG` imports the register of an institute."""

from typing import Any

from cms.imports.management.importing import ImportCommand, progress_bar
from cms.imports.services import import_institute_register


class Command(ImportCommand):
    help = "Importa el registro de candidaturas del instituto (docs/registro.md)."

    def handle(self, *args: Any, **options: Any) -> None:
        request = self.request(options)
        with progress_bar() as progress:
            report = import_institute_register(request, progress=progress)
        self.tell(report, as_json=options["format"] == "json")
