"""A candidacy's page, arranged as it is read: proposals first, then who they are. Pure."""

from dataclasses import dataclass
from typing import Any

from cms.published.models import PublishedCandidacy

CHAPTERS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("propuestas", "Propuestas", ("propuestas",)),
    ("quien", "Quién es y qué ha hecho", ("trayectoria", "historia")),
    ("estudios", "Estudios", ("estudios",)),
)

# Within a chapter, what is read first.
FIRST = {"motivo_cargo": 0}


@dataclass(frozen=True)
class ShownAnswer:
    """One question with what was answered; `value` is empty when it was not."""

    key: str
    label: str
    kind: str
    value: Any

    @property
    def paragraphs(self) -> list[str]:
        if not isinstance(self.value, str):
            return []
        return [line.strip() for line in self.value.split("\n") if line.strip()]


@dataclass(frozen=True)
class Chapter:
    """A part of the page."""

    anchor: str
    title: str
    answers: tuple[ShownAnswer, ...]

    @property
    def facts(self) -> list[ShownAnswer]:
        return [one for one in self.answers if one.kind == "opcion"]

    @property
    def texts(self) -> list[ShownAnswer]:
        return [one for one in self.answers if one.kind != "opcion"]


@dataclass(frozen=True)
class ContactLine:
    """One means of contact with all its values."""

    label: str
    kind: str
    values: tuple[str, ...]


def chapters(row: PublishedCandidacy) -> list[Chapter]:
    """The answers in the order of the page; questions asked and not answered are kept, empty."""
    given = {one["pregunta"]: one for one in row.answers}
    asked = _asked(row)
    known = {section for _anchor, _title, sections in CHAPTERS for section in sections}
    layout = [*CHAPTERS, ("otras", "Otras respuestas", tuple({one[2] for one in asked} - known))]
    found: list[Chapter] = []
    for anchor, title, sections in layout:
        shown = [
            _shown(key, label, given.get(key))
            for key, label, section in asked
            if section in sections
        ]
        answers = tuple(sorted(shown, key=lambda one: FIRST.get(one.key, 1)))
        if any(one.value for one in answers) or (answers and anchor == "propuestas"):
            found.append(Chapter(anchor, title, answers))
    return found


def _asked(row: PublishedCandidacy) -> list[tuple[str, str, str]]:
    """Questions that were answered, then those of the process that were not."""
    answered = [(one["pregunta"], one["etiqueta"], one["seccion"]) for one in row.answers]
    keys = {key for key, _label, _section in answered}
    questions = [
        (one["pregunta"], one["etiqueta"], one["seccion"]) for one in row.process.questions
    ]
    missing = [one for one in questions if one[0] not in keys]
    order = {one[0]: index for index, one in enumerate(questions)}
    return sorted([*answered, *missing], key=lambda one: order.get(one[0], len(order)))


def _shown(key: str, label: str, given: dict[str, Any] | None) -> ShownAnswer:
    if given is None:
        return ShownAnswer(key, label, "texto", "")
    return ShownAnswer(key, label, given["tipo"], given["respuesta"])


def contact_lines(row: PublishedCandidacy) -> list[ContactLine]:
    """Contacts with the same label together, in order."""
    lines: dict[tuple[str, str], list[str]] = {}
    for one in row.contacts:
        lines.setdefault((one["etiqueta"], one["tipo"]), []).append(one["valor"])
    return [ContactLine(label, kind, tuple(values)) for (label, kind), values in lines.items()]


def unanswered(row: PublishedCandidacy) -> list[str]:
    """Every question that was asked, when nothing was answered."""
    asked = [one for one in row.process.questions if one["seccion"] != "estudios"]
    return [one["etiqueta"] for one in sorted(asked, key=_reading_order)]


def _reading_order(question: dict[str, Any]) -> tuple[int, int]:
    """The chapter of a question, then what is read first in it; the sort keeps the rest."""
    chapters = [sections for _anchor, _title, sections in CHAPTERS]
    chapter = next(
        (number for number, sections in enumerate(chapters) if question["seccion"] in sections),
        len(chapters),
    )
    return chapter, FIRST.get(question["pregunta"], 1)
