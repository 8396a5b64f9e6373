"""A question goes through its form and back without a change, and what cannot be is refused."""

from typing import Any

import pytest
from django.http import QueryDict

from cms.questionnaires.definitions import Definition
from cms.questionnaires.loading import shipped_definitions
from cms.questionnaires.versions import editing
from cms.questionnaires.versions.difference import differences
from cms.questionnaires.versions.forms import QuestionForm
from cms.questionnaires.versions.keys import questions_in
from cms.questionnaires.versions.options import LABELS, VALUES
from cms.questionnaires.versions.written import as_typed
from tests.questionnaires.conftest import shipped

LONG_TEXT = {"kind": "texto_largo", "max_length": "500", "use": "respuesta"}
CHOICE = {"kind": "opcion", "use": "respuesta"}


def typed(question: dict[str, Any], section: str) -> QueryDict:
    """What a browser sends of a question's form that nobody touched."""
    sent = QueryDict(mutable=True)
    for name, value in as_typed(question, section).items():
        if isinstance(value, list):
            sent.setlist(name, value)
        elif value is True:
            sent[name] = "on"
        elif value is not False:
            sent[name] = str(value)
    sent.setlist(VALUES, [one["value"] for one in question.get("options", [])])
    sent.setlist(LABELS, [one["label"] for one in question.get("options", [])])
    return sent


def form_of(content: Any = None, key: str = "", **said: Any) -> QuestionForm:
    """The form of a new question with this typed in it, or of another one."""
    content = content or shipped("curricular-2024")
    sent = QueryDict(mutable=True)
    section = shipped("curricular-2024")["sections"][1]["key"]
    for name, value in {"section": section, "label": "¿Qué lenguas habla?", **said}.items():
        sent.setlist(name, value if isinstance(value, list) else [value])
    return QuestionForm(sent, content=content, key=key, section=section)


@pytest.mark.parametrize("version", [content["version"] for content in shipped_definitions()])
def test_saving_every_question_as_it_is_changes_nothing(version: str) -> None:
    content = shipped(version)
    before = Definition.from_content(content)
    for question in list(questions_in(content)):
        key = str(question["key"])
        holder = editing.holder_of(content, key)
        assert holder is not None
        form = QuestionForm(
            typed(dict(question), holder["key"]), content=content, key=key, section=holder["key"]
        )
        assert form.is_valid(), (key, form.errors)
        content = editing.put_question(content, key, form.said(), section=holder["key"])

    after = Definition.from_content(content)
    assert after == before
    assert differences(before, after) == []


@pytest.mark.parametrize(
    ("said", "field", "words"),
    [
        ({"kind": "texto_largo", "use": "respuesta"}, "max_length", "lleva un máximo"),
        ({**LONG_TEXT, "min_length": "501"}, "min_length", "mayor que el máximo"),
        ({**LONG_TEXT, "min_length": "-1"}, "min_length", "mayor o igual a 0"),
        ({**LONG_TEXT, "max_length": "1e3"}, "max_length", "número entero"),
        ({"kind": "lista", "use": "respuesta", "max_length": "80"}, "max_items", "cuántos"),
        ({**LONG_TEXT, "hosts": "x.example"}, "hosts", "Solo una dirección web"),
        ({"kind": "url", "use": "contacto", "hosts": "https://x.example/"}, "hosts", "un sitio"),
        ({"kind": "url", "use": "contacto", "hosts": "x"}, "hosts", "«x» no es un sitio"),
        ({**LONG_TEXT, "label": "a" * 301}, "label", "300"),
        ({**CHOICE, LABELS: ["Sí", "a" * 201]}, "__all__", "200 caracteres"),
        ({**LONG_TEXT, "use": "control"}, "use", "una pregunta de opciones"),
        ({**LONG_TEXT, "use": "interna"}, "use", "un correo"),
        ({"kind": "fotografia", "use": "respuesta"}, "use", "De una fotografía"),
        ({"kind": "fotografia", "use": "fotografia"}, "__all__", "Ya hay una fotografía"),
        ({"kind": "correo", "use": "interna"}, "__all__", "Ya hay un correo que solo ve"),
        ({**LONG_TEXT, "facet": "lengua"}, "facet", "Solo una pregunta de opciones"),
        ({**CHOICE}, "__all__", "Escribe las opciones"),
        ({**CHOICE, LABELS: ["Sí", "sí "]}, "__all__", "dicen lo mismo"),
        ({**CHOICE, LABELS: ["Sí", "No"], "facet": "grado"}, "__all__", "ya es el filtro"),
        ({**CHOICE, LABELS: ["Sí", "No"], "facet": "q"}, "__all__", "no puede ser faceta"),
        ({**LONG_TEXT, "when": "in"}, "given", "Marca al menos una"),
        ({**LONG_TEXT, "label": " \u200b "}, "label", "obligatorio"),
        ({**LONG_TEXT, "section": "no_hay"}, "section", "no_hay"),
    ],
)
def test_what_a_question_cannot_be_is_refused_beside_its_field(
    said: dict[str, Any], field: str, words: str
) -> None:
    form = form_of(**said)

    assert not form.is_valid()
    assert words in str(form.errors[field])


def test_a_condition_is_of_one_earlier_question() -> None:
    content = shipped("curricular-2024")
    choices = [question for question in questions_in(content) if question.get("options")]
    first, second = (f"{one['key']}={one['options'][0]['value']}" for one in choices[:2])

    assert form_of(**LONG_TEXT, when="in", given=[first]).is_valid()
    form = form_of(**LONG_TEXT, when="in", given=[first, second])
    assert "una sola pregunta" in str(form.errors["given"])
    later = f"{choices[-1]['key']}=no_hay"
    assert "given" in form_of(**LONG_TEXT, when="in", given=[later]).errors


def test_options_get_their_values_from_their_words_and_keep_them_when_they_are_reworded() -> None:
    made = form_of(**CHOICE, **{LABELS: ["En bicicleta", "En camión", "", "En bici-cleta"]})
    assert made.is_valid(), made.errors
    values = [option["value"] for option in made.said()["options"]]
    assert values == ["bicicleta", "camion", "bici_cleta"]

    content = shipped("curricular-2024")
    stored = editing.put_question(content, "traslado", made.said(), section="estudios")
    again = form_of(
        stored,
        "traslado",
        **CHOICE,
        **{VALUES: [*values, "impuesta"], LABELS: ["En moto", "En camión", "Otro", "A pie"]},
    )
    assert again.is_valid()
    assert [(one["value"], one["label"]) for one in again.said()["options"]] == [
        ("bicicleta", "En moto"),
        ("camion", "En camión"),
        ("bici_cleta", "Otro"),
        ("pie", "A pie"),
    ]


def test_the_buttons_of_options_move_add_and_remove_and_lose_nothing() -> None:
    rows = form_of(**CHOICE, **{LABELS: ["Uno", "Dos", "Tres"]}).options
    for button in ("bajar:0", "subir:0", "bajar:2", "quitar:9", "quitar:x", "otra", "agregar"):
        rows.press(button)
    assert [row.label for row in rows.rows] == ["Dos", "Uno", "Tres", "", ""]
    rows.press("quitar:1")
    assert [option["label"] for option in rows.as_written()] == ["Dos", "Tres"]
