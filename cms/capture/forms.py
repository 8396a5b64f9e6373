"""A section of a questionnaire as a form: what arrives, and how each field is shown."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from cms.capture.addresses import Addresses
from cms.capture.selectors import Capture
from cms.catalogs.spanish import WITHOUT_BLANKS, clean_text, count
from cms.moderation.models import Observation
from cms.questionnaires.answers import AnswerProblem, applies, kept_item, number
from cms.questionnaires.definitions import Question, QuestionKind, Section
from cms.questionnaires.photographs import Crop

SEPARATE_INPUTS = 3
RADIOS = 3
_WIDGETS: dict[str, str] = {
    QuestionKind.TEXTO_LARGO: "textarea",
    QuestionKind.FOTOGRAFIA: "photograph",
}
_INPUT_TYPES: dict[str, str] = {
    QuestionKind.URL: "url",
    QuestionKind.CORREO: "email",
    QuestionKind.TELEFONO: "tel",
}
# The buttons that save the step and go on: a visible button, and a hidden one for Enter.
GOES_ON = {"siguiente", "entrar"}
# The buttons that save the step and stay on it.
UPLOAD, REMOVE = "quedarse", "quitar_fotografia"


def read_answers(questions: Iterable[Question], posted: QueryDict) -> dict[str, Any]:
    """The answers to these questions as they were typed; what did not arrive is left out."""
    read: dict[str, Any] = {}
    for question in questions:
        if question.is_photograph or question.key not in posted:
            continue
        values = posted.getlist(question.key)
        if question.kind == QuestionKind.LISTA:
            read[question.key] = [
                line for value in values for line in clean_text(value).split("\n") if line.strip()
            ]
        else:
            read[question.key] = clean_text(values[-1])
    return read


def version_of(posted: QueryDict) -> int | None:
    """The version of the draft over which a form was typed; None when it does not say."""
    given = posted.get("version", "")
    return int(given) if given.isdecimal() and len(given) < 9 else None


def questionnaire_of(posted: QueryDict) -> str:
    """The version of the questionnaire that a form showed, `InUse.name`; empty: not said."""
    return posted.get("cuestionario", "")[:100]


def crop_of(posted: QueryDict) -> Crop | None:
    """The part of the picture that is to be used; None: the middle."""

    def percent(name: str, default: float) -> float:
        try:
            return min(100.0, max(0.0, float(posted.get(name, "").replace(",", "."))))
        except ValueError:
            return default

    if not any(posted.get(name) for name in ("recorte_x", "recorte_y", "recorte_ancho")):
        return None
    return Crop(
        left=percent("recorte_x", 0),
        top=percent("recorte_y", 0),
        width=percent("recorte_ancho", 100),
    )


def shown(question: Question, value: Any) -> str:
    """An answer as people read it."""
    if isinstance(value, list):
        return "\n".join(value)
    if question.kind == QuestionKind.OPCION:
        return question.option_label(value)
    return str(value)


@dataclass(frozen=True)
class Counter:
    """Both counts of a text; the page shows in bold the count that rules in the process."""

    counted: int
    other: int
    minimum: int
    maximum: int
    without_spaces: bool

    @property
    def rule(self) -> str:
        return "sin espacios" if self.without_spaces else "con espacios"

    @property
    def other_rule(self) -> str:
        return "con espacios" if self.without_spaces else "sin espacios"

    @property
    def missing(self) -> int:
        return max(0, self.minimum - self.counted)

    @property
    def excess(self) -> int:
        return max(0, self.counted - self.maximum) if self.maximum else 0

    @property
    def state(self) -> str:
        if self.excess:
            return f"Sobran {number(self.excess)}"
        if self.missing:
            return f"Faltan {number(self.missing)}"
        return "Cumple"

    @property
    def tone(self) -> str:
        if self.excess:
            return "wrong"
        if self.missing:
            return "wrong" if self.counted else ""
        return "right"

    @property
    def filled(self) -> int:
        return min(self.counted, self.maximum or self.counted)


@dataclass(frozen=True)
class Field:
    """A question ready to be shown."""

    question: Question
    value: Any
    addresses: Addresses
    problems: tuple[AnswerProblem, ...] = ()
    observations: tuple[Observation, ...] = ()
    counter: Counter | None = None
    is_asked: bool = True

    @property
    def widget(self) -> str:
        kind = self.question.kind
        if kind == QuestionKind.OPCION:
            return "radios" if len(self.question.options) <= RADIOS else "select"
        if kind == QuestionKind.LISTA:
            few = self.question.max_items and self.question.max_items <= SEPARATE_INPUTS
            return "inputs" if few else "lines"
        return _WIDGETS.get(kind, "input")

    @property
    def input_type(self) -> str:
        is_list = self.question.kind == QuestionKind.LISTA
        kind = self.question.item_kind if is_list else self.question.kind
        return _INPUT_TYPES.get(kind, "text")

    @property
    def values(self) -> list[tuple[str, bool]]:
        """Value of each input, and whether it is wrong; empty inputs up to the number admitted."""
        given = list(self.value) if isinstance(self.value, list) else []
        inputs = max(self.question.max_items, len(given))
        wrong = {problem.item for problem in self.problems}
        nothing_given = bool(self.problems) and not any(given)
        return [
            (value, kept_item(self.question, value) in wrong if value else nothing_given and not at)
            for at, value in enumerate((given + [""] * inputs)[:inputs])
        ]

    @property
    def picture(self) -> str:
        """The address of the photograph."""
        return self.addresses.photograph(self.value)

    @property
    def small_picture(self) -> str:
        """The address of the photograph as lists show it."""
        return self.addresses.small_photograph(self.value)

    @property
    def text(self) -> str:
        return "\n".join(self.value) if isinstance(self.value, list) else str(self.value or "")

    @property
    def described_by(self) -> str:
        key = self.question.key
        parts = [f"{key}-ayuda"] if self.question.help else []
        parts += [f"{key}-observaciones"] if self.observations else []
        parts += [f"{key}-error"] if self.problems else []
        parts += [f"{key}-cuenta"] if self.counter else []
        return " ".join(parts)


def fields(
    section: Section,
    answers: Mapping[str, Any],
    *,
    capture: Capture,
    problems: Sequence[AnswerProblem] = (),
) -> list[Field]:
    """The fields of a section with their values, problems and observations."""
    return [
        Field(
            question=question,
            value=answers.get(question.key, ""),
            problems=tuple(problem for problem in problems if problem.question == question.key),
            observations=tuple(
                found for found in capture.observations if found.question == question.key
            ),
            counter=_counter(question, answers.get(question.key, ""), capture.in_use.rule),
            is_asked=applies(question, answers),
            addresses=capture.addresses,
        )
        for question in section.questions
    ]


def _counter(question: Question, value: Any, rule: str) -> Counter | None:
    if question.kind != QuestionKind.TEXTO_LARGO:
        return None
    text = value if isinstance(value, str) else ""
    bare, full = count(text, "sin_espacios"), count(text, "con_espacios")
    without = rule == WITHOUT_BLANKS
    return Counter(
        counted=bare if without else full,
        other=full if without else bare,
        minimum=question.min_length,
        maximum=question.max_length,
        without_spaces=without,
    )
