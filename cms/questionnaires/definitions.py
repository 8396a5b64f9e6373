"""A questionnaire as data: sections, questions, options, limits. Pure, checked when it is read."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from cms.catalogs.spanish import WITH_BLANKS, WITHOUT_BLANKS

KIND_LABELS = {
    "fotografia": "fotografía",
    "texto_corto": "texto corto",
    "texto_largo": "texto largo",
    "opcion": "opción",
    "lista": "lista",
    "url": "dirección web",
    "correo": "correo",
    "telefono": "teléfono",
}
KINDS = frozenset(KIND_LABELS)
ITEM_KINDS = frozenset({"texto_corto", "correo", "telefono"})
VISIBILITIES = frozenset({"publica", "interna"})
COUNTING_RULES = frozenset({WITHOUT_BLANKS, WITH_BLANKS})
ROLES = frozenset({"", "fotografia", "contacto", "control"})
# Services know these two by name: where the picture goes, and what the person keeps (ADR 0011).
PHOTOGRAPH = "fotografia"
CLARIFICATIONS = "correo_aclaraciones"
_KEY = re.compile(r"[a-z][a-z0-9_]{0,59}")
_VERSION = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


class DefinitionError(ValueError):
    """The content of a definition is not usable; the message says where, in Spanish."""


@dataclass(frozen=True)
class Option:
    """One of the answers that a question offers."""

    value: str
    label: str


@dataclass(frozen=True)
class Condition:
    """A question is asked only if another one was answered with one of these values."""

    question: str
    values: frozenset[str] = frozenset()
    excluded: frozenset[str] = frozenset()

    def holds(self, answers: Mapping[str, Any]) -> bool:
        """Whether the answers given so far make the question apply."""
        given = answers.get(self.question)
        if not isinstance(given, str) or not given:
            return False
        return given in self.values if self.values else given not in self.excluded


@dataclass(frozen=True)
class Question:
    """One question. Lengths are characters under the definition's counting rule.

    Attributes:
        kind: one of KINDS; item_kind says what a "lista" holds.
        role: "contacto" answers are shown as contact, "control" ones (Sí/No) are never shown.
        remedy: how to mend a short answer, in Spanish.
        hosts: for a "url", the sites to which it may point (subdomains too); empty: any site.
        counting_rule: its own, where an institute counts it otherwise; empty: the definition's.
    """

    key: str
    section: str
    label: str
    kind: str
    help: str = ""
    required: bool = False
    min_length: int = 0
    max_length: int = 0
    max_items: int = 0
    item_kind: str = "texto_corto"
    options: tuple[Option, ...] = ()
    condition: Condition | None = None
    visibility: str = "publica"
    role: str = ""
    remedy: str = ""
    hosts: tuple[str, ...] = ()
    counting_rule: str = ""

    @property
    def kind_label(self) -> str:
        """What is asked for, in words."""
        if self.kind == "lista":
            return f"lista ({KIND_LABELS[self.item_kind]})"
        return KIND_LABELS[self.kind]

    def option_label(self, value: str) -> str:
        """The words of an option; the value itself when it is not offered any more."""
        return next((one.label for one in self.options if one.value == value), value)


@dataclass(frozen=True)
class Section:
    """A step of the form."""

    key: str
    title: str
    lead: str
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class Definition:
    """A whole questionnaire, in one version."""

    kind: str
    version: str
    title: str
    counting_rule: str
    sections: tuple[Section, ...]
    _by_key: dict[str, Question] = field(default_factory=dict, compare=False, repr=False)

    def questions(self) -> Iterator[Question]:
        """Every question in order."""
        for section in self.sections:
            yield from section.questions

    def question(self, key: str) -> Question:
        """A question by its key. Raises KeyError."""
        return self._by_key[key]

    def has(self, key: str) -> bool:
        """Whether the questionnaire asks this."""
        return key in self._by_key

    def section(self, key: str) -> Section:
        """A section by its key. Raises KeyError."""
        for one in self.sections:
            if one.key == key:
                return one
        raise KeyError(key)

    @classmethod
    def from_content(cls, content: Mapping[str, Any]) -> "Definition":
        """Read a definition from its JSON. Raises DefinitionError saying where it is wrong."""
        where = "el cuestionario"
        if not isinstance(content, Mapping):
            raise DefinitionError("El contenido no es un objeto de JSON.")
        _require_known(content, _NAMES_OF_DEFINITION, where)
        version = _text(content, "version", where)
        if not _VERSION.fullmatch(version):
            raise DefinitionError(
                f"«{version}» no sirve como versión: usa minúsculas sin acentos, números y guiones."
            )
        rule = _text(content, "counting_rule", where)
        if rule not in COUNTING_RULES:
            raise DefinitionError(f"«{rule}» no es una regla de conteo.")
        sections = tuple(
            _section(raw, f"apartado {number}")
            for number, raw in enumerate(_list(content, "sections", where), 1)
        )
        by_key: dict[str, Question] = {}
        if len({section.key for section in sections}) != len(sections):
            raise DefinitionError("Hay dos apartados con la misma clave.")
        for section in sections:
            for question in section.questions:
                if question.key in by_key:
                    raise DefinitionError(f"La pregunta «{question.key}» está dos veces.")
                _check_condition(question, by_key)
                by_key[question.key] = question
        return cls(
            kind=_text(content, "kind", where),
            version=version,
            title=_text(content, "title", where),
            counting_rule=rule,
            sections=sections,
            _by_key=by_key,
        )


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
    if not isinstance(value, list) or not all(isinstance(one, str) and one for one in value):
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
        questions=tuple(
            _question(one, key, f"la pregunta {number} de «{key}»")
            for number, one in enumerate(_list(raw, "questions", where), 1)
        ),
    )


def _question(raw: Any, section: str, where: str) -> Question:
    if not isinstance(raw, Mapping):
        raise DefinitionError(f"En el lugar de {where} no hay un objeto.")
    _require_known(raw, _NAMES_OF_QUESTION, where)
    kind = _one_of(_text(raw, "kind", where), KINDS, "kind", where)
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
            _text(raw, "item_kind", where, "texto_corto"), ITEM_KINDS, "item_kind", where
        ),
        options=_options(raw, kind, where),
        condition=_condition(raw.get("condition"), where),
        visibility=_one_of(
            _text(raw, "visibility", where, "publica"), VISIBILITIES, "visibility", where
        ),
        role=_one_of(_text(raw, "role", where, ""), ROLES, "role", where),
        remedy=_text(raw, "remedy", where, ""),
        hosts=_texts(raw, "hosts", where),
        counting_rule=_one_of(
            _text(raw, "counting_rule", where, ""),
            COUNTING_RULES | {""},
            "counting_rule",
            where,
        ),
    )
    _check_limits(question, where)
    _check_special(question, where)
    return question


def _check_limits(question: Question, where: str) -> None:
    holds = question.item_kind if question.kind == "lista" else question.kind
    if holds in {"texto_corto", "texto_largo"} and not question.max_length:
        raise DefinitionError(f"En {where} falta el máximo de caracteres, «max_length».")
    if question.kind == "lista" and not question.max_items:
        raise DefinitionError(f"En {where} falta el máximo de registros, «max_items».")
    if question.max_length and question.min_length > question.max_length:
        raise DefinitionError(f"En {where}, el mínimo es mayor que el máximo.")
    if question.hosts and question.kind != "url":
        raise DefinitionError(f"En {where}, «hosts» solo va con «kind»: «url».")


def _check_special(question: Question, where: str) -> None:
    """What the services know by name must be what they expect."""
    if (question.kind == "fotografia") != (question.key == PHOTOGRAPH):
        raise DefinitionError(f"En {where}: hay una sola fotografía y su clave es «{PHOTOGRAPH}».")
    if question.kind == "fotografia" and question.role != "fotografia":
        raise DefinitionError(f"En {where}, la fotografía lleva «role»: «fotografia».")
    if (question.visibility == "interna") != (question.key == CLARIFICATIONS):
        raise DefinitionError(
            f"En {where}: la única respuesta interna es «{CLARIFICATIONS}»; las demás se publican."
        )


def _options(raw: Mapping[str, Any], kind: str, where: str) -> tuple[Option, ...]:
    if kind != "opcion":
        if "options" in raw:
            raise DefinitionError(f"En {where}, «options» solo va con «kind»: «opcion».")
        return ()
    offered = _list(raw, "options", where)
    if not all(isinstance(one, Mapping) for one in offered):
        raise DefinitionError(f"En {where}, cada opción lleva «value» y «label».")
    found = tuple(
        Option(value=_text(one, "value", where), label=_text(one, "label", where))
        for one in offered
    )
    if len({one.value for one in found}) != len(found):
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
    offered = {one.value for one in on.options}
    unknown = sorted((condition.values | condition.excluded) - offered)
    if unknown:
        raise DefinitionError(
            f"«{question.key}» depende de que «{on.key}» sea «{unknown[0]}», que no es una opción."
        )


_NAMES_OF_DEFINITION = frozenset({"kind", "version", "title", "counting_rule", "sections"})
_NAMES_OF_SECTION = frozenset({"key", "title", "lead", "questions"})
_NAMES_OF_QUESTION = frozenset(one.name for one in fields(Question)) - {"section"}
