"""What the import commands share: their options, and how they say what was done."""

import argparse
import json
import os
import sys
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_slug
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from cms.accounts.models import User
from cms.imports.reading import REPAIR_OPTION
from cms.imports.report import ImportReport, RowNote
from cms.imports.services import ImportRequest

REFUSED, WRONG_CALL = 1, 2
# The lengths of the process's columns.
LONGEST_SLUG, LONGEST_NAME = 60, 200
SEPARATOR_NAMES = {",": "coma", ";": "punto y coma", "\t": "tabulador", "|": "barra"}


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as wrong:
        raise argparse.ArgumentTypeError("escribe la fecha como 2024-06-02") from wrong


def _slug(text: str) -> str:
    try:
        validate_slug(text)
    except ValidationError as wrong:
        raise argparse.ArgumentTypeError(
            "usa letras sin acento, números y guiones, como pel-2024"
        ) from wrong
    if len(text) > LONGEST_SLUG:
        raise argparse.ArgumentTypeError(f"usa a lo más {LONGEST_SLUG} caracteres")
    return text


def _name(text: str) -> str:
    if len(text) > LONGEST_NAME:
        raise argparse.ArgumentTypeError(f"usa a lo más {LONGEST_NAME} caracteres")
    return text


class ImportCommand(BaseCommand):
    """Base of the import commands. Exit status 0: done; 1: refused; 2: wrong call."""

    requires_system_checks: list[str] = []  # noqa: RUF012 (Django's own declaration)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path, help="Archivo CSV, XLSX, XLS u ODS")
        parser.add_argument(
            "--process",
            required=True,
            type=_slug,
            metavar="SLUG",
            help="Proceso electoral; se crea si no existe",
        )
        parser.add_argument("--process-name", type=_name, help="Nombre, si el proceso se crea")
        parser.add_argument(
            "--election-date", type=_day, metavar="AAAA-MM-DD", help="Jornada, si se crea"
        )
        parser.add_argument("--user", help="Cuenta a la que se anota la importación")
        parser.add_argument(
            REPAIR_OPTION,
            action="store_true",
            help="Repara las celdas codificadas dos veces («MÃ¡s»); sin ella se rechazan",
        )
        parser.add_argument("--sheet", help="La hoja que se lee, si el libro tiene varias")
        parser.add_argument("--dry-run", action="store_true", help="Solo dice qué haría")
        parser.add_argument(
            "--format", choices=["text", "json"], default="text", help="Cómo se dice el resultado"
        )

    def request(self, options: dict[str, Any]) -> ImportRequest:
        """The checked request that the options make. Raises CommandError (status 2)."""
        path: Path = options["file"]
        if not path.is_file():
            raise CommandError(f"No hay un archivo {path}.", returncode=WRONG_CALL)
        if not os.access(path, os.R_OK):
            raise CommandError(f"No tienes permiso de leer {path}.", returncode=WRONG_CALL)
        user = None
        if options["user"]:
            user = User.objects.filter(username=options["user"]).first()
            if user is None:
                raise CommandError(f"No hay una cuenta «{options['user']}».", returncode=WRONG_CALL)
        return ImportRequest(
            path=path,
            process=options["process"],
            name=options["process_name"],
            election_date=options["election_date"],
            profile=options.get("profile") or "",
            sheet=options["sheet"] or "",
            publish=options.get("publish", False),
            repair_encoding=options["repair_encoding"],
            dry_run=options["dry_run"],
            user=user,
        )

    def tell(self, report: ImportReport, *, as_json: bool) -> None:
        """Print the report; exit with status 1 if the file was refused."""
        if as_json:
            self.stdout.write(json.dumps(report.as_json(), ensure_ascii=False))
        else:
            self.stdout.write("\n".join(summary(report)))
        if report.errors:
            sys.exit(REFUSED)


@contextmanager
def progress_bar() -> Any:
    """A progress bar on a terminal, none elsewhere."""
    if not sys.stderr.isatty():
        yield lambda doing, done, total: None
        return
    columns = (TextColumn("{task.description:<11}"), BarColumn(), MofNCompleteColumn())
    console = Console(stderr=True)
    with Progress(*columns, TimeElapsedColumn(), console=console, transient=True) as bar:
        tasks: dict[str, Any] = {}

        def tell(doing: str, done: int, total: int | None) -> None:
            if doing not in tasks:
                for earlier in bar.tasks:
                    bar.update(earlier.id, total=earlier.completed)
                tasks[doing] = bar.add_task(doing, total=total)
            bar.update(tasks[doing], completed=done, total=total)

        yield tell


def _plural(number: int, singular: str, plural: str) -> str:
    return f"{number:,} {singular if number == 1 else plural}"


def summary(report: ImportReport) -> list[str]:
    """The lines of a report for people, in Spanish."""
    lines = []
    if report.sheet:
        profile = f", formato {report.profile}" if report.profile else ""
        lines.append(f"Libro {report.encoding.upper()}, hoja «{report.sheet}»{profile}.")
    elif report.encoding:
        separator = SEPARATOR_NAMES.get(report.separator, report.separator)
        profile = f", formato {report.profile}" if report.profile else ""
        lines.append(f"Archivo en {report.encoding}, separado por {separator}{profile}.")
    if report.errors:
        lines += [str(problem) for problem in report.errors]
        found = _plural(len(report.errors), "error", "errores")
        return [*lines, "", f"{found}. No se importó nada."]
    lines += [f"Aviso: {warning}" for warning in report.warnings]
    lines += _notes("Por revisar, no se aplicó:", report.not_applied)
    lines += _notes("Cuestionarios que se dejaron como estaban:", report.left_alone)
    lines += [
        f"Proceso {report.process}: {_plural(report.candidacies, 'candidatura', 'candidaturas')}"
        f" en el archivo, {report.with_texts:,} con textos.",
        f"{_plural(report.created, 'nueva', 'nuevas')}, "
        f"{_plural(report.updated, 'con cambios', 'con cambios')}, "
        f"{report.unchanged:,} sin cambios.",
        _outcome(report),
    ]
    return lines


def _notes(title: str, notes: list[RowNote]) -> list[str]:
    return [title, *(f"  {note}" for note in notes)] if notes else []


def _outcome(report: ImportReport) -> str:
    if report.dry_run:
        return "Fue un ensayo: no se escribió nada."
    if not report.changed:
        return "No había nada que cambiar."
    if report.published:
        return "El registro y las respuestas están publicados."
    if report.with_texts:
        return "El registro está publicado; las respuestas esperan en el estado «importado»."
    return "El registro está publicado."
