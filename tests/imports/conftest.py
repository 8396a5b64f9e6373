"""Files of fictitious people in the formats of the institutes, and prints of a database."""

import csv
import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from cms.imports.report import ImportReport
from cms.imports.services import ImportRequest, import_institute_register, import_official_file

LONG = "Trabajo en el campo desde niña y conozco la falta de agua de cada ejido. "

INE_2022 = {
    "ID_FILA": "",
    "PARTIDO_COALICION": "PARTIDO DEL TRABAJO",
    "CARGO": "PRESIDENCIA MUNICIPAL",
    "ENTIDAD": "COAHUILA",
    "DISTRITO LOCAL": "No aplica",
    "CIRCUNSCRIPCION": "No aplica",
    "MUNICIPIO": "SAN PEDRO",
    "NUM_LISTA_O_FORMULA": "1",
    "NOMBRE_CANDIDATO": "HORTENSIA MEZQUITE LLANO",
    "TIPO_CANDIDATO": "PROPIETARIA",
    "EDAD": "41",
    "SEXO": "MUJER",
    "ESCOLARIDAD": "Licenciatura",
    "ESTATUS_ESCOLARIDAD": "Título",
    "CURSOS": "Sin cursos",
    "HISTORIA_PROFESIONAL": LONG,
    "TRAYECTORIA_POLITICA": LONG,
    "MOTIVO_CARGO_PUBLICO": LONG,
    "PROPUESTA_1": "Reparar los pozos del ejido.\nY decir cada mes cuánto cuesta.",
    "PROPUESTA_2": LONG,
    "PROPUESTA_GENERO": LONG,
}
INE_2021 = {
    "Partido": "PARTIDO DEL TRABAJO",
    "Coalicion": "No aplica",
    "PartidosCoalicion": "No aplica",
    "tipoCandidatura": "DIPUTACIÓN FEDERAL MR",
    "ENTIDAD": "COAHUILA",
    "DISTRITO": "7-SALTILLO",
    "CIRCUNSCRIPCION": "No aplica",
    "NUM_LISTA_O_FORMULA": "1",
    "NOMBRE_CANDIDATO": "RAMIRO OCOTILLO PEÑA",
    "tipoCandidato": "PROPIETARIO",
    "edad": "52",
    "genero": "H",
    "DIRECCION_CASA_CAMPAÑA": "Calle de los Nogales 8",
    "TELEFONO": "8440000000",
    "CORREO_ELECTRONICO": "campana@example.org",
    "PAGINA_WEB": "https://example.org",
    "REDES": "https://example.org/a, https://example.org/b",
    "ESCOLARIDAD": "Maestría",
    "ESTATUS_ESCOLARIDAD": "Cédula profesional",
    "CURSOS": "Riego por goteo",
    "HISTORIA_PROFESIONAL": LONG,
    "TRAYECTORIA_POLITICA": LONG,
    "MOTIVO_CARGO_PUBLICO": LONG,
    "PROPUESTA_1": LONG,
    "PROPUESTA_2": LONG,
    "PROPUESTA_GENERO": LONG,
}
IECM_2024 = {
    "NOMBRE_CANDIDATO": "Eulalia Huizache Prado",
    "PARTIDO_COALICION": "Movimiento Ciudadano",
    "CARGO": "Titular de Alcaldía",
    "TIPO_CANDIDATO": "TITULAR",
    "DISTRITO LOCAL": "Tláhuac",
    "CIRCUNSCRIPCION": "",
    "NUM_LISTA_O_FORMULA": "",
    "Facebook": "https://example.org/eulalia",
    "X(Twitter)": "No proporcionó",
    "Youtube": "",
    "Instagram": "https://example.org/foto",
    "Tiktok": "",
    "Otra": "",
    "PAGINA_WEB": "",
    "CORREO_ELECTRONICO": "prensa@example.org",
    "TELEFONO": "5550000000",
    "DIRECCION_CASA_CAMPAÑA": "",
    "ESCOLARIDAD": "Licenciatura trunca",
    **{f"Formación académica {number}": "" for number in range(1, 11)},
    "HISTORIA_PROFESIONAL": LONG,
    "TRAYECTORIA_POLITICA": LONG,
    "MOTIVO_CARGO_PUBLICO": LONG,
    "PROPUESTA_1": LONG,
    "PROPUESTA_2": LONG,
    "PROPUESTA_GENERO": LONG,
}
REGISTRY = {
    "nombre": "Hortensia Mezquite Llano",
    "sobrenombre": "Tencha",
    "cargo": "regiduria",
    "principio": "mr",
    "tipo": "propietaria",
    "numero_lista": "1",
    "actor": "PT",
    "partido_responsable": "",
    "municipio_clave": "05033",
    "sexo": "mujer",
    "fecha_nacimiento": "1983-05-20",
    "correo": "hortensia@example.org",
}


def write_csv(
    path: Path,
    rows: Sequence[dict[str, str]],
    *,
    encoding: str = "utf-8",
    separator: str = ",",
) -> Path:
    """Write rows as a file; the header is that of the first row."""
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), delimiter=separator)
        writer.writeheader()
        writer.writerows(rows)
    return path


def read_csv(path: Path) -> list[dict[str, str]]:
    """The rows of an official file."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def file_of(tmp_path: Path) -> Callable[..., Path]:
    """Write a file with one row for each dict of changes to the sample; without any, the sample."""

    def write(sample: dict[str, str], *changes: dict[str, str], **options: str) -> Path:
        rows = [{**sample, **change} for change in changes or ({},)]
        return write_csv(tmp_path / "archivo.csv", rows, **options)

    return write


@pytest.fixture
def bring_in(db: None) -> Callable[..., ImportReport]:
    """Import an official file, into the process pel-2024 unless another is named."""

    def bring(path: Path, **options: Any) -> ImportReport:
        return import_official_file(
            ImportRequest(path=path, **{"process": "pel-2024", "publish": True, **options})
        )

    return bring


@pytest.fixture
def bring_register_in(db: None) -> Callable[..., ImportReport]:
    """Import a register into the process pel-2024."""

    def bring(path: Path, **options: Any) -> ImportReport:
        return import_institute_register(
            ImportRequest(path=path, **{"process": "pel-2024", **options})
        )

    return bring


@pytest.fixture
def database_print(db: None) -> Callable[[], dict[str, str]]:
    """A print of every row, with its place and writer, and of the sequences."""

    def take() -> dict[str, str]:
        found: dict[str, str] = {}
        with connection.cursor() as cursor:
            for table in sorted(connection.introspection.table_names(cursor)):
                cursor.execute(f'select ctid::text, xmin::text, * from "{table}" order by ctid')
                rows = repr(cursor.fetchall())
                found[table] = hashlib.sha256(rows.encode()).hexdigest()
            cursor.execute("select sequencename, last_value from pg_sequences order by 1")
            found.update({name: str(value) for name, value in cursor.fetchall()})
        return found

    return take
