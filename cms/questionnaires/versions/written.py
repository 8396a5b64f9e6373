"""Between a form and a definition: a question as it is typed, and as definitions write it."""

from collections.abc import Mapping
from typing import Any

from cms.questionnaires.definitions import (
    Definition,
    DefinitionError,
    QuestionKind,
    Role,
    Visibility,
)
from cms.questionnaires.versions.keys import questions_in

INTERNAL = "interna"
ANSWER = "respuesta"
_SAME = (
    *("label", "kind", "required", "help", "remedy", "min_length", "max_length"),
    *("counting_rule", "max_items", "item_kind", "chapter", "reading_order", "weight", "facet"),
    *("facet_label", "where_found", "comparison"),
)


def as_typed(question: Mapping[str, Any], section: str) -> dict[str, Any]:
    """A question as its form begins with it."""
    condition = question.get("condition") or {}
    is_internal = question.get("visibility") == Visibility.INTERNA
    given = condition.get("in") or condition.get("not_in") or []
    return {
        **{name: question[name] for name in _SAME if name in question},
        "section": section,
        "hosts": "\n".join(question.get("hosts", [])),
        "use": INTERNAL if is_internal else question.get("role") or ANSWER,
        "when": "in" if condition.get("in") else "not_in" if condition else "",
        "given": [f"{condition.get('question')}={value}" for value in given],
    }


def as_written(typed: Mapping[str, Any], options: list[dict[str, str]]) -> dict[str, Any]:
    """A question as definitions write it, without its key; what is empty is left out."""
    kind = typed["kind"]
    said = {name: typed[name] for name in _SAME if typed.get(name) not in ("", None, False)}
    for name in ("min_length", "max_length", "max_items"):
        if not said.get(name):
            said.pop(name, None)
    if kind != QuestionKind.LISTA:
        said.pop("max_items", None)
        said.pop("item_kind", None)
    if kind == QuestionKind.OPCION:
        said["options"] = options
    if hosts := typed["hosts"].lower().split():
        said["hosts"] = hosts
    said |= _use(typed["use"])
    if typed["when"] and typed["given"]:
        on = typed["given"][0].partition("=")[0]
        values = [value.partition("=")[2] for value in typed["given"]]
        said["condition"] = {"question": on, typed["when"]: values}
    return said


def _use(use: str) -> dict[str, str]:
    if use == INTERNAL:
        return {"visibility": str(Visibility.INTERNA)}
    return {} if use == ANSWER else {"role": use}


def problem_of_question(content: Mapping[str, Any], key: str, said: Mapping[str, Any]) -> str:
    """What is wrong with a question beyond its fields, in Spanish; empty if nothing is."""
    others = [question for question in questions_in(content) if question["key"] != key]
    for what, is_one in _ONE_OF_EACH:
        for other in others:
            if is_one(said) and is_one(other):
                return f"Ya hay {what} en el cuestionario: «{other['label']}». Solo cabe una."
    facets = {other["facet"] for other in others if other.get("facet")}
    if said.get("facet") in facets:
        return f"Otra pregunta ya es el filtro «{said['facet']}»: escribe otra palabra."
    alone = {name: value for name, value in said.items() if name not in ("condition", "chapter")}
    try:
        Definition.from_content(
            {
                "kind": content["kind"],
                "version": "borrador",
                "title": content["title"],
                "counting_rule": content["counting_rule"],
                "sections": [
                    {
                        "key": "apartado",
                        "title": "Apartado",
                        "questions": [{"key": key or "pregunta", **alone}],
                    }
                ],
            }
        )
    except DefinitionError as error:
        return str(error)
    return ""


def _is_photograph(question: Mapping[str, Any]) -> bool:
    return bool(question["kind"] == QuestionKind.FOTOGRAFIA)


def _describes_photograph(question: Mapping[str, Any]) -> bool:
    return question.get("role") == Role.FOTOGRAFIA and not _is_photograph(question)


def _is_internal(question: Mapping[str, Any]) -> bool:
    return question.get("visibility") == Visibility.INTERNA


_ONE_OF_EACH = (
    ("una fotografía", _is_photograph),
    ("una descripción de la fotografía", _describes_photograph),
    ("un correo que solo ve el Instituto", _is_internal),
)
