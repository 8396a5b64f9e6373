"""Whether an answer is valid, and why not: one rule for forms, imports and the API. Pure."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from cms.catalogs.spanish import WITHOUT_BLANKS, clean_line, clean_text, count
from cms.questionnaires.definitions import (
    Definition,
    Question,
    QuestionKind,
    Role,
    Unanswered,
)

_DIGITS = re.compile(r"\D")
_HOST = re.compile(r"([\w]([\w-]{0,61}\w)?\.)+[^\W\d_][\w-]{0,61}\w")
# As what an answer is shown: an option, a list, or else a text.
_PUBLISHED_AS: dict[str, str] = {QuestionKind.OPCION: "opcion", QuestionKind.LISTA: "lista"}
_CONTACT_KINDS = frozenset({QuestionKind.URL, QuestionKind.CORREO, QuestionKind.TELEFONO})
_UNSAFE = re.compile(r"[\s<>\"\\`{}]")


@dataclass(frozen=True)
class AnswerProblem:
    """What is wrong with one answer.

    Attributes:
        question, label: which question. code: stable, e.g. "too_short".
        problem: what happened; remedy: how to mend it. Both in Spanish.
        item: the item at fault, as it is kept, where the answer is a list; empty otherwise.
    """

    question: str
    label: str
    code: str
    problem: str
    remedy: str
    item: str = ""

    @property
    def message(self) -> str:
        """Problem and remedy, as they are shown beside a field."""
        return f"{self.problem} {self.remedy}".strip()


def number(value: int) -> str:
    """A figure as it is written in Mexico: 1,600."""
    return f"{value:,}"


def normalise(definition: Definition, raw: Mapping[str, Any]) -> dict[str, Any]:
    """Answers as they are kept: cleaned, without blanks, without what does not apply.

    Keys that the questionnaire does not ask are dropped. Lists lose blank and repeated items.
    """
    kept: dict[str, Any] = {}
    for question in definition.questions():
        if question.condition is not None and not question.condition.holds(kept):
            continue
        value = _cleaned(question, raw.get(question.key))
        if value:
            kept[question.key] = value
    return kept


def _cleaned(question: Question, value: Any) -> str | list[str]:
    if question.kind == QuestionKind.LISTA:
        items = value if isinstance(value, list) else [value]
        cleaned = [_cleaned_item(question.item_kind, item) for item in items if item]
        return list(dict.fromkeys(item for item in cleaned if item))
    return _cleaned_item(question.kind, value) if value else ""


def _cleaned_item(kind: str, value: Any) -> str:
    if kind == QuestionKind.TEXTO_LARGO:
        return clean_text(str(value))
    text = clean_line(str(value))
    if kind == QuestionKind.TELEFONO:
        digits = _DIGITS.sub("", text)
        return digits if digits and not re.search(r"[^\d\s()+.-]", text) else text
    return text


def applies(question: Question, answers: Mapping[str, Any]) -> bool:
    """Whether a question is asked, given the other answers."""
    return question.condition is None or question.condition.holds(answers)


def problems(
    definition: Definition,
    answers: Mapping[str, Any],
    *,
    rule: str | None = None,
    complete: bool = True,
) -> list[AnswerProblem]:
    """Everything that is wrong with a set of answers, in the order of the questionnaire.

    Args:
        definition: the version under which they were given.
        answers: question key → text or list of texts, raw or normalised.
        rule: counting rule of the process; the definition's own when None. A question that has
            its own is counted by that.
        complete: also ask for what is missing (sending); otherwise only judge what is there.
    """
    counting = rule or definition.counting_rule
    kept = normalise(definition, answers)
    found: list[AnswerProblem] = []
    for question in definition.questions():
        if not applies(question, kept):
            continue
        value = kept.get(question.key)
        if not value:
            if complete and question.required:
                found.append(_missing(question))
            continue
        found += _problems_of(question, value, question.counting_rule or counting)
    return found


def _missing(question: Question) -> AnswerProblem:
    if question.kind == QuestionKind.OPCION:
        return _problem(question, "missing", "Falta esta respuesta.", "Elige una opción.")
    if question.is_photograph:
        return _problem(question, "missing", "Falta la fotografía.", "Elige un archivo y súbelo.")
    return _problem(question, "missing", "Falta esta respuesta.", "Escríbela para poder enviar.")


def _problem(question: Question, code: str, problem: str, remedy: str) -> AnswerProblem:
    return AnswerProblem(question.key, question.label, code, problem, remedy)


def _problems_of(question: Question, value: str | list[str], rule: str) -> Iterator[AnswerProblem]:
    if isinstance(value, list):
        yield from _list_problems(question, value, rule)
    elif question.kind == QuestionKind.OPCION:
        if value not in {option.value for option in question.options}:
            yield _problem(
                question,
                "not_an_option",
                f"«{value[:60]}» no es una de las opciones.",
                "Elige una de la lista.",
            )
    else:
        yield from _format_problems(question, question.kind, value)
        yield from _length_problems(question, value, rule)


def _list_problems(question: Question, items: list[str], rule: str) -> Iterator[AnswerProblem]:
    if question.max_items and len(items) > question.max_items:
        yield _problem(
            question,
            "too_many",
            f"Son {len(items)} registros; el máximo es {question.max_items}.",
            "Deja los más importantes.",
        )
    for item in items:
        for problem in _item_problems(question, item, rule):
            yield replace(problem, item=item)


def _item_problems(question: Question, item: str, rule: str) -> Iterator[AnswerProblem]:
    yield from _format_problems(question, question.item_kind, item)
    yield from _length_problems(question, item, rule)


def kept_item(question: Question, value: str) -> str:
    """One item of a list as it is kept: what `AnswerProblem.item` names."""
    return _cleaned_item(question.item_kind, value)


def _format_problems(question: Question, kind: str, value: str) -> Iterator[AnswerProblem]:
    if kind == QuestionKind.URL:
        yield from _address_problems(question, value)
    if kind == QuestionKind.CORREO and not _is_email(value):
        yield _problem(
            question,
            "bad_email",
            f"«{value[:80]}» no es un correo.",
            "Escríbelo completo, como nombre@ejemplo.mx.",
        )
    if kind == QuestionKind.TELEFONO and not re.fullmatch(r"\d{10}", value):
        yield _problem(
            question,
            "bad_phone",
            f"«{value[:40]}» no es un teléfono de 10 dígitos.",
            "Escribe los 10 dígitos, con clave de la ciudad.",
        )


def _is_email(value: str) -> bool:
    try:
        validate_email(value)
    except ValidationError:
        return False
    return True


def _address_problems(question: Question, value: str) -> Iterator[AnswerProblem]:
    site = question.hosts[0] if question.hosts else "ejemplo.mx"
    scheme, host = _scheme_and_host(value)
    if not host:
        yield _problem(
            question,
            "bad_url",
            f"«{value[:80]}» no es una dirección web.",
            f"Escríbela completa, como https://{site}/tu-pagina.",
        )
    elif question.hosts and not _is_of(host, question.hosts):
        yield _problem(
            question,
            "other_site",
            f"«{value[:80]}» no es una dirección de {question.label}.",
            f"Escribe la de la cuenta, como https://{site}/tu-cuenta.",
        )
    elif question.hosts and scheme != "https":
        yield _problem(
            question,
            "not_https",
            "La dirección no es segura: empieza con http://.",
            f"Escríbela con https://, como https://{site}/tu-cuenta.",
        )


def _scheme_and_host(value: str) -> tuple[str, str]:
    """Scheme and host of a web address; an empty host when it is none that we would publish."""
    try:
        parts = urlsplit(value)
        host = (parts.hostname or "").removesuffix(".")
        _port = parts.port  # raises on a port that is no number
    except ValueError:
        return "", ""
    if parts.scheme not in {"http", "https"} or "@" in parts.netloc or _UNSAFE.search(value):
        return "", ""
    return parts.scheme, host if _HOST.fullmatch(host) else ""


def _is_of(host: str, sites: tuple[str, ...]) -> bool:
    """Whether a host is one of the sites or below one.

    The same name under .example counts: that domain is reserved (RFC 2606) and belongs to nobody,
    so a demonstration links to no real account.
    """
    reserved = f"{sites[0].split('.')[0]}.example"
    return any(host == site or host.endswith(f".{site}") for site in (*sites, reserved))


def _length_problems(question: Question, value: str, rule: str) -> Iterator[AnswerProblem]:
    length = count(value, rule)
    how = "sin contar espacios" if rule == WITHOUT_BLANKS else "contando espacios"
    if question.min_length and length < question.min_length:
        yield _problem(
            question,
            "too_short",
            f"Escribe al menos {number(question.min_length)} caracteres {how};"
            f" llevas {number(length)}.",
            question.remedy or "Agrega lo que falta.",
        )
    if question.max_length and length > question.max_length:
        yield _problem(
            question,
            "too_long",
            f"Son {number(length)} caracteres {how}; el máximo es {number(question.max_length)}.",
            f"Quita {number(length - question.max_length)}.",
        )


def public_questions(definition: Definition) -> list[dict[str, Any]]:
    """The questions whose answers are read, in reading order.

    The shape is that of `cms.published.models.PublishedQuestionnaire.questions`.
    """
    return [
        {
            **_as_published(definition, question, place),
            "opciones": [
                {"valor": option.value, "etiqueta": option.label} for option in question.options
            ],
            "sin_respuesta": str(definition.chapter(question.chapter).unanswered),
        }
        for place, question in enumerate(definition.reading(), 1)
    ]


def _as_published(definition: Definition, question: Question, place: int) -> dict[str, Any]:
    return {
        "cuestionario": definition.kind,
        "pregunta": question.key,
        "etiqueta": question.label,
        "seccion": question.section,
        "tipo": _PUBLISHED_AS.get(question.kind, "texto"),
        "capitulo": question.chapter,
        "capitulo_titulo": definition.chapter(question.chapter).title,
        "orden": place,
        "peso": str(question.weight),
        "faceta": question.facet,
        "faceta_etiqueta": question.facet_label,
        "donde": question.where_found,
        "comparacion": question.comparison,
    }


def public_answers(definition: Definition, answers: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Answers that are read, in the order in which they are asked.

    The shape is that of `cms.published.models.PublishedCandidacy.answers`.
    """
    places = {question.key: place for place, question in enumerate(definition.reading(), 1)}
    found: list[dict[str, Any]] = []
    for question in definition.questions():
        value = answers.get(question.key)
        if not value or not question.is_read:
            continue
        entry = _as_published(definition, question, places[question.key])
        if question.kind == QuestionKind.OPCION:
            entry |= {"valor": value, "respuesta": question.option_label(value)}
        else:
            entry |= {"respuesta": value}
        found.append(entry)
    return found


def public_unanswered(definition: Definition, answers: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The questions that were asked and left without answer, of those of which pages say so.

    What does not apply to somebody was not asked. The shape is that of `public_questions` without
    "opciones".
    """
    return [
        {**_as_published(definition, question, place), "sin_respuesta": said}
        for place, question in enumerate(definition.reading(), 1)
        if (said := str(definition.chapter(question.chapter).unanswered)) != Unanswered.NUNCA
        and not answers.get(question.key)
        and applies(question, answers)
    ]


def public_contacts(definition: Definition, answers: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Public contacts in order: {"tipo": "url|correo|telefono|texto", "etiqueta", "valor"}."""
    found: list[dict[str, Any]] = []
    for question in definition.questions():
        value = answers.get(question.key)
        if not value or question.role != Role.CONTACTO or question.is_internal:
            continue
        kind = question.item_kind if question.kind == QuestionKind.LISTA else question.kind
        shown = str(kind) if kind in _CONTACT_KINDS else "texto"
        found += [
            {"tipo": shown, "etiqueta": question.label, "valor": item}
            for item in (value if isinstance(value, list) else [value])
        ]
    return found
