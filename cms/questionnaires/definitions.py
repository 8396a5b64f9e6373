"""A questionnaire as data: sections, questions, options, limits. Pure, checked when it is read."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

KINDS = frozenset(
    {"fotografia", "texto_corto", "texto_largo", "opcion", "lista", "url", "correo", "telefono"}
)
ITEM_KINDS = frozenset({"texto_corto", "correo", "telefono"})
VISIBILITIES = frozenset({"publica", "interna"})
COUNTING_RULES = frozenset({"sin_espacios", "con_espacios"})
ROLES = frozenset({"", "fotografia", "contacto", "control"})


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
        sections = tuple(
            _section(raw, f"apartado {number}")
            for number, raw in enumerate(_list(content, "sections", "el cuestionario"), 1)
        )
        rule = _text(content, "counting_rule", "el cuestionario")
        if rule not in COUNTING_RULES:
            raise DefinitionError(f"«{rule}» no es una regla de conteo.")
        by_key: dict[str, Question] = {}
        for section in sections:
            for question in section.questions:
                if question.key in by_key:
                    raise DefinitionError(f"La pregunta «{question.key}» está dos veces.")
                _check_condition(question, by_key)
                by_key[question.key] = question
        return cls(
            kind=_text(content, "kind", "el cuestionario"),
            version=_text(content, "version", "el cuestionario"),
            title=_text(content, "title", "el cuestionario"),
            counting_rule=rule,
            sections=sections,
            _by_key=by_key,
        )


def _text(raw: Mapping[str, Any], name: str, where: str, default: str | None = None) -> str:
    value = raw.get(name, default)
    if not isinstance(value, str) or (default is None and not value.strip()):
        raise DefinitionError(f"En {where} falta «{name}» o no es un texto.")
    return value


def _list(raw: Mapping[str, Any], name: str, where: str) -> list[Any]:
    value = raw.get(name)
    if not isinstance(value, list) or not value:
        raise DefinitionError(f"En {where} falta la lista «{name}».")
    return value


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
    key = _text(raw, "key", where)
    return Section(
        key=key,
        title=_text(raw, "title", where),
        lead=_text(raw, "lead", where, ""),
        questions=tuple(
            _question(one, key, f"pregunta {number} de «{key}»")
            for number, one in enumerate(_list(raw, "questions", where), 1)
        ),
    )


def _question(raw: Any, section: str, where: str) -> Question:
    if not isinstance(raw, Mapping):
        raise DefinitionError(f"La {where} no es un objeto.")
    kind = _one_of(_text(raw, "kind", where), KINDS, "kind", where)
    question = Question(
        key=_text(raw, "key", where),
        section=section,
        label=_text(raw, "label", where),
        kind=kind,
        help=_text(raw, "help", where, ""),
        required=bool(raw.get("required", False)),
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
    )
    if question.max_length and question.min_length > question.max_length:
        raise DefinitionError(f"En la {where}, el mínimo es mayor que el máximo.")
    return question


def _options(raw: Mapping[str, Any], kind: str, where: str) -> tuple[Option, ...]:
    if kind != "opcion":
        return ()
    found = tuple(
        Option(value=_text(one, "value", where), label=_text(one, "label", where))
        for one in _list(raw, "options", where)
        if isinstance(one, Mapping)
    )
    if len({one.value for one in found}) != len(found):
        raise DefinitionError(f"En la {where} hay opciones repetidas.")
    return found


def _condition(raw: Any, where: str) -> Condition | None:
    if raw is None:
        return None
    if not isinstance(raw, Mapping):
        raise DefinitionError(f"La condición de la {where} no es un objeto.")
    values, excluded = raw.get("in", []), raw.get("not_in", [])
    if bool(values) == bool(excluded):
        raise DefinitionError(f"La condición de la {where} lleva «in» o «not_in».")
    return Condition(
        question=_text(raw, "question", where),
        values=frozenset(values),
        excluded=frozenset(excluded),
    )


def _check_condition(question: Question, earlier: Mapping[str, Question]) -> None:
    condition = question.condition
    if condition is not None and condition.question not in earlier:
        raise DefinitionError(
            f"«{question.key}» depende de «{condition.question}», que no se pregunta antes."
        )
