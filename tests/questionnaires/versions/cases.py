"""Every way in which a version changes a question, and what it asks again."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from cms.questionnaires.versions import editing

Content = dict[str, Any]
A_LONG_TEXT = " ".join(["Con aljibes de cantera y un padrón público de pozos."] * 8)


@dataclass(frozen=True)
class Case:
    """A change, and what is said of it.

    Attributes:
        asked: what is asked again of somebody who had finished, with `answers` that will do.
        lost: what is not sent any more. eased: what may be left without answer from now on.
    """

    change: Callable[[Content], Content]
    words: str
    asked: set[str] = field(default_factory=set)
    lost: set[str] = field(default_factory=set)
    eased: set[str] = field(default_factory=set)
    answers: Content = field(default_factory=dict)


def says(key: str, **said: Any) -> Callable[[Content], Content]:
    """The change of what a question says; None takes a name out."""

    def change(content: Content) -> Content:
        question, holder = editing.question_of(content, key), editing.holder_of(content, key)
        assert question is not None
        assert holder is not None
        told = {name: value for name, value in {**question, **said}.items() if value is not None}
        del told["key"]
        return editing.put_question(content, key, told, section=holder["key"])

    return change


def adds(*, key: str = "cuidado_agua", **said: Any) -> Callable[[Content], Content]:
    """A new question."""
    new = {"label": "¿Cómo cuidará el agua?", "kind": "texto_largo", "max_length": 900, **said}
    return lambda content: editing.put_question(content, key, new, section="propuestas")


def options(key: str, change: Callable[[list[Content]], list[Content]]) -> Any:
    """The change of the options of a question."""

    def changed(content: Content) -> Content:
        question = editing.question_of(content, key)
        assert question is not None
        return says(key, options=change(deepcopy(question["options"])))(content)

    return changed


def moved_to_another_section(content: Content) -> Content:
    question = editing.question_of(content, "motivo_cargo")
    assert question is not None
    del question["key"]
    return editing.put_question(content, "motivo_cargo", question, section="propuestas")


def without(value: str) -> Callable[[list[Content]], list[Content]]:
    return lambda offered: [option for option in offered if option["value"] != value]


def reworded(value: str, label: str) -> Callable[[list[Content]], list[Content]]:
    return lambda offered: [
        {**option, "label": label} if option["value"] == value else option for option in offered
    ]


CASES = {
    "removed": Case(
        lambda content: editing.remove(content, "pregunta", "propuesta_2"),
        "dejó de preguntarse",
        lost={"propuesta_2"},
    ),
    "section removed": Case(
        lambda content: editing.remove(content, "apartado", "trayectoria"),
        "Ya no hay apartado «Trayectoria y motivo»",
        lost={"trayectoria_politica", "motivo_cargo"},
    ),
    "renamed": Case(says("propuesta_1", label="¿Qué propone?"), "ahora se pregunta así"),
    "moved inside": Case(
        lambda content: editing.move(content, "pregunta", "propuesta_2", "subir"),
        "se movió dentro de su apartado",
    ),
    "moved to another section": Case(moved_to_another_section, "se movió del apartado"),
    "made obligatory": Case(
        says("pagina_web", required=True),
        "«Página web» ahora es obligatoria.",
        asked={"pagina_web"},
        answers={"pagina_web": "https://cenizo.example/"},
    ),
    "made optional": Case(says("cursos", required=False, label="Cursos"), "Cursos"),
    "longer limit": Case(says("propuesta_1", max_length=2000), "de 1,600 a 2,000"),
    "shorter limit": Case(
        says("motivo_cargo", max_length=300, min_length=10),
        "de 5,000 a 300",
        asked={"motivo_cargo"},
        answers={"motivo_cargo": "Para que nadie acarree agua."},
    ),
    "longer minimum": Case(
        says("motivo_cargo", min_length=2000),
        "de 280 a 2,000",
        asked={"motivo_cargo"},
        answers={"motivo_cargo": "palabras " * 300},
    ),
    "other counting": Case(
        lambda content: {**content, "counting_rule": "con_espacios"}, "contaban"
    ),
    "new and obligatory": Case(
        adds(required=True),
        "Pregunta nueva en «Propuestas»: «¿Cómo cuidará el agua?» (texto largo, obligatoria).",
        asked={"cuidado_agua"},
        answers={"cuidado_agua": A_LONG_TEXT},
    ),
    "new and optional": Case(adds(), "(texto largo, opcional)"),
    "chosen option removed": Case(
        options("grado_estudios", without("licenciatura")),
        "ya no ofrece la opción «Licenciatura»",
        asked={"grado_estudios"},
        answers={"grado_estudios": "maestria"},
    ),
    "other option removed": Case(options("grado_estudios", without("maestria")), "«Maestría»"),
    "option reworded": Case(
        options("grado_estudios", reworded("licenciatura", "Licenciatura o ingeniería")),
        "la opción «Licenciatura» ahora dice «Licenciatura o ingeniería»",
    ),
    "option added": Case(
        options("grado_estudios", lambda found: [*found, {"value": "otro", "label": "Otro"}]),
        "ofrece una opción más: «Otro»",
    ),
    "asked in another case": Case(
        says("estatus_estudios", condition={"question": "grado_estudios", "in": ["doctorado"]}),
        "«Estatus del grado» ahora se pregunta si en «Grado máximo de estudios» se respondió",
        lost={"estatus_estudios"},
    ),
    "fewer entries": Case(
        says("domicilio_campana", max_items=1),
        "Cambió el máximo de registros de «Casa de campaña»: de 3 a 1.",
        asked={"domicilio_campana"},
        answers={"domicilio_campana": ["Calle de la Acequia 4"]},
    ),
    "more entries": Case(says("domicilio_campana", max_items=5), "de 3 a 5"),
    "shorter entries": Case(
        says("cursos", max_length=40),
        "«Otra formación»: de 250 a 40",
        asked={"cursos"},
        answers={"cursos": ["Diplomado en gestión del agua"]},
    ),
    "other sites": Case(
        says("facebook", hosts=["fb.me"]),
        "«Facebook» ahora admite direcciones de: fb.me.",
        asked={"facebook"},
        answers={"facebook": "https://fb.me/cenizo"},
    ),
    "a site more": Case(says("facebook", hosts=["facebook.com", "threads.net"]), "threads.net"),
    "asked of everybody": Case(
        says("otra_red", condition=None),
        "«Otra red social» ahora se pregunta siempre.",
        asked={"otra_red"},
        answers={"otra_red": "https://red.example/cenizo"},
    ),
    "asked with another answer": Case(
        says("facebook", condition={"question": "facebook_tiene", "in": ["no"]}),
        "«Facebook» ahora se pregunta si en «¿Tienes Facebook?» se respondió «No».",
        lost={"facebook"},
    ),
    "removed with what depends on it": Case(
        lambda content: editing.remove(
            editing.remove(content, "pregunta", "facebook"), "pregunta", "facebook_tiene"
        ),
        "«¿Tienes Facebook?» dejó de preguntarse",
        lost={"facebook_tiene", "facebook"},
    ),
    "new for some": Case(
        adds(required=True, condition={"question": "grado_estudios", "in": ["licenciatura"]}),
        "(texto largo, obligatoria)",
        asked={"cuidado_agua"},
        answers={"cuidado_agua": A_LONG_TEXT},
    ),
    "new for others": Case(
        adds(required=True, condition={"question": "grado_estudios", "in": ["doctorado"]}),
        "(texto largo, obligatoria)",
    ),
    "photograph removed": Case(
        lambda content: editing.remove(
            editing.remove(content, "pregunta", "fotografia_texto_alternativo"),
            "pregunta",
            "fotografia",
        ),
        "«Fotografía» dejó de preguntarse",
        lost={"fotografia"},
    ),
    "photograph optional": Case(
        says("fotografia", required=None),
        "«Fotografía» ahora es opcional.",
        eased={"fotografia"},
    ),
    "no e-mail of the institute": Case(
        lambda content: editing.remove(content, "pregunta", "correo_aclaraciones"),
        "«Correo para aclaraciones» dejó de preguntarse",
        lost={"correo_aclaraciones"},
    ),
    "not shown to the public": Case(
        says("pagina_web", role=None), "ahora, se publica como respuesta"
    ),
}
