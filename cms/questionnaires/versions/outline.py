"""A draft as its page lists it: sections and questions in order, each with a line in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cms.questionnaires.definitions import KIND_LABELS, QuestionKind, Visibility


@dataclass(frozen=True)
class QuestionLine:
    """A question of the list. `says` is its type, limits and what is special of it, in words."""

    key: str
    label: str
    says: str


@dataclass(frozen=True)
class SectionLines:
    """A section of the list with its questions."""

    key: str
    title: str
    lead: str
    questions: tuple[QuestionLine, ...]


@dataclass(frozen=True)
class Outline:
    """The whole list. `chapters` are (key, title)."""

    sections: tuple[SectionLines, ...]
    chapters: tuple[tuple[str, str], ...]


def outline_of(content: Mapping[str, Any]) -> Outline:
    """What a draft asks, and the chapters in which it is read."""
    sections = tuple(
        SectionLines(
            key=section["key"],
            title=section["title"],
            lead=section.get("lead", ""),
            questions=tuple(
                QuestionLine(question["key"], question["label"], _in_words(question))
                for question in section["questions"]
            ),
        )
        for section in content["sections"]
    )
    chapters = tuple((one["key"], one["title"]) for one in content.get("chapters", []))
    return Outline(sections, chapters)


def _in_words(question: Mapping[str, Any]) -> str:
    kind = question["kind"]
    said = [KIND_LABELS[kind], "obligatoria" if question.get("required") else "opcional"]
    least, most = question.get("min_length", 0), question.get("max_length", 0)
    if least and most:
        said.append(f"de {least:,} a {most:,} caracteres")
    elif most:
        said.append(f"hasta {most:,} caracteres")
    if kind == QuestionKind.LISTA:
        said.append(f"hasta {question.get('max_items', 0)} registros")
    if options := question.get("options"):
        said.append(f"{len(options)} opciones")
    if question.get("condition"):
        said.append("según otra respuesta")
    if question.get("visibility") == Visibility.INTERNA:
        said.append("solo la ve el Instituto")
    if question.get("facet"):
        said.append("filtro de la búsqueda")
    return ", ".join(said)
