"""What a questionnaire consists of: sections and questions as asked, chapters as read."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum, auto
from typing import Any

from cms.catalogs.spanish import WITH_BLANKS, WITHOUT_BLANKS


class QuestionKind(StrEnum):
    """What a question takes. Each member is the word that the definition files write."""

    FOTOGRAFIA = auto()
    TEXTO_CORTO = auto()
    TEXTO_LARGO = auto()
    OPCION = auto()
    LISTA = auto()
    URL = auto()
    CORREO = auto()
    TELEFONO = auto()


KIND_LABELS: dict[str, str] = {
    QuestionKind.FOTOGRAFIA: "fotografía",
    QuestionKind.TEXTO_CORTO: "texto corto",
    QuestionKind.TEXTO_LARGO: "texto largo",
    QuestionKind.OPCION: "opción",
    QuestionKind.LISTA: "lista",
    QuestionKind.URL: "dirección web",
    QuestionKind.CORREO: "correo",
    QuestionKind.TELEFONO: "teléfono",
}


class Role(StrEnum):
    """What an answer is for, where it is not simply read.

    FOTOGRAFIA is the photograph and the short text that describes it, CONTACTO a public contact,
    and CONTROL a question that only decides which questions follow.
    """

    NONE = ""
    FOTOGRAFIA = auto()
    CONTACTO = auto()
    CONTROL = auto()


class Visibility(StrEnum):
    """Who may see an answer: everybody, or only the institute."""

    PUBLICA = auto()
    INTERNA = auto()


class Weight(StrEnum):
    """How much a word found in an answer counts in the search."""

    ALTO = auto()
    BAJO = auto()


class Unanswered(StrEnum):
    """When a chapter says that one of its questions was not answered.

    SIEMPRE says so even if the whole chapter is empty, JUNTO only beside other answers of the
    chapter, and NUNCA leaves the question out.
    """

    SIEMPRE = auto()
    JUNTO = auto()
    NUNCA = auto()


COUNTING_RULES = frozenset({WITHOUT_BLANKS, WITH_BLANKS})


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
        kind: a QuestionKind; item_kind says what a "lista" holds.
        role: a Role. visibility: a Visibility.
        remedy: how to mend a short answer, in Spanish.
        hosts: for a "url", the sites to which it may point (subdomains too); empty: any site.
        counting_rule: its own, where an institute counts it otherwise; empty: the definition's.
        chapter: key of the chapter in which the answer is read.
        reading_order: its place in the chapter, from the least; those without one come after, in
            the order in which they are asked.
        weight: a Weight.
        facet: the public parameter that filters by the answer (only options); empty: none.
        facet_label: the facet's name for people.
        where_found: what the results say of a passage of the answer: «En su primera propuesta».
        comparison: answers of the same group are compared with each other.
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
    item_kind: str = QuestionKind.TEXTO_CORTO
    options: tuple[Option, ...] = ()
    condition: Condition | None = None
    visibility: str = Visibility.PUBLICA
    role: str = Role.NONE
    remedy: str = ""
    hosts: tuple[str, ...] = ()
    counting_rule: str = ""
    chapter: str = ""
    reading_order: int | None = None
    weight: str = ""
    facet: str = ""
    facet_label: str = ""
    where_found: str = ""
    comparison: str = ""

    @property
    def kind_label(self) -> str:
        """What is asked for, in words."""
        if self.kind == QuestionKind.LISTA:
            return f"lista ({KIND_LABELS[self.item_kind]})"
        return KIND_LABELS[self.kind]

    @property
    def is_photograph(self) -> bool:
        """Whether the answer is a photograph."""
        return self.kind == QuestionKind.FOTOGRAFIA

    @property
    def is_internal(self) -> bool:
        """Whether only the institute may see the answer."""
        return self.visibility == Visibility.INTERNA

    @property
    def is_public(self) -> bool:
        """Whether the answer may be published, as an answer, a contact or a photograph."""
        return not self.is_internal and self.role != Role.CONTROL

    @property
    def is_read(self) -> bool:
        """Whether the answer is published as an answer: not a photograph, contact or control."""
        return not self.is_internal and self.role == Role.NONE

    def option_label(self, value: str) -> str:
        """The words of an option; the value itself when it is not offered any more."""
        return next((option.label for option in self.options if option.value == value), value)


@dataclass(frozen=True)
class Section:
    """A step of the form. `chapter` is where its questions are read unless they say otherwise."""

    key: str
    title: str
    lead: str
    questions: tuple[Question, ...]
    chapter: str = ""


@dataclass(frozen=True)
class Chapter:
    """A part of a candidacy's page.

    Attributes:
        weight: the search weight of its questions unless they say otherwise.
        unanswered: an Unanswered.
    """

    key: str
    title: str
    weight: str = Weight.BAJO
    unanswered: str = Unanswered.JUNTO
