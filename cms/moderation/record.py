"""One submission beside what is published, question by question: what the validator reads."""

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
    """One question: what is published, what was sent, and what was observed.

    `published` and `sent` are texts as they are read, or the name of a photograph; `observed`
    belongs to this sending, `observed_before` to the one before.
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
    """A section of the questionnaire; `unanswered` names what has no answer on either side."""

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
    """The live answers, and the version that they were given in; none before the first."""
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
            one
            for one in observations
            if one.question == question.key and (one.decision.submission_id == submission.pk) is now
        )

    def answer(question: Question) -> Answer:
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
        answers = [answer(question) for question in section.questions if question.is_public]
        shown = tuple(one for one in answers if one.published or one.sent)
        silent = tuple(one.question.label for one in answers if one not in shown)
        found.append(RecordSection(section.key, section.title, shown, silent))
    return found
