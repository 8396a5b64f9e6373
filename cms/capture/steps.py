"""The steps of the form: which is open, which are complete, what was observed in each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from cms.capture.forms import shown
from cms.capture.selectors import Capture
from cms.questionnaires.answers import AnswerProblem
from cms.questionnaires.definitions import Question, Role, Section
from cms.questionnaires.selectors import SectionProgress

REVIEW = "revisar"


@dataclass(frozen=True)
class Step:
    """A line of the progress map."""

    number: int
    name: str
    state: str
    address: str
    tone: str = ""
    is_current: bool = False


def of(capture: Capture, current: str) -> list[Step]:
    """Every step of the questionnaire, the last being to review and send."""
    steps = [
        _step(number, progress, current, capture)
        for number, progress in enumerate(capture.progress.sections, 1)
    ]
    missing = [step for step in capture.progress.sections if not step.is_complete]
    steps.append(
        Step(
            number=len(steps) + 1,
            name="Revisar y enviar",
            state="Falta completar" if missing else "Listo para enviar",
            address=capture.addresses.review,
            is_current=current == REVIEW,
        )
    )
    return steps


def _step(number: int, progress: SectionProgress, current: str, capture: Capture) -> Step:
    section = progress.section
    keys = {question.key for question in section.questions}
    observed = sum(observation.question in keys for observation in capture.observations)
    if observed:
        state, tone = f"{observed} observaci{'ón' if observed == 1 else 'ones'}", "observed"
    elif progress.is_complete:
        state, tone = "Completo", "done"
    elif progress.started:
        wrong = len(progress.problems)
        state, tone = (f"Falta{'n' if wrong > 1 else ''} {wrong}", "")
    else:
        state, tone = "Sin empezar", ""
    return Step(
        number=number,
        name=section.title,
        state=state,
        address=capture.addresses.section(section.key),
        tone=tone,
        is_current=section.key == current,
    )


def _keys(capture: Capture) -> list[str]:
    return [section.key for section in capture.in_use.definition.sections]


def before(capture: Capture, key: str) -> str:
    """The address of the step before this one; before the first, of the list of candidacies."""
    keys = _keys(capture)
    position = keys.index(key)
    if position == 0:
        return reverse("capture:candidacies")
    return capture.addresses.section(keys[position - 1])


def after(capture: Capture, key: str) -> Section | None:
    """The section after this one; None after the last."""
    sections = capture.in_use.definition.sections
    position = _keys(capture).index(key)
    return sections[position + 1] if position + 1 < len(sections) else None


def next_section(capture: Capture) -> Section | None:
    """The next section to fill in: an observed one, else an incomplete one, else None."""
    observed = {observation.question for observation in capture.observations}
    for progress in capture.progress.sections:
        if any(question.key in observed for question in progress.section.questions):
            return progress.section
    for progress in capture.progress.sections:
        if not progress.is_complete:
            return progress.section
    return None


@dataclass(frozen=True)
class PlacedProblem:
    """A problem of an answer, and the address of its field."""

    problem: AnswerProblem
    address: str


def placed(capture: Capture, found: Sequence[AnswerProblem]) -> list[PlacedProblem]:
    """Problems of the whole questionnaire, each with the address where it can be mended."""
    sections = {
        question.key: section.key
        for section in capture.in_use.definition.sections
        for question in section.questions
    }
    return [
        PlacedProblem(
            problem,
            f"{capture.addresses.section(sections[problem.question])}#{problem.question}",
        )
        for problem in found
    ]


@dataclass(frozen=True)
class PlacedQuestion:
    """A question and the address of its field."""

    label: str
    address: str


def of_questions(capture: Capture, keys: Sequence[str]) -> list[PlacedQuestion]:
    """The questions with these keys, in the order of the form, each with its address."""
    return [
        PlacedQuestion(question.label, f"{capture.addresses.section(section.key)}#{question.key}")
        for section in capture.in_use.definition.sections
        for question in section.questions
        if question.key in keys
    ]


@dataclass(frozen=True)
class ReviewedAnswer:
    """An answer as it will be sent; `picture` is the address of a photograph."""

    question: Question
    value: Any
    is_public: bool
    picture: str = ""

    @property
    def shown(self) -> str:
        return shown(self.question, self.value)


def _reviewed(question: Question, value: Any, capture: Capture) -> ReviewedAnswer:
    picture = capture.addresses.photograph(value) if question.is_photograph else ""
    return ReviewedAnswer(question, value, question.is_public, picture)


@dataclass(frozen=True)
class ReviewedSection:
    """A section of the review, with the address to change it."""

    title: str
    address: str
    answers: tuple[ReviewedAnswer, ...]


def reviewed(capture: Capture, answers: Mapping[str, Any]) -> list[ReviewedSection]:
    """All that will be sent, by section. Questions that only control the form are left out."""
    return [
        ReviewedSection(
            title=section.title,
            address=capture.addresses.section(section.key),
            answers=tuple(
                _reviewed(question, answers[question.key], capture)
                for question in section.questions
                if question.key in answers and question.role != Role.CONTROL
            ),
        )
        for section in capture.in_use.definition.sections
    ]
