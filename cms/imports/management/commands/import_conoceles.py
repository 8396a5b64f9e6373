"""`manage.py import_conoceles FILE --process SLUG` imports an official export."""

from typing import Any

from django.core.management.base import CommandError, CommandParser

from cms.imports.management.importing import WRONG_CALL, ImportCommand, progress_bar
from cms.imports.profiles import ProfileError, available
from cms.imports.services import import_official_file


class Command(ImportCommand):
    help = "Importa candidaturas y respuestas de un archivo oficial de Conóceles."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        names = ", ".join(available())
        parser.add_argument(
            "--profile",
            metavar="NOMBRE|ARCHIVO",
            help=f"Formato: {names}, o un perfil propio; sin él, lo dice el encabezado",
        )
        parser.add_argument(
            "--publish", action="store_true", help="Publica las respuestas que trae el archivo"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        request = self.request(options)
        try:
            with progress_bar() as progress:
                report = import_official_file(request, progress=progress)
        except ProfileError as wrong:
            raise CommandError(str(wrong), returncode=WRONG_CALL) from wrong
        self.tell(report, as_json=options["format"] == "json")
