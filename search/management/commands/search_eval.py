"""`manage.py search_eval QUERIES.json --process SLUG` answers what each query finds."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cms.catalogs.models import Process
from cms.catalogs.selectors import process_by_slug
from search.engines import ENGINES
from search.engines.contract import Engine
from search.engines.elasticsearch import ElasticsearchEngine, client
from search.evaluation import MOST_FOUND, found_for
from search.public_words import refresh_changed

WRONG_CALL = 2
FORM = 'El archivo es una lista JSON de consultas: [{"id": "1", "q": "agua potable"}, …].'


class Command(BaseCommand):
    help = f"Dice qué halla cada consulta de un archivo: las primeras {MOST_FOUND} candidaturas."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("queries", metavar="QUERIES", type=Path, help="Lista JSON de {id, q}")
        parser.add_argument("--process", required=True, metavar="SLUG", help="Clave del proceso")
        parser.add_argument(
            "--engine",
            choices=sorted(ENGINES),
            help="Motor que contesta; sin él, el que se usa",
        )
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        process = _process(options["process"])
        queries = _queries(options["queries"])
        engine = _engine(options["engine"]) if options["engine"] else None
        refresh_changed()
        found = {name: found_for(text, process, engine=engine) for name, text in queries.items()}
        if options["format"] == "json":
            self.stdout.write(json.dumps(found, ensure_ascii=False))
            return
        for name, text in queries.items():
            self.stdout.write(f"{name}  «{text}»: {', '.join(found[name]) or 'nada'}")


def _engine(name: str) -> Engine:
    if name == ElasticsearchEngine.name and not client.is_configured():
        raise CommandError(
            "ELASTICSEARCH_URL está vacía: no hay servidor de búsqueda.", returncode=WRONG_CALL
        )
    return ENGINES[name]()


def _process(slug: str) -> Process:
    process = process_by_slug(slug)
    if process is None:
        known = ", ".join(Process.objects.values_list("slug", flat=True).order_by("slug"))
        raise CommandError(
            f"No hay un proceso «{slug}». Los que hay: {known or 'ninguno'}.",
            returncode=WRONG_CALL,
        )
    return process


def _queries(path: Path) -> dict[str, str]:
    """Query id → text, in the order of the file."""
    try:
        written = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as wrong:
        raise CommandError(f"No se puede leer «{path}».", returncode=WRONG_CALL) from wrong
    except ValueError as wrong:
        raise CommandError(f"«{path}» no es JSON. {FORM}", returncode=WRONG_CALL) from wrong
    if not isinstance(written, list):
        raise CommandError(FORM, returncode=WRONG_CALL)
    queries: dict[str, str] = {}
    for place, one in enumerate(written, start=1):
        if not (
            isinstance(one, dict)
            and isinstance(one.get("id"), str | int)
            and isinstance(one.get("q"), str)
        ):
            raise CommandError(
                f"La consulta {place} no tiene «id» y «q». {FORM}", returncode=WRONG_CALL
            )
        if str(one["id"]) in queries:
            raise CommandError(f"La consulta «{one['id']}» está dos veces.", returncode=WRONG_CALL)
        queries[str(one["id"])] = one["q"]
    return queries
