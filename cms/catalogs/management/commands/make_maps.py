"""Writes the maps of the product from TopoJSON files, one for each entity."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cms.catalogs.files import read_catalogue
from cms.catalogs.map_making import MARGIN, WIDTH, Drawing, drawing, outline_of, path_of
from cms.catalogs.map_names import labels_of


class Command(BaseCommand):
    help = "Dibuja los mapas de las entidades a partir de archivos TopoJSON (NN.topo.json)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("source", type=Path, help="Carpeta con los archivos NN.topo.json.")
        parser.add_argument("target", type=Path, help="Carpeta donde se escriben los mapas.")
        parser.add_argument("--keep", nargs="*", default=[], help="Entidades que no se dibujan.")

    def handle(self, *args: Any, **options: Any) -> None:
        for row in read_catalogue("entidades.csv"):
            code = row["clave"]
            if code in options["keep"]:
                continue
            file = options["source"] / f"{code}.topo.json"
            if not file.exists():
                raise CommandError(f"Falta {file}.")
            drawn = drawing(json.loads(file.read_text(encoding="utf-8")))
            target = options["target"] / f"{code}.json"
            target.write_text(_written(code, drawn), encoding="utf-8")
            self.stdout.write(f"{target}: {len(drawn.shapes)} municipios")


def _written(code: str, drawn: Drawing) -> str:
    """A map as its file says it, with a line for each municipality and each name."""
    paths = [
        {"cvegeo": shape.cvegeo, "path": path_of(shape)}
        for shape in sorted(drawn.shapes, key=lambda shape: shape.cvegeo)
    ]
    labels = [asdict(label) for label in labels_of(drawn.shapes)]
    box = (-MARGIN, -MARGIN, WIDTH + 2 * MARGIN, round(drawn.height + 2 * MARGIN))
    head = {"entity_code": code, "view_box": " ".join(f"{number:g}" for number in box)}
    head["outline"] = outline_of(drawn.shapes)
    lines = [f'"{key}": {json.dumps(value)}' for key, value in head.items()]
    for key, rows in (("paths", paths), ("labels", labels)):
        written = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
        lines.append(f'"{key}": [\n{written}\n]')
    return "{\n" + ",\n".join(lines) + "\n}\n"
