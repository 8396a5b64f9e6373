"""Composes the answers of people who do not exist, from a bank of phrases, a seed and a place.

Pure functions: the same seed gives the same answers. Two candidacies within twelve seeds of each
other never share a sentence, since every bank has more than twelve texts and neighbours take
different ones.
"""

import json
import random
import re
from functools import cache
from pathlib import Path
from typing import Any

BANK = Path(__file__).parent / "content" / "bank"
SHORTEST = 290
NETWORKS = ("facebook", "x", "youtube", "instagram", "tiktok", "otra_red")
DEGREES = (
    ("licenciatura", "titulo"),
    ("preparatoria", "certificado"),
    ("tecnica", "titulo"),
    ("licenciatura", "cedula"),
    ("secundaria", "certificado"),
    ("maestria", "titulo"),
    ("licenciatura", "trunco"),
    ("primaria", "certificado"),
    ("especialidad", "constancia"),
    ("sin_estudios", ""),
    ("doctorado", "cursando"),
)
COURSES = (
    "Diplomado en gestión comunitaria del agua, 120 horas",
    "Curso de presupuestos públicos con perspectiva de género",
    "Taller de primeros auxilios y evacuación, 40 horas",
    "Seminario de derecho municipal",
    "Curso de contabilidad para negocios pequeños",
    "Diplomado en políticas para la infancia, 160 horas",
    "Curso básico de lengua de señas mexicana",
    "Taller de mediación entre vecinos",
    "Curso de riego por goteo y cuidado de suelos",
    "Diplomado en protección civil",
    "Curso de hojas de cálculo y administración",
    "Taller de oratoria y escucha",
    "Curso de soldadura certificada",
)
PLACES = (
    "la colonia Los Huizaches",
    "el ejido La Biznaga",
    "el barrio del Mezquite",
    "la colonia Nueva Candelilla",
    "el ejido El Ocotillo",
    "la colonia Las Palmillas",
    "el barrio de la Noria Vieja",
    "la colonia Lomas del Cardenche",
    "el ejido San Lechuguilla",
    "la colonia El Sabino",
    "el barrio de los Nogales",
    "la colonia Vista Encino",
    "el ejido La Gobernadora",
    "la colonia Álamo Alto",
    "el barrio del Tepozán",
    "la colonia Rinconada Junco",
    "el ejido Pozo del Guayule",
)
CLOSINGS = (
    "Daré la cara en {lugar} si algo se retrasa.",
    "Lo que no se mida no se dará por hecho en {mun}.",
    "El primer informe se leerá en la plaza de {mun}.",
    "Cada etapa tendrá una persona responsable con nombre y teléfono.",
    "Si sobra dinero, se devolverá a la bolsa de obra de {mun}.",
    "La evaluación la hará gente que no trabaje conmigo.",
    "El proyecto completo podrá consultarse en la biblioteca de {mun}.",
    "Empezaremos en pequeño para corregir pronto.",
    "Las reuniones serán abiertas y por la tarde.",
    "Nada de esto lleva mi nombre ni mi fotografía.",
    "Quien proponga algo mejor será escuchado en {lugar}.",
    "El calendario se pegará en la presidencia de {mun}.",
    "Los contratos se publicarán antes de firmarse.",
    "Habrá una línea para quejas que conteste una persona.",
    "Los resultados se dirán también cuando sean malos.",
)


@cache
def _bank(name: str) -> list[list[str]]:
    """The texts of a question, by theme."""
    content: list[list[str]] = json.loads((BANK / f"{name}.json").read_text(encoding="utf-8"))
    return content


def _gendered(text: str, sex: str) -> str:
    """Choose the form for the person's sex: `{maestra|maestro}`."""
    wanted = 0 if sex == "mujer" else 1

    def choose(match: re.Match[str]) -> str:
        return match.group(1).split("|")[wanted]

    return re.sub(r"\{([^{}]*\|[^{}]*)\}", choose, text)


def _values(seed: int, salt: str, municipality: str, age: int) -> dict[str, str]:
    chance = random.Random(f"{seed}-{salt}")  # noqa: S311 (nothing secret)
    first = 2024 - max(3, min(age - 22, 24)) + chance.randint(0, 2)
    second = min(2019, first + chance.randint(2, 6))
    third = min(2022, max(second, first) + chance.randint(1, 3))
    return {
        "mun": municipality,
        "lugar": PLACES[(seed + len(salt)) % len(PLACES)],
        "anios": ("dos", "tres")[chance.randint(0, 1)],
        "n1": str(chance.randint(3, 9)),
        "n2": str(chance.randint(12, 48)),
        "n3": str(chance.randint(3, 29) * 50),
        "y1": str(min(first, 2014)),
        "y2": str(max(second, min(first, 2014) + 1)),
        "y3": str(max(third, second + 1)),
    }


def _text(name: str, seed: int, variant: int, sex: str, municipality: str, age: int) -> str:
    chosen = _bank(name)
    entry = chosen[(seed * 5 + len(name)) % len(chosen)]
    template = entry[variant % len(entry)]
    values = _values(seed, name, municipality, age)
    text = _gendered(template, sex).format(**values)
    position = seed
    while len(re.sub(r"\s", "", text)) < SHORTEST:
        closing = CLOSINGS[(position + 3 * len(name)) % len(CLOSINGS)].format(**values)
        text, position = f"{text} {closing}", position + 13
    text = re.sub(r"\bde el (?=ejido|barrio)", "del ", text)
    text = re.sub(r"\ba el (?=ejido|barrio)", "al ", text)
    return re.sub(r"(?<=\. )(el|la)\b", lambda match: match.group().capitalize(), text)


def compose_answers(
    *, seed: int, sex: str, office: str, municipality: str, age: int
) -> dict[str, Any]:
    """A complete curricular questionnaire for somebody who does not exist.

    Args:
        seed: unique for each candidacy; neighbours on a page have neighbouring seeds.
        sex: "mujer", "hombre" or "no_binario".
        age: in years, when the candidacy was registered.
    """
    variant = seed // 14
    degree, status = DEGREES[(seed * 3) % len(DEGREES)]
    if age < 30 and degree == "doctorado":
        degree, status = "licenciatura", "cursando"
    answers: dict[str, Any] = {
        name: _text(name, seed, variant, sex, municipality, age)
        for name in (
            "historia_profesional",
            "trayectoria_politica",
            "motivo_cargo",
            "propuesta_1",
            "propuesta_2",
            "propuesta_genero",
        )
    }
    count = seed % 4
    answers |= {
        "grado_estudios": degree,
        "cursos": [COURSES[(seed + step * 4) % len(COURSES)] for step in range(count)],
        "correo_publico": [f"contacto{seed}@candidaturas.example"],
        "correo_aclaraciones": f"aclaraciones{seed}@candidaturas.example",
    }
    if status:
        answers["estatus_estudios"] = status
    for position, network in enumerate(NETWORKS):
        has_one = (seed + position) % 5 == 0
        answers[f"{network}_tiene"] = "si" if has_one else "no"
        if has_one:
            answers[network] = f"https://www.{network.replace('_', '-')}.example/candidatura{seed}"
    if seed % 3 == 0:
        answers["telefono_publico"] = [f"84400{seed:05d}"]
    return answers
