"""A whole questionnaire, and what services and selectors ask of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from cms.questionnaires.definitions import content
from cms.questionnaires.definitions.model import (
    Chapter,
    Question,
    Role,
    Section,
)


@dataclass(frozen=True)
class Definition:
    """A whole questionnaire, in one version. `chapters` stand in their reading order."""

    kind: str
    version: str
    title: str
    counting_rule: str
    sections: tuple[Section, ...]
    chapters: tuple[Chapter, ...] = ()
    _by_key: dict[str, Question] = field(default_factory=dict, compare=False, repr=False)

    def questions(self) -> Iterator[Question]:
        """Every question in the order in which it is asked."""
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
        for section in self.sections:
            if section.key == key:
                return section
        raise KeyError(key)

    def chapter(self, key: str) -> Chapter:
        """A chapter by its key. Raises KeyError."""
        for chapter in self.chapters:
            if chapter.key == key:
                return chapter
        raise KeyError(key)

    def reading(self) -> list[Question]:
        """The questions whose answers are read, in the order in which they are read."""
        place = {chapter.key: number for number, chapter in enumerate(self.chapters)}
        return sorted(
            (question for question in self.questions() if question.is_read),
            key=lambda question: (
                place[question.chapter],
                question.reading_order is None,
                question.reading_order or 0,
            ),
        )

    def reading_by_chapter(self) -> list[tuple[Chapter, list[Question]]]:
        """The chapters in which something is read, each with its questions in reading order."""
        questions = self.reading()
        found = [
            (chapter, [question for question in questions if question.chapter == chapter.key])
            for chapter in self.chapters
        ]
        return [(chapter, inside) for chapter, inside in found if inside]

    @property
    def photograph(self) -> Question | None:
        """The question that asks for the photograph; None when there is none."""
        return next((question for question in self.questions() if question.is_photograph), None)

    @property
    def alternative_text(self) -> Question | None:
        """The question that asks what the photograph shows; None when there is none."""
        return next(
            (
                question
                for question in self.questions()
                if question.role == Role.FOTOGRAFIA and not question.is_photograph
            ),
            None,
        )

    @property
    def internal_email(self) -> Question | None:
        """The question that asks for the institute's own means of writing to the person."""
        return next((question for question in self.questions() if question.is_internal), None)

    @classmethod
    def from_content(cls, raw: Mapping[str, Any]) -> "Definition":
        """Read a definition from its JSON. Raises DefinitionError saying where it is wrong."""
        names = content.names_in(raw)
        sections = content.sections_in(raw)
        sections, chapters = content.arranged(sections, content.chapters_in(raw))
        return cls(
            **names,
            sections=sections,
            chapters=chapters,
            _by_key={
                question.key: question for section in sections for question in section.questions
            },
        )
