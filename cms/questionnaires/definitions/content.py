"""Reads a definition from its JSON: every name and value is checked, in Spanish and with its place.

What is asked (sections, questions, options, limits) is sealed with the first answer; how answers
are read (chapters, weight, facets…) may follow a newer file: `asked_part` tells them apart.
"""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

from cms.catalogs.search_parameters import LONGEST_FACET_NAME, may_name_facet
from cms.catalogs.spanish import fold
from cms.questionnaires.definitions.model import (
    COUNTING_RULES,
    Chapter,
    Condition,
    Option,
    Question,
    QuestionKind,
    Role,
    Section,
    Unanswered,
    Visibility,
    Weight,
)

_KINDS = frozenset(QuestionKind)
_TEXTS = frozenset({QuestionKind.TEXTO_CORTO, QuestionKind.TEXTO_LARGO})
_ITEM_KINDS = frozenset({QuestionKind.TEXTO_CORTO, QuestionKind.CORREO, QuestionKind.TELEFONO})
_KEY = re.compile(r"[a-z][a-z0-9_]{0,59}")
_VERSION = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
LONGEST_FACET_VALUE = 60
# Members of a result of the API; the key of a facet's question becomes one more.
RESERVED_MEMBERS = frozenset(
    {
        *("id", "id_externo", "url", "nombre", "cargo", "cargo_nombre", "principio", "tipo"),
        *("numero_lista", "municipio", "territorio", "actor_politico", "sexo", "edad", "estado"),
        *("sustituida_por", "publicada", "actualizada", "fragmentos", "respuestas", "foto"),
        *("contactos", "identidad", "correcciones"),
    }
)


class DefinitionError(ValueError):
    """The content of a definition is not usable; the message says where, in Spanish."""


def names_in(raw: Any) -> dict[str, str]:
    """Kind, version, title and counting rule. Raises DefinitionError."""
    where = "el cuestionario"
    if not isinstance(raw, Mapping):
        raise DefinitionError("El contenido no es un objeto de JSON.")
    _require_known(raw, _NAMES_OF_DEFINITION, where)
    version = _text(raw, "version", where)
    if not _VERSION.fullmatch(version):
        raise DefinitionError(
            f"«{version}» no sirve como versión: usa minúsculas sin acentos, números y guiones."
        )
    rule = _text(raw, "counting_rule", where)
    if rule not in COUNTING_RULES:
        raise DefinitionError(f"«{rule}» no es una regla de conteo.")
    return {
        "kind": _text(raw, "kind", where),
        "version": version,
        "title": _text(raw, "title", where),
        "counting_rule": rule,
    }


def sections_in(raw: Mapping[str, Any]) -> tuple[Section, ...]:
    """The sections with their questions, as they are written. Raises DefinitionError."""
    sections = tuple(
        _section(section, f"apartado {number}")
        for number, section in enumerate(_list(raw, "sections", "el cuestionario"), 1)
    )
    if len({section.key for section in sections}) != len(sections):
        raise DefinitionError("Hay dos apartados con la misma clave.")
    earlier: dict[str, Question] = {}
    for section in sections:
        for question in section.questions:
            if question.key in earlier:
                raise DefinitionError(f"La pregunta «{question.key}» está dos veces.")
            _check_condition(question, earlier)
            earlier[question.key] = question
    _check_found_by_what_they_are(list(earlier.values()))
    return sections


def _check_found_by_what_they_are(questions: list[Question]) -> None:
    """Services find these by kind, role or visibility, so there is at most one of each."""
    found = {
        "una fotografía": [question for question in questions if question.is_photograph],
        f"una descripción de la fotografía («role»: «{Role.FOTOGRAFIA}»)": [
            question
            for question in questions
            if question.role == Role.FOTOGRAFIA and not question.is_photograph
        ],
        "una respuesta interna («visibility»: «interna»)": [
            question for question in questions if question.is_internal
        ],
    }
    for what, keys in found.items():
        if len(keys) > 1:
            names = " y ".join(f"«{question.key}»" for question in keys)
            raise DefinitionError(f"Solo cabe {what} por cuestionario, y hay {len(keys)}: {names}.")
    facets = Counter(question.facet for question in questions if question.facet)
    for facet, number in facets.items():
        if number > 1:
            raise DefinitionError(f"Dos preguntas llevan la faceta «{facet}»: cada una es de una.")


def _text(raw: Mapping[str, Any], name: str, where: str, default: str | None = None) -> str:
    value = raw.get(name, default)
    if not isinstance(value, str) or (default is None and not value.strip()):
        raise DefinitionError(f"En {where} falta «{name}» o no es un texto.")
    return value


def _key(raw: Mapping[str, Any], where: str) -> str:
    key = _text(raw, "key", where)
    if not _KEY.fullmatch(key):
        raise DefinitionError(
            f"En {where}, «{key}» no sirve como clave: usa minúsculas sin acentos, números y «_»."
        )
    return key


def _list(raw: Mapping[str, Any], name: str, where: str) -> list[Any]:
    value = raw.get(name)
    if not isinstance(value, list) or not value:
        raise DefinitionError(f"En {where} falta la lista «{name}».")
    return value


def _texts(raw: Mapping[str, Any], name: str, where: str) -> tuple[str, ...]:
    value = raw.get(name, [])
    if not isinstance(value, list) or not all(isinstance(text, str) and text for text in value):
        raise DefinitionError(f"En {where}, «{name}» debe ser una lista de textos.")
    return tuple(value)


def _flag(raw: Mapping[str, Any], name: str, where: str) -> bool:
    value = raw.get(name, False)
    if not isinstance(value, bool):
        raise DefinitionError(f"En {where}, «{name}» debe ser true o false.")
    return value


def _require_known(raw: Mapping[str, Any], names: frozenset[str], where: str) -> None:
    """A misspelt name would be a limit that silently does not hold."""
    unknown = sorted(set(raw) - names)
    if unknown:
        raise DefinitionError(f"En {where} no se conoce «{unknown[0]}».")


def _number(raw: Mapping[str, Any], name: str, where: str) -> int:
    value = raw.get(name, 0)
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise DefinitionError(f"En {where}, «{name}» debe ser un número entero.")
    return value


def _place(raw: Mapping[str, Any], name: str, where: str) -> int | None:
    return _number(raw, name, where) if name in raw else None


def _one_of(value: str, allowed: frozenset[str], name: str, where: str) -> str:
    if value not in allowed:
        raise DefinitionError(f"En {where}, «{value}» no es un valor de «{name}».")
    return value


def _section(raw: Any, where: str) -> Section:
    if not isinstance(raw, Mapping):
        raise DefinitionError(f"El {where} no es un objeto.")
    _require_known(raw, _NAMES_OF_SECTION, where)
    key = _key(raw, where)
    return Section(
        key=key,
        title=_text(raw, "title", where),
        lead=_text(raw, "lead", where, ""),
        chapter=_text(raw, "chapter", where, ""),
        questions=tuple(
            _question(question, key, f"la pregunta {number} de «{key}»")
            for number, question in enumerate(_list(raw, "questions", where), 1)
        ),
    )


def _question(raw: Any, section: str, where: str) -> Question:
    if not isinstance(raw, Mapping):
        raise DefinitionError(f"En el lugar de {where} no hay un objeto.")
    _require_known(raw, _NAMES_OF_QUESTION, where)
    kind = _one_of(_text(raw, "kind", where), _KINDS, "kind", where)
    question = Question(
        key=_key(raw, where),
        section=section,
        label=_text(raw, "label", where),
        kind=kind,
        help=_text(raw, "help", where, ""),
        required=_flag(raw, "required", where),
        min_length=_number(raw, "min_length", where),
        max_length=_number(raw, "max_length", where),
        max_items=_number(raw, "max_items", where),
        item_kind=_one_of(
            _text(raw, "item_kind", where, QuestionKind.TEXTO_CORTO),
            _ITEM_KINDS,
            "item_kind",
            where,
        ),
        options=_options(raw, kind, where),
        condition=_condition(raw.get("condition"), where),
        visibility=_one_of(
            _text(raw, "visibility", where, Visibility.PUBLICA),
            frozenset(Visibility),
            "visibility",
            where,
        ),
        role=_one_of(_text(raw, "role", where, Role.NONE), frozenset(Role), "role", where),
        remedy=_text(raw, "remedy", where, ""),
        hosts=_texts(raw, "hosts", where),
        counting_rule=_one_of(
            _text(raw, "counting_rule", where, ""),
            COUNTING_RULES | {""},
            "counting_rule",
            where,
        ),
        **_how_it_is_read(raw, where),
    )
    _check_limits(question, where)
    _check_special(question, where)
    return question


def _check_limits(question: Question, where: str) -> None:
    holds = question.item_kind if question.kind == QuestionKind.LISTA else question.kind
    if holds in _TEXTS and not question.max_length:
        raise DefinitionError(f"En {where} falta el máximo de caracteres, «max_length».")
    if question.kind == QuestionKind.LISTA and not question.max_items:
        raise DefinitionError(f"En {where} falta el máximo de registros, «max_items».")
    if question.max_length and question.min_length > question.max_length:
        raise DefinitionError(f"En {where}, el mínimo es mayor que el máximo.")
    if question.hosts and question.kind != QuestionKind.URL:
        raise DefinitionError(f"En {where}, «hosts» solo va con «kind»: «url».")


def _check_special(question: Question, where: str) -> None:
    """What has a place of its own must be of the kind that fits there."""
    if question.is_photograph and question.role != Role.FOTOGRAFIA:
        raise DefinitionError(
            f"En {where}: hay una sola fotografía por cuestionario, y lleva «role»:"
            f" «{Role.FOTOGRAFIA}»."
        )
    if question.role == Role.FOTOGRAFIA and question.kind not in {
        QuestionKind.FOTOGRAFIA,
        QuestionKind.TEXTO_CORTO,
    }:
        raise DefinitionError(
            f"En {where}: con «role»: «{Role.FOTOGRAFIA}» van la fotografía y su descripción, que"
            f" es de «kind»: «{QuestionKind.TEXTO_CORTO}»."
        )
    if question.role == Role.CONTROL and question.kind != QuestionKind.OPCION:
        raise DefinitionError(
            f"En {where}, «role»: «{Role.CONTROL}» solo va con «kind»: «{QuestionKind.OPCION}»."
        )
    if question.is_internal and (
        question.kind != QuestionKind.CORREO or question.role != Role.NONE
    ):
        raise DefinitionError(
            f"En {where}: la única respuesta interna es un correo para avisos, con «kind»:"
            f" «{QuestionKind.CORREO}» y sin «role»; las demás se publican."
        )
    _check_reading(question, where)


def _check_reading(question: Question, where: str) -> None:
    """Chapters, weight and facets are of answers that are read."""
    said = [name for name in READING_NAMES if getattr(question, name) not in {"", None}]
    if said and not question.is_read:
        raise DefinitionError(
            f"En {where}, «{said[0]}» no va: la respuesta no se lee en un capítulo, porque es"
            " interna o lleva «role»."
        )
    if question.facet_label and not question.facet:
        raise DefinitionError(f"En {where}, «facet_label» solo va con «facet».")
    if question.facet:
        _check_facet(question, where)


def _check_facet(question: Question, where: str) -> None:
    if question.kind != QuestionKind.OPCION:
        raise DefinitionError(f"En {where}, «facet» solo va con «kind»: «{QuestionKind.OPCION}».")
    if not _KEY.fullmatch(question.facet) or len(question.facet) > LONGEST_FACET_NAME:
        raise DefinitionError(
            f"En {where}, «{question.facet}» no sirve como faceta: usa minúsculas sin acentos,"
            f" números y «_», a lo más {LONGEST_FACET_NAME}."
        )
    if not may_name_facet(question.facet):
        raise DefinitionError(
            f"En {where}, «{question.facet}» no puede ser faceta: la búsqueda ya tiene un parámetro"
            " que se llama así."
        )
    if question.key in RESERVED_MEMBERS:
        raise DefinitionError(
            f"En {where}, una pregunta con faceta no puede llamarse «{question.key}»: ya es un dato"
            " de los resultados de la API."
        )
    if any(len(option.value) > LONGEST_FACET_VALUE for option in question.options):
        raise DefinitionError(
            f"En {where}, el «value» de una opción con faceta lleva a lo más"
            f" {LONGEST_FACET_VALUE} caracteres."
        )
    if len({fold(option.value) for option in question.options}) != len(question.options):
        raise DefinitionError(
            f"En {where}, dos opciones se distinguen solo por mayúsculas o acentos en «value»: la"
            " búsqueda las confundiría."
        )


def _how_it_is_read(raw: Mapping[str, Any], where: str) -> dict[str, Any]:
    return {
        "chapter": _text(raw, "chapter", where, ""),
        "reading_order": _place(raw, "reading_order", where),
        "weight": _one_of(
            _text(raw, "weight", where, ""), frozenset(Weight) | {""}, "weight", where
        ),
        "facet": _text(raw, "facet", where, ""),
        "facet_label": _text(raw, "facet_label", where, ""),
        "where_found": _text(raw, "where_found", where, ""),
        "comparison": _text(raw, "comparison", where, ""),
    }


def chapters_in(raw: Mapping[str, Any]) -> tuple[Chapter, ...]:
    """The chapters that the definition lists. Raises DefinitionError."""
    if "chapters" not in raw:
        return ()
    chapters = tuple(
        _chapter(chapter, f"el capítulo {number}")
        for number, chapter in enumerate(_list(raw, "chapters", "el cuestionario"), 1)
    )
    if len({chapter.key for chapter in chapters}) != len(chapters):
        raise DefinitionError("Hay dos capítulos con la misma clave.")
    return chapters


def _chapter(raw: Any, where: str) -> Chapter:
    if not isinstance(raw, Mapping):
        raise DefinitionError(f"En el lugar de {where} no hay un objeto.")
    _require_known(raw, _NAMES_OF_CHAPTER, where)
    return Chapter(
        key=_key(raw, where),
        title=_text(raw, "title", where),
        weight=_one_of(
            _text(raw, "weight", where, Weight.BAJO), frozenset(Weight), "weight", where
        ),
        unanswered=_one_of(
            _text(raw, "unanswered", where, Unanswered.JUNTO),
            frozenset(Unanswered),
            "unanswered",
            where,
        ),
    )


def arranged(
    sections: tuple[Section, ...], chapters: tuple[Chapter, ...]
) -> tuple[tuple[Section, ...], tuple[Chapter, ...]]:
    """Give every answer that is read its chapter, weight, phrase and comparison.

    A section that names no chapter is read in the chapter of its own key, or becomes a chapter
    after those that are listed. Raises DefinitionError for a chapter that is not listed.
    """
    known = {chapter.key: chapter for chapter in chapters}
    placed: list[Section] = []
    for section in sections:
        if section.chapter and section.chapter not in known:
            raise _no_such_chapter(f"El apartado «{section.key}»", section.chapter)
        usual = section.chapter or section.key
        for question in section.questions:
            if question.chapter and question.chapter not in known:
                raise _no_such_chapter(f"La pregunta «{question.key}»", question.chapter)
            if question.is_read and not question.chapter and usual not in known:
                known[usual] = Chapter(key=section.key, title=section.title)
        questions = tuple(
            _placed(question, known[question.chapter or usual]) if question.is_read else question
            for question in section.questions
        )
        placed.append(replace(section, questions=questions))
    return tuple(placed), tuple(known.values())


def _no_such_chapter(who: str, chapter: str) -> DefinitionError:
    return DefinitionError(f"{who} se lee en el capítulo «{chapter}», que no está en «chapters».")


def _placed(question: Question, chapter: Chapter) -> Question:
    return replace(
        question,
        chapter=chapter.key,
        weight=question.weight or chapter.weight,
        facet_label=question.facet_label or (question.label if question.facet else ""),
        where_found=question.where_found or f"En «{question.label}»",
        comparison=question.comparison or chapter.key,
    )


def asked_part(raw: Mapping[str, Any]) -> dict[str, Any]:
    """The content without how its answers are read: what people answered under."""
    return {
        **{name: value for name, value in raw.items() if name != "chapters"},
        "sections": [
            {
                **{name: value for name, value in section.items() if name != "chapter"},
                "questions": [
                    {name: value for name, value in question.items() if name not in READING_NAMES}
                    for question in section["questions"]
                ],
            }
            for section in raw["sections"]
        ],
    }


def _options(raw: Mapping[str, Any], kind: str, where: str) -> tuple[Option, ...]:
    if kind != QuestionKind.OPCION:
        if "options" in raw:
            raise DefinitionError(f"En {where}, «options» solo va con «kind»: «opcion».")
        return ()
    offered = _list(raw, "options", where)
    if not all(isinstance(option, Mapping) for option in offered):
        raise DefinitionError(f"En {where}, cada opción lleva «value» y «label».")
    found = tuple(
        Option(value=_text(option, "value", where), label=_text(option, "label", where))
        for option in offered
    )
    if len({option.value for option in found}) != len(found):
        raise DefinitionError(f"En {where} hay opciones repetidas.")
    return found


def _condition(raw: Any, where: str) -> Condition | None:
    if raw is None:
        return None
    if not isinstance(raw, Mapping):
        raise DefinitionError(f"En {where}, la condición no es un objeto.")
    _require_known(raw, frozenset({"question", "in", "not_in"}), where)
    values, excluded = _texts(raw, "in", where), _texts(raw, "not_in", where)
    if bool(values) == bool(excluded):
        raise DefinitionError(f"En {where}, la condición lleva «in» o «not_in».")
    return Condition(
        question=_text(raw, "question", where),
        values=frozenset(values),
        excluded=frozenset(excluded),
    )


def _check_condition(question: Question, earlier: Mapping[str, Question]) -> None:
    """A question depends on an earlier one, and on values that this one offers."""
    condition = question.condition
    if condition is None:
        return
    on = earlier.get(condition.question)
    if on is None:
        raise DefinitionError(
            f"«{question.key}» depende de «{condition.question}», que no se pregunta antes."
        )
    offered = {option.value for option in on.options}
    unknown = sorted((condition.values | condition.excluded) - offered)
    if unknown:
        raise DefinitionError(
            f"«{question.key}» depende de que «{on.key}» sea «{unknown[0]}», que no es una opción."
        )


# What a question says of how its answer is read.
READING_NAMES = (
    "chapter",
    "reading_order",
    "weight",
    "facet",
    "facet_label",
    "where_found",
    "comparison",
)
_NAMES_OF_DEFINITION = frozenset(
    {"kind", "version", "title", "counting_rule", "chapters", "sections"}
)
_NAMES_OF_CHAPTER = frozenset(member.name for member in fields(Chapter))
_NAMES_OF_SECTION = frozenset({"key", "title", "lead", "chapter", "questions"})
_NAMES_OF_QUESTION = frozenset(member.name for member in fields(Question)) - {"section"}
