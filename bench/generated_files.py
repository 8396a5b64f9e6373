"""Official files of people who do not exist, with answers of real length, for benchmarks only."""

import csv
from collections.abc import Iterator
from pathlib import Path

from bench.generated import ANSWER_LENGTHS, Vocabulary
from cms.catalogs.files import municipalities_of

PARTIES = ("PAN", "PRI", "PRD", "PT", "PVEM", "MORENA", "MC", "UDC")
DEGREES = ("Primaria", "Secundaria", "Preparatoria", "Técnica", "Licenciatura", "Maestría")
COLUMN_OF_ANSWER = {
    "cursos": "CURSOS",
    "historia_profesional": "HISTORIA_PROFESIONAL",
    "trayectoria_politica": "TRAYECTORIA_POLITICA",
    "motivo_cargo": "MOTIVO_CARGO_PUBLICO",
    "propuesta_1": "PROPUESTA_1",
    "propuesta_2": "PROPUESTA_2",
    "propuesta_genero": "PROPUESTA_GENERO",
}


def rows(number: int, *, seed: int = 2024) -> Iterator[dict[str, str]]:
    """Whole planillas in the 38 municipalities of Coahuila, in the columns of `ine-2022`."""
    words = Vocabulary(seed)
    municipalities = [row["nombre"].upper() for row in municipalities_of("05")]
    for index in range(number):
        place, rest = index % len(municipalities), index // len(municipalities)
        seat, rest = rest % 2, rest // 2
        party, position = rest % len(PARTIES), rest // len(PARTIES)
        yield {
            "ID_FILA": f"GEN-{index:06d}",
            "PARTIDO_COALICION": PARTIES[party],
            "CARGO": "PRESIDENCIA MUNICIPAL" if position == 0 else "REGIDURÍA MR",
            "ENTIDAD": "COAHUILA",
            "DISTRITO LOCAL": "No aplica",
            "CIRCUNSCRIPCION": "No aplica",
            "MUNICIPIO": municipalities[place],
            "NUM_LISTA_O_FORMULA": str(position),
            "NOMBRE_CANDIDATO": words.name().upper(),
            "TIPO_CANDIDATO": ("PROPIETARIA", "SUPLENTE")[seat],
            "EDAD": str(words.random.randint(21, 78)),
            "SEXO": words.random.choice(("MUJER", "HOMBRE")),
            "ESCOLARIDAD": words.random.choice(DEGREES),
            "ESTATUS_ESCOLARIDAD": words.random.choice(("Título", "Certificado", "Trunca")),
            **{
                column: words.answer(question)
                for question, column in COLUMN_OF_ANSWER.items()
                if question in ANSWER_LENGTHS
            },
        }


def write_file(path: Path, number: int, *, seed: int = 2024) -> Path:
    """Write an official file with so many candidacies, row by row."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer: csv.DictWriter[str] | None = None
        for row in rows(number, seed=seed):
            if writer is None:
                writer = csv.DictWriter(file, list(row))
                writer.writeheader()
            writer.writerow(row)
    return path
