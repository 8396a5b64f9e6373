"""The definition says how answers are read (chapters, order, weight, facets) or it is derived."""

from typing import Any

from cms.questionnaires.answers import public_answers, public_questions
from cms.questionnaires.definitions import Definition, asked_part
from tests.questionnaires.conftest import shipped

CHAPTERS = [
    ("propuestas", ["propuesta_1", "propuesta_2", "propuesta_genero"]),
    ("quien", ["motivo_cargo", "historia_profesional", "trayectoria_politica"]),
    ("estudios", ["grado_estudios", "estatus_estudios", "cursos"]),
]


def read_by_chapter(definition: Definition) -> list[tuple[str, list[str]]]:
    """The keys of the questions that are read, by chapter."""
    return [
        (chapter.key, [question.key for question in questions])
        for chapter, questions in definition.reading_by_chapter()
    ]


def test_in_every_version_that_ships_the_proposals_are_read_first() -> None:
    for version in ("curricular-2024", "ine-2021", "ine-2022", "iecm-2024"):
        definition = Definition.from_content(shipped(version))

        assert read_by_chapter(definition) == CHAPTERS
        assert [chapter.unanswered for chapter in definition.chapters] == [
            "siempre",
            "junto",
            "nunca",
        ]
        assert {question.key for question in definition.reading() if question.weight == "alto"} == {
            "propuesta_1",
            "propuesta_2",
            "propuesta_genero",
        }
        assert [
            (question.key, question.facet) for question in definition.questions() if question.facet
        ] == [("grado_estudios", "grado")]


def test_the_photograph_its_text_and_the_internal_email_are_found_without_their_keys() -> None:
    content = shipped("curricular-2024")
    photograph, described = content["sections"][0]["questions"][:2]
    email = content["sections"][0]["questions"][-1]
    photograph["key"], described["key"], email["key"] = "retrato", "que_muestra", "avisos"

    definition = Definition.from_content(content)

    assert definition.photograph == definition.question("retrato")
    assert definition.alternative_text == definition.question("que_muestra")
    assert definition.internal_email == definition.question("avisos")
    official = Definition.from_content(shipped("ine-2022"))
    assert (official.photograph, official.alternative_text, official.internal_email) == (
        None,
        None,
        None,
    )


def without_reading() -> dict[str, Any]:
    """The curricular questionnaire when its author did not write how answers are read."""
    return asked_part(shipped("curricular-2024"))


def test_without_reading_properties_each_section_is_a_chapter_and_nothing_is_missing() -> None:
    definition = Definition.from_content(without_reading())

    assert read_by_chapter(definition) == [
        ("estudios", ["grado_estudios", "estatus_estudios", "cursos"]),
        ("historia", ["historia_profesional"]),
        ("trayectoria", ["trayectoria_politica", "motivo_cargo"]),
        ("propuestas", ["propuesta_1", "propuesta_2", "propuesta_genero"]),
    ]
    assert {question.weight for question in definition.reading()} == {"bajo"}
    asked = {question["pregunta"]: question for question in public_questions(definition)}
    assert asked["motivo_cargo"] == {
        "cuestionario": "curricular",
        "pregunta": "motivo_cargo",
        "etiqueta": "¿Por qué quiere ocupar un cargo público?",
        "seccion": "trayectoria",
        "tipo": "texto",
        "capitulo": "trayectoria",
        "capitulo_titulo": "Trayectoria y motivo",
        "orden": 6,
        "peso": "bajo",
        "faceta": "",
        "faceta_etiqueta": "",
        "donde": "En «¿Por qué quiere ocupar un cargo público?»",
        "comparacion": "trayectoria",
        "opciones": [],
        "sin_respuesta": "junto",
    }


def test_a_new_question_is_read_with_the_other_questions_of_its_section() -> None:
    content = shipped("curricular-2024")
    extra = {"kind": "texto_largo", "max_length": 900}
    content["sections"][2]["questions"].append({**extra, "key": "oficio", "label": "¿Qué oficio?"})
    content["sections"][4]["questions"].insert(
        0, {**extra, "key": "agua", "label": "¿Qué hará con el agua?", "reading_order": 2}
    )
    content["sections"][4]["questions"][3]["reading_order"] = 1
    content["sections"].append(
        {
            "key": "otras",
            "title": "Otras preguntas",
            "questions": [{**extra, "key": "lema", "label": "¿Qué más?", "weight": "alto"}],
        }
    )

    definition = Definition.from_content(content)

    assert read_by_chapter(definition) == [
        ("propuestas", ["propuesta_genero", "agua", "propuesta_1", "propuesta_2"]),
        ("quien", ["motivo_cargo", "historia_profesional", "oficio", "trayectoria_politica"]),
        CHAPTERS[2],
        ("otras", ["lema"]),
    ]
    weights = {question.key: question.weight for question in definition.reading()}
    assert (weights["agua"], weights["oficio"], weights["lema"]) == ("alto", "bajo", "alto")


def test_an_answer_says_how_it_is_read_and_keeps_the_order_in_which_it_was_asked(
    curricular: Definition,
) -> None:
    found = public_answers(
        curricular, {"propuesta_1": "Agua.", "grado_estudios": "maestria", "motivo_cargo": "Servir"}
    )

    assert [answer["pregunta"] for answer in found] == [
        "grado_estudios",
        "motivo_cargo",
        "propuesta_1",
    ]
    assert found[0] == {
        "cuestionario": "curricular",
        "pregunta": "grado_estudios",
        "etiqueta": "Grado máximo de estudios",
        "seccion": "estudios",
        "tipo": "opcion",
        "capitulo": "estudios",
        "capitulo_titulo": "Estudios",
        "orden": 7,
        "peso": "bajo",
        "faceta": "grado",
        "faceta_etiqueta": "Grado de estudios",
        "donde": "En su grado de estudios",
        "comparacion": "estudios",
        "valor": "maestria",
        "respuesta": "Maestría",
    }
    assert [answer["orden"] for answer in found] == [7, 4, 1]
