"""The record that a validator reads: a submission beside what is published, by question."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cms.moderation import selectors
from cms.moderation.differences import Difference, words_changed
from cms.moderation.models import Observation
from cms.questionnaires.definitions import Definition, Question, QuestionKind
from cms.questionnaires.kinds import kind
from cms.questionnaires.models import Questionnaire, Submission
from cms.questionnaires.selectors import page_answers, page_of, parsed, submission_answers


@dataclass(frozen=True)
class Answer:
    """A question with what is published, what was sent, and what was observed.

    `published` and `sent` are texts as they are read, or the name of a photograph. `observed` are
    the observations on this submission, `observed_before` those on the one before.
    """

    question: Question
    published: str
    sent: str
    difference: Difference
    observed: tuple[Observation, ...]
    observed_before: tuple[Observation, ...]

    @property
    def is_photograph(self) -> bool:
        return self.question.is_photograph

    @property
    def is_changed(self) -> bool:
        return self.published != self.sent


@dataclass(frozen=True)
class RecordSection:
    """A section of the questionnaire; `unanswered` are the questions without any answer."""

    key: str
    title: str
    answers: tuple[Answer, ...]
    unanswered: tuple[str, ...]


def _as_text(question: Question, value: Any) -> str:
    if not value:
        return ""
    if isinstance(value, list):
        return "\n".join(map(str, value))
    return question.option_label(value) if question.kind == QuestionKind.OPCION else str(value)


def _published_answers(
    questionnaire: Questionnaire,
) -> tuple[Definition | None, Mapping[str, Any]]:
    """The published answers and the definition under which they were given, if any."""
    page = page_of(questionnaire)
    if page is None or not page.live:
        return None, {}
    return parsed(page.definition), page_answers(page, kind=kind(questionnaire.kind))


def _published_text(definition: Definition | None, answers: Mapping[str, Any], key: str) -> str:
    if definition is None or not definition.has(key):
        return ""
    return _as_text(definition.question(key), answers.get(key))


def sections(submission: Submission) -> list[RecordSection]:
    """The whole submission in the order of its questionnaire.

    Raises: BrokenSeal if the stored bytes are not the sealed ones.
    """
    sent = submission_answers(submission)
    live_definition, live = _published_answers(submission.questionnaire)
    observations = selectors.observations_around(submission)

    def observed(question: Question, *, now: bool) -> tuple[Observation, ...]:
        return tuple(
            observation
            for observation in observations
            if observation.question == question.key
            and (observation.decision.submission_id == submission.pk) is now
        )

    def compared(question: Question) -> Answer:
        before = _published_text(live_definition, live, question.key)
        after = _as_text(question, sent.get(question.key))
        return Answer(
            question=question,
            published=before,
            sent=after,
            difference=words_changed(before, after),
            observed=observed(question, now=True),
            observed_before=observed(question, now=False),
        )

    found = []
    for section in parsed(submission.definition).sections:
        answers = [compared(question) for question in section.questions if question.is_public]
        shown = tuple(answer for answer in answers if answer.published or answer.sent)
        silent = tuple(answer.question.label for answer in answers if answer not in shown)
        found.append(RecordSection(section.key, section.title, shown, silent))
    return found
