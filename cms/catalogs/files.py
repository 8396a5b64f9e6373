"""Reads the catalogue files of this room."""

import csv
from collections.abc import Iterator
from pathlib import Path

DATA = Path(__file__).parent / "data"


def read_catalogue(name: str) -> Iterator[dict[str, str]]:
    """The rows of a catalogue file, by column name."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def municipalities_of(entity_code: str) -> list[dict[str, str]]:
    """Every municipality of an entity, as INEGI lists them."""
    rows = read_catalogue("municipios.csv")
    return [row for row in rows if row["cvegeo"].startswith(entity_code)]
