"""The definitions that ship ask what the annex asks; a bad edit is refused with its reason."""

from copy import deepcopy
from typing import Any

import pytest

from cms.questionnaires.definitions import Definition, DefinitionError
from tests.questionnaires.conftest import shipped

LONG = (280, 5000)
PROPOSAL = (280, 1600)
LIMITS = {
    "historia_profesional": LONG,
    "trayectoria_politica": LONG,
    "motivo_cargo": LONG,
    "propuesta_1": PROPOSAL,
    "propuesta_2": PROPOSAL,
    "propuesta_genero": PROPOSAL,
}
NETWORKS = ("facebook", "x", "youtube", "instagram", "tiktok", "otra_red")


def test_the_curricular_questionnaire_has_the_limits_of_the_annex(curricular: Definition) -> None:
    texts = [question for question in curricular.questions() if question.kind == "texto_largo"]

    limits = {question.key: (question.min_length, question.max_length) for question in texts}
    assert limits == LIMITS
    assert all(question.required for question in texts)
    assert curricular.counting_rule == "sin_espacios"


def test_lists_hold_as_many_records_as_the_annex_admits(curricular: Definition) -> None:
    lists = {
        question.key: question for question in curricular.questions() if question.kind == "lista"
    }

    assert {key: question.max_items for key, question in lists.items()} == {
        "correo_publico": 3,
        "telefono_publico": 3,
        "domicilio_campana": 3,
        "cursos": 10,
    }
    assert lists["cursos"].max_length == 250
    assert lists["telefono_publico"].item_kind == "telefono"


def test_sections_stand_in_the_order_in_which_they_are_filled(curricular: Definition) -> None:
    keys = [section.key for section in curricular.sections]
    assert keys == ["foto_contacto", "estudios", "historia", "trayectoria", "propuestas"]


def test_a_network_is_asked_for_only_after_a_yes(curricular: Definition) -> None:
    for network in NETWORKS:
        condition = curricular.question(network).condition
        assert condition is not None
        assert condition.holds({f"{network}_tiene": "si"})
        assert not condition.holds({f"{network}_tiene": "no"})
        assert not condition.holds({})


def test_only_the_clarification_email_is_internal(curricular: Definition) -> None:
    internal = [
        question.key for question in curricular.questions() if question.visibility == "interna"
    ]
    assert internal == ["correo_aclaraciones"]


def test_the_answers_of_official_files_have_their_own_version(official: Definition) -> None:
    assert official.counting_rule == "con_espacios"
    assert official.question("cursos").kind == "texto_largo"
    assert not any(question.required or question.min_length for question in official.questions())
    assert all(official.question(key).max_length == 5000 for key in LIMITS)


def test_both_versions_ask_their_common_questions_in_the_same_words(
    curricular: Definition, official: Definition
) -> None:
    for question in official.questions():
        if question.key != "redes":
            assert question.label == curricular.question(question.key).label


def _changed(path: list[Any], value: Any) -> dict[str, Any]:
    content = deepcopy(shipped("curricular-2024"))
    inner: Any = content
    for step in path[:-1]:
        inner = inner[step]
    if value is KeyError:
        del inner[path[-1]]
    else:
        inner[path[-1]] = value
    return content


HISTORY = ["sections", 2, "questions", 0]
STATUS = ["sections", 1, "questions", 1]
DEGREE = ["sections", 1, "questions", 0]


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (["version"], "Versión 2", "«Versión 2» no sirve como versión"),
        (["counting_rule"], "a_ojo", "«a_ojo» no es una regla de conteo"),
        (["sections"], [], "falta la lista «sections»"),
        (["sections", 0], "contacto", "apartado 1 no es un objeto"),
        (["secciones"], [], "no se conoce «secciones»"),
        (["sections", 1, "key"], "historia", "dos apartados con la misma clave"),
        ([*HISTORY, "max_lenght"], 10, "no se conoce «max_lenght»"),
        ([*HISTORY, "max_length"], 100, "el mínimo es mayor que el máximo"),
        ([*HISTORY, "max_length"], KeyError, "falta el máximo de caracteres"),
        ([*HISTORY, "min_length"], "280", "«min_length» debe ser un número entero"),
        ([*HISTORY, "min_length"], -1, "«min_length» debe ser un número entero"),
        ([*HISTORY, "min_length"], True, "«min_length» debe ser un número entero"),
        ([*HISTORY, "required"], "sí", "«required» debe ser true o false"),
        ([*HISTORY, "label"], "  ", "falta «label»"),
        ([*HISTORY, "key"], "Historia", "«Historia» no sirve como clave"),
        ([*HISTORY, "key"], "propuesta_1", "«propuesta_1» está dos veces"),
        ([*HISTORY, "kind"], "párrafo", "«párrafo» no es un valor de «kind»"),
        ([*HISTORY, "kind"], "fotografia", "hay una sola fotografía"),
        ([*HISTORY, "visibility"], "interna", "la única respuesta interna"),
        ([*HISTORY, "hosts"], ["x.com"], "«hosts» solo va con"),
        ([*HISTORY, "options"], [], "«options» solo va con"),
        ([*STATUS, "options"], [], "falta la lista «options»"),
        ([*STATUS, "options", 0], "titulo", "cada opción lleva «value» y «label»"),
        ([*STATUS, "options", 1, "value"], "titulo", "hay opciones repetidas"),
        ([*STATUS, "condition", "question"], "cursos", "que no se pregunta antes"),
        ([*STATUS, "condition", "not_in"], ["ninguno"], "que no es una opción"),
        ([*STATUS, "condition", "not_in"], [], "lleva «in» o «not_in»"),
        ([*STATUS, "condition"], "siempre", "la condición no es un objeto"),
        (["sections", 1, "questions", 2, "max_items"], KeyError, "falta el máximo de registros"),
        (["chapters"], [], "falta la lista «chapters»"),
        (["chapters", 0], "propuestas", "el lugar de el capítulo 1 no hay un objeto"),
        (["chapters", 0, "key"], "quien", "dos capítulos con la misma clave"),
        (["chapters", 0, "peso"], "alto", "En el capítulo 1 no se conoce «peso»"),
        (["chapters", 0, "weight"], "mucho", "«mucho» no es un valor de «weight»"),
        (["chapters", 0, "unanswered"], "a veces", "«a veces» no es un valor de «unanswered»"),
        (
            ["sections", 2, "chapter"],
            "vida",
            "«historia» se lee en el capítulo «vida»",
        ),
        ([*HISTORY, "chapter"], "vida", "«historia_profesional» se lee en el capítulo «vida»"),
        ([*HISTORY, "weight"], "medio", "«medio» no es un valor de «weight»"),
        ([*HISTORY, "reading_order"], "primero", "«reading_order» debe ser un número entero"),
        ([*HISTORY, "facet"], "oficio", "«facet» solo va con «kind»: «opcion»"),
        ([*HISTORY, "where_found"], 3, "falta «where_found» o no es un texto"),
        ([*STATUS, "facet_label"], "Estatus", "«facet_label» solo va con «facet»"),
        ([*STATUS, "facet"], "grado", "Dos preguntas llevan la faceta «grado»"),
        ([*STATUS, "facet"], "Estatus", "«Estatus» no sirve como faceta"),
        ([*STATUS, "facet"], "e" * 41, "no sirve como faceta"),
        ([*STATUS, "facet"], "orden", "«orden» no puede ser faceta"),
        ([*STATUS, "facet"], "sexo", "«sexo» no puede ser faceta"),
        ([*STATUS[:-1], 0, "key"], "estado", "con faceta no puede llamarse «estado»"),
        ([*DEGREE, "options", 0, "value"], "s" * 61, "lleva a lo más 60 caracteres"),
        ([*DEGREE, "options", 1, "value"], "Sin_Estudios", "la búsqueda las confundiría"),
        (["sections", 0, "questions", 3, "chapter"], "quien", "«chapter» no va"),
        (["sections", 0, "questions", 1, "weight"], "alto", "«weight» no va"),
        (["sections", 0, "questions", 2, "facet"], "redes", "«facet» no va"),
        (
            ["sections", 0, "questions", 1, "kind"],
            "texto_largo",
            "la fotografía y su descripción",
        ),
        (["sections", 0, "questions", 13, "role"], "control", "solo va con «kind»: «opcion»"),
    ],
)
def test_a_bad_edit_is_refused_and_the_message_says_where_it_is_wrong(
    path: list[Any], value: Any, message: str
) -> None:
    with pytest.raises(DefinitionError, match=message.replace("(", r"\(")):
        Definition.from_content(_changed(path, value))


@pytest.mark.parametrize("content", [None, [], "texto", 3])
def test_a_definition_that_is_not_an_object_is_refused(content: Any) -> None:
    with pytest.raises(DefinitionError, match="no es un objeto"):
        Definition.from_content(content)
