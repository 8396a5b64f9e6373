"""Each change of a questionnaire has its sentence, and what did not change has none."""

from copy import deepcopy
from typing import Any

import pytest

from cms.questionnaires.definitions import Definition
from cms.questionnaires.versions.difference import differences

BASE: dict[str, Any] = {
    "kind": "curricular",
    "version": "prueba",
    "title": "Prueba",
    "counting_rule": "sin_espacios",
    "chapters": [{"key": "uno", "title": "Uno"}, {"key": "dos", "title": "Dos"}],
    "sections": [
        {
            "key": "a",
            "title": "A",
            "chapter": "uno",
            "questions": [
                {
                    "key": f"a{number}",
                    "label": f"A{number}",
                    "kind": "texto_corto",
                    "max_length": 99,
                }
                for number in range(4)
            ],
        },
        {
            "key": "b",
            "title": "B",
            "chapter": "dos",
            "questions": [
                {
                    "key": "b0",
                    "label": "B0",
                    "kind": "opcion",
                    "options": [
                        {"value": "si", "label": "Sí"},
                        {"value": "no", "label": "No"},
                        {"value": "tal", "label": "Tal vez"},
                    ],
                },
                {"key": "b1", "label": "B1", "kind": "url"},
                {"key": "b2", "label": "B2", "kind": "lista", "max_items": 3, "max_length": 80},
            ],
        },
    ],
}
NEW = {"key": "a9", "label": "A9", "kind": "texto_corto", "max_length": 50, "required": True}


def changed(**said: Any) -> list[str]:
    """The sentences when the first question of A says something else too."""
    return told(lambda content: content["sections"][0]["questions"][0].update(said))


def told(change: Any) -> list[str]:
    after = deepcopy(BASE)
    change(after)
    before, now = Definition.from_content(BASE), Definition.from_content(after)
    return [found.words for found in differences(before, now)]


def questions(content: dict[str, Any], section: int = 0) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = content["sections"][section]["questions"]
    return found


def test_the_same_has_no_difference_whatever_its_version_is_called() -> None:
    assert told(lambda content: content.update(version="otra")) == []


def test_the_first_version_of_a_process_is_one_sentence() -> None:
    [found] = differences(None, Definition.from_content(BASE))
    assert found.words == "El proceso empieza a usar «Prueba»."


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"label": "Otra"}, "«A0» ahora se pregunta así: «Otra»."),
        ({"required": True}, "«A0» ahora es obligatoria."),
        ({"max_length": 2000}, "Cambió el máximo de caracteres de «A0»: de 99 a 2,000."),
        ({"min_length": 10}, "«A0» ahora tiene límite: el mínimo de caracteres es 10."),
        ({"help": "Di."}, "Cambió la ayuda de «A0»."),
        ({"remedy": "Agrega."}, "Cambió el consejo para completar «A0»."),
        ({"kind": "texto_largo"}, "«A0» era de tipo texto corto y ahora es texto largo."),
        (
            {"counting_rule": "con_espacios"},
            "Los caracteres de «A0» ahora se cuentan contando espacios.",
        ),
        (
            {"role": "contacto"},
            "Cambió quién ve «A0»: antes, se publica como respuesta; ahora, se publica como medio"
            " de contacto.",
        ),
        ({"chapter": "dos"}, "«A0» ahora se lee en el capítulo «Dos»."),
        ({"reading_order": 2}, "«A0» se lee en otro lugar de su capítulo."),
        ({"weight": "alto"}, "En la búsqueda, «A0» ahora cuenta más."),
        ({"where_found": "En A"}, "Los resultados de la búsqueda dicen de «A0»: «En A»."),
        ({"comparison": "grupo"}, "«A0» se compara con otras respuestas."),
    ],
)
def test_what_a_question_says_otherwise(said: dict[str, Any], words: str) -> None:
    assert changed(**said) == [words]


def of_b(number: int, **said: Any) -> Any:
    """A change of a question of section B."""
    return lambda content: questions(content, 1)[number].update(said)


def of(part: str, number: int, **said: Any) -> Any:
    """A change of a section or a chapter."""
    return lambda content: content[part][number].update(said)


def with_options(change: Any) -> Any:
    """A change of the options of B0."""
    return lambda content: change(questions(content, 1)[0]["options"])


NOT_NO = {"question": "b0", "not_in": ["no", "tal"]}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            lambda content: questions(content).append(NEW),
            "Pregunta nueva en «A»: «A9» (texto corto, obligatoria).",
        ),
        (with_options(lambda found: found.pop()), "«B0» ya no ofrece la opción «Tal vez»."),
        (
            with_options(lambda found: found.reverse()),
            "Cambió el orden de las opciones de «B0».",
        ),
        (of_b(1, hosts=["b.example"]), "«B1» ahora admite direcciones de: b.example."),
        (of_b(2, max_items=2), "Cambió el máximo de registros de «B2»: de 3 a 2."),
        (
            of_b(1, condition=NOT_NO),
            "«B1» ahora se pregunta si en «B0» se respondió algo que no sea «No» o «Tal vez».",
        ),
        (
            of_b(0, facet="duda", facet_label="Duda"),
            "«B0» ahora es un filtro de la búsqueda: «Duda».",
        ),
        (of("sections", 0, title="Z"), "El apartado «A» ahora se llama «Z»."),
        (of("sections", 0, lead="Hola."), "Cambió la introducción del apartado «A»."),
        (of("chapters", 0, title="Z"), "El capítulo «Uno» ahora se llama «Z»."),
        (
            of("chapters", 1, unanswered="nunca"),
            "El capítulo «Dos» no dice qué no se respondió.",
        ),
        (lambda content: content.update(title="Z"), "El título cambió de «Prueba» a «Z»."),
    ],
)
def test_each_other_change_has_its_sentence(change: Any, words: str) -> None:
    assert told(change) == [words]


def test_the_fewest_moves_are_told() -> None:
    def to_the_end(content: dict[str, Any]) -> None:
        questions(content).append(questions(content).pop(0))

    assert told(to_the_end) == ["«A0» se movió dentro de su apartado."]


def test_a_question_that_passes_to_another_section_is_one_move() -> None:
    def pass_on(content: dict[str, Any]) -> None:
        question = questions(content).pop(1)
        questions(content, 1).insert(0, {**question, "chapter": "uno"})

    assert told(pass_on) == ["«A1» se movió del apartado «A» a «B»."]


def test_sections_come_go_and_move() -> None:
    def change(content: dict[str, Any]) -> None:
        content["sections"].reverse()
        content["sections"].append({"key": "c", "title": "C", "chapter": "dos", "questions": [NEW]})

    said = told(change)
    assert [words for words in said if words.endswith("se movió.")] == [said[0]]
    assert said[1:] == [
        "Apartado nuevo: «C».",
        "Pregunta nueva en «C»: «A9» (texto corto, obligatoria).",
    ]

    gone = told(lambda content: content["sections"].pop())
    assert gone[0] == "Ya no hay apartado «B»."
    assert sum("dejó de preguntarse" in words for words in gone) == 3
