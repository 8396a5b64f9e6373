"""A candidacy's page, arranged as its published answers say that it is read."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from cms.published.models import PublishedCandidacy
from cms.published.selectors import asked_of
from search.fragments import marked_whole
from search.inside import FoundInside

# Parts of the page that are no chapter; each heading is "h-" and one of these or a chapter's.
ANCHORS = frozenset(
    {"contenido", "menu", "q", "contacto", "cambios", "cam", "idx", "otras", "preg", "pie"}
    | {"dentro", "q-dentro", "parecidas"}
)
_FACT = "opcion"


@dataclass(frozen=True)
class ShownAnswer:
    """One question with what was answered; `value` is empty when it was not.

    `key` is its questionnaire and its question; `marked` has the lines that are shown with marks.
    """

    anchor: str
    label: str
    kind: str
    value: Any
    key: tuple[str, str]
    marked: Mapping[str, SafeString] = field(default_factory=dict)

    @property
    def paragraphs(self) -> list[str]:
        """The lines of a text, or the texts of a list, with what was searched marked."""
        return [self.marked.get(line, line) for line in _lines(self.value)]


@dataclass(frozen=True)
class Chapter:
    """A part of the page."""

    anchor: str
    title: str
    answers: tuple[ShownAnswer, ...]

    @property
    def facts(self) -> list[ShownAnswer]:
        """Chosen options, which are shown together and briefly."""
        return [answer for answer in self.answers if answer.kind == _FACT and answer.value]

    @property
    def texts(self) -> list[ShownAnswer]:
        """Everything else in its order; an option that was not chosen says so here."""
        return [answer for answer in self.answers if answer.kind != _FACT or not answer.value]


@dataclass(frozen=True)
class ContactLine:
    """One means of contact with all its values."""

    label: str
    kind: str
    values: tuple[str, ...]


def _lines(value: str | list[str]) -> list[str]:
    if isinstance(value, list):
        return value
    return [line.strip() for line in value.split("\n") if line.strip()]


def marks(row: PublishedCandidacy, found: FoundInside) -> dict[str, SafeString]:
    """The lines of the answers in which something was found, with every hit marked."""
    keys = set(found.questions)
    inside = [one for one in row.answers if (one["cuestionario"], one["pregunta"]) in keys]
    lines = [line for answer in inside for line in _lines(answer["respuesta"])]
    marked = marked_whole(lines, found.stems)
    return {line: mark_safe(html) for line, html in marked.items()}  # noqa: S308


def chapters(
    row: PublishedCandidacy, marked: Mapping[str, SafeString] | None = None
) -> list[Chapter]:
    """The answers in reading order, with the questions whose chapter says that it has no answer.

    Args:
        row: from `selectors.candidacy`, which says what the process asks now.
        marked: lines that are shown with marks, as `marks` gives them.
    """
    missing = _not_answered(row)
    questions = sorted([*row.answers, *missing], key=lambda question: int(question["orden"]))
    keys = dict.fromkeys(question["capitulo"] for question in questions)
    anchors = _Anchors()
    anchor_of = {key: anchors.free(key, "capitulo") for key in keys}
    found: list[Chapter] = []
    for key, anchor in anchor_of.items():
        inside = [question for question in questions if question["capitulo"] == key]
        is_answered = any("respuesta" in question for question in inside)
        shown = [question for question in inside if _is_shown(question, is_answered)]
        if shown:
            answers = tuple(
                ShownAnswer(
                    anchor=anchors.free(question["pregunta"], "pregunta"),
                    label=question["etiqueta"],
                    kind=question["tipo"],
                    value=question.get("respuesta", ""),
                    key=(question["cuestionario"], question["pregunta"]),
                    marked=marked or {},
                )
                for question in shown
            )
            found.append(Chapter(anchor, inside[0]["capitulo_titulo"], answers))
    return found


def found_inside(shown: list[Chapter], found: FoundInside) -> list[ShownAnswer]:
    """The answers that were found, best first; a chosen option is found at its chapter."""
    answers = {
        answer.key: answer if answer.kind != _FACT else replace(answer, anchor=chapter.anchor)
        for chapter in shown
        for answer in chapter.answers
    }
    return [answers[key] for key in found.questions if key in answers]


def _is_shown(question: dict[str, Any], is_chapter_answered: bool) -> bool:
    if "respuesta" in question:
        return True
    return bool(
        question["sin_respuesta"] == "siempre"
        or (question["sin_respuesta"] == "junto" and is_chapter_answered)
    )


class _Anchors:
    """Gives every part of the page an address of its own."""

    def __init__(self) -> None:
        self._taken = set(ANCHORS)

    def free(self, wanted: str, kind: str) -> str:
        """The wanted anchor, or another like it when something else has it."""
        candidates = self._candidates(wanted, kind)
        anchor = next(name for name in candidates if name not in self._taken)
        self._taken.add(anchor)
        return anchor

    @staticmethod
    def _candidates(wanted: str, kind: str) -> Iterator[str]:
        yield wanted
        yield f"{kind}-{wanted}"
        number = 2
        while True:
            yield f"{kind}-{wanted}-{number}"
            number += 1


def _not_answered(row: PublishedCandidacy) -> list[dict[str, Any]]:
    """What was asked and left without answer.

    Of a questionnaire with published answers, that of the version under which they were given: a
    question that was added later was never asked. Of any other, what the process asks now.
    """
    answered = {(answer["cuestionario"], answer["pregunta"]) for answer in row.answers}
    return [
        *(question for questions in row.unanswered.values() for question in questions),
        *(
            question
            for question in asked_of(row)
            if question["cuestionario"] not in row.unanswered
            and (question["cuestionario"], question["pregunta"]) not in answered
        ),
    ]


def facts(row: PublishedCandidacy) -> list[tuple[str, str]]:
    """(name, answer) of the answers by which candidacies are filtered, in reading order."""
    return [
        (answer["faceta_etiqueta"], answer["respuesta"])
        for answer in sorted(row.answers, key=lambda answer: int(answer["orden"]))
        if answer["faceta"]
    ]


def contact_lines(row: PublishedCandidacy) -> list[ContactLine]:
    """Contacts with the same label together, in order."""
    lines: dict[tuple[str, str], list[str]] = {}
    for contact in row.contacts:
        lines.setdefault((contact["etiqueta"], contact["tipo"]), []).append(contact["valor"])
    return [ContactLine(label, kind, tuple(values)) for (label, kind), values in lines.items()]


def unanswered(row: PublishedCandidacy) -> list[str]:
    """The questions that were asked, for a candidacy that answered nothing."""
    return [
        question["etiqueta"] for question in asked_of(row) if question["sin_respuesta"] != "nunca"
    ]
