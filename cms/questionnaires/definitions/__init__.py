"""A questionnaire as data: what is asked, and how its answers are read. Pure."""

from cms.questionnaires.definitions.content import DefinitionError, asked_part
from cms.questionnaires.definitions.definition import Definition
from cms.questionnaires.definitions.model import (
    COUNTING_RULES,
    KIND_LABELS,
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

__all__ = [
    "COUNTING_RULES",
    "KIND_LABELS",
    "Chapter",
    "Condition",
    "Definition",
    "DefinitionError",
    "Option",
    "Question",
    "QuestionKind",
    "Role",
    "Section",
    "Unanswered",
    "Visibility",
    "Weight",
    "asked_part",
]
