"""Answers that are made up, to show how a questionnaire is read. Pure."""

from typing import Any

from cms.questionnaires.definitions import Definition, Question, QuestionKind

_SENTENCE = "Este es un texto de ejemplo para ver cómo se leerá la respuesta. "
_LINES: dict[str, str] = {
    QuestionKind.URL: "https://ejemplo.example/pagina",
    QuestionKind.CORREO: "correo@ejemplo.example",
    QuestionKind.TELEFONO: "8440000000",
}


def sample_answers(definition: Definition, *, photograph: str) -> dict[str, Any]:
    """A made-up answer to every question that applies, long enough for its limits.

    Args:
        photograph: what stands for the photograph; empty leaves it out.
    """
    given: dict[str, Any] = {}
    for question in definition.questions():
        if question.condition is not None and not question.condition.holds(given):
            continue
        value = photograph if question.is_photograph else _answer(question, definition)
        if value:
            given[question.key] = value
    return given


def _answer(question: Question, definition: Definition) -> str | list[str]:
    if question.kind == QuestionKind.OPCION:
        return _option(question, definition)
    if question.kind == QuestionKind.LISTA:
        return [_line(question, question.item_kind)]
    return _line(question, question.kind)


def _option(question: Question, definition: Definition) -> str:
    """The first option after which something more is asked, if there is one."""
    for option in question.options:
        for other in definition.questions():
            if other.condition is not None and other.condition.holds({question.key: option.value}):
                return option.value
    return question.options[0].value


def _line(question: Question, kind: str) -> str:
    if kind == QuestionKind.URL and question.hosts:
        return f"https://{question.hosts[0]}/ejemplo"
    if kind in _LINES:
        return _LINES[kind]
    if kind == QuestionKind.TEXTO_CORTO:
        return "Respuesta de ejemplo"[: question.max_length]
    # Blanks may not count, so the text is longer than its minimum by a half.
    least = min(max(question.min_length * 3 // 2, 120), question.max_length)
    return (_SENTENCE * (least // len(_SENTENCE) + 1))[:least].strip()
