"""What other code reads about questionnaires."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Max

from cms.candidacies.models import CandidacyPage
from cms.catalogs import prepared
from cms.catalogs.models import Process
from cms.questionnaires import kinds, seal
from cms.questionnaires.answers import AnswerProblem, normalise, problems
from cms.questionnaires.definitions import Definition, QuestionKind, Section
from cms.questionnaires.kinds import Kind
from cms.questionnaires.models import (
    Draft,
    ProcessQuestionnaire,
    Questionnaire,
    QuestionnaireDefinition,
    QuestionnairePage,
    QuestionnaireState,
    Submission,
)
from cms.questionnaires.storage import AnswerStorage, submitted_answers

VERSIONS_PER_SUBMISSION = 100_000
_DRAFT = prepared.Read(Draft, "questionnaire_id = %s")
_CHOSEN = (
    "SELECT chosen.counting_rule, definition.id, definition.kind, definition.version"
    ' FROM "questionnaires_processquestionnaire" AS chosen'
    ' JOIN "questionnaires_questionnairedefinition" AS definition'
    " ON definition.id = chosen.definition_id"
    " WHERE chosen.process_id = %s AND chosen.kind = %s"
)
_parsed: dict[tuple[int, str], Definition] = {}


class NoQuestionnaire(LookupError):
    """The process has no version of this questionnaire yet."""

    explanation = "El proceso todavía no tiene un cuestionario asignado."


class BrokenSeal(RuntimeError):
    """The stored bytes of a submission are not the ones that were sealed."""


@dataclass(frozen=True)
class InUse:
    """The definition that a process uses of a kind, with the counting rule that it applies."""

    stored: QuestionnaireDefinition
    definition: Definition
    rule: str

    @property
    def name(self) -> str:
        """The version and the counting rule, under which a count of progress holds."""
        return f"{self.stored.version} {self.rule}"


@dataclass(frozen=True)
class SectionProgress:
    """The progress of a section: its problems, and whether anything was answered in it."""

    section: Section
    problems: tuple[AnswerProblem, ...]
    started: bool

    @property
    def is_complete(self) -> bool:
        return not self.problems


@dataclass(frozen=True)
class Progress:
    """The progress of a questionnaire, as in «3 de 5 apartados»."""

    state: str
    sections: tuple[SectionProgress, ...]

    @property
    def done(self) -> int:
        return sum(section.is_complete and section.started for section in self.sections)

    @property
    def total(self) -> int:
        return len(self.sections)


def parsed(stored: QuestionnaireDefinition) -> Definition:
    """A stored definition as an object, kept in memory: a version with answers never changes."""
    key = (stored.pk, stored.version)
    if key not in _parsed:
        _parsed[key] = Definition.from_content(stored.content)
    return _parsed[key]


def forget_parsed() -> None:
    """Forget the definitions kept in memory, so that they are read again from the database."""
    _parsed.clear()


def version_named(version: str) -> QuestionnaireDefinition | None:
    """The stored version of this name; None if there is none."""
    return QuestionnaireDefinition.objects.filter(version=version).first()


def definition_for(*, process: Process | int, kind: Kind) -> InUse:
    """The version of a kind that a process, or the process of a key, uses. Raises NoQuestionnaire.

    The content of a version that was read before is not read again.
    """
    process_id = process if isinstance(process, int) else process.pk
    with prepared.cursor() as cursor:
        cursor.execute(_CHOSEN, [process_id, kind.key])
        chosen = cursor.fetchone()
    if chosen is None:
        raise NoQuestionnaire
    counting_rule, *columns = chosen
    # The rest of its columns is read when somebody asks for it.
    stored = QuestionnaireDefinition.from_db(DEFAULT_DB_ALIAS, ["id", "kind", "version"], columns)
    definition = parsed(stored)
    return InUse(stored, definition, counting_rule or definition.counting_rule)


def _in_use(chosen: ProcessQuestionnaire) -> InUse:
    definition = parsed(chosen.definition)
    return InUse(chosen.definition, definition, chosen.counting_rule or definition.counting_rule)


def asked_in(process: Process) -> list[tuple[Kind, InUse]]:
    """The kinds that a process asks, with the version of each, in the order of registration.

    One query.
    """
    found = ProcessQuestionnaire.objects.filter(process=process).select_related("definition")
    chosen = {choice.kind: choice for choice in found}
    return [(kind, _in_use(chosen[kind.key])) for kind in kinds.kinds() if kind.key in chosen]


def dossier_of(*, candidacy: CandidacyPage, kind: Kind) -> Questionnaire | None:
    """The dossier of a candidacy's questionnaire of a kind; None before anything was captured."""
    dossier = Questionnaire.objects.filter(candidacy=candidacy, kind=kind.key).first()
    if dossier is not None:
        dossier.candidacy = candidacy
    return dossier


def page_of(questionnaire: Questionnaire) -> QuestionnairePage | None:
    """The page of a dossier, of its own type and with its definition; None if it has none yet."""
    if questionnaire.page_id is None:
        return None
    model = kinds.kind(questionnaire.kind).page_model
    page: QuestionnairePage = model.objects.select_related("definition").get(
        pk=questionnaire.page_id
    )
    return page


def set_pages(dossiers: Iterable[Questionnaire], *, kind: Kind) -> None:
    """Give many dossiers of one kind their pages, of their own type (one query)."""
    with_page = {dossier.page_id: dossier for dossier in dossiers if dossier.page_id is not None}
    found = kind.page_model.objects.select_related("latest_revision")
    for page_id, page in found.in_bulk(with_page).items():
        with_page[page_id].page = page


def live_pages(*, candidacy_ids: Iterable[int], kind: Kind) -> dict[int, QuestionnairePage]:
    """The published page of this kind of each candidacy, with its definition (one query)."""
    found = kind.page_model.objects.filter(
        live=True, dossier__kind=kind.key, dossier__candidacy_id__in=candidacy_ids
    )
    return {
        page.dossier.candidacy_id: page for page in found.select_related("definition", "dossier")
    }


def live_candidacies(*, process: Process, kind: Kind) -> dict[int, list[int]]:
    """The ids of the candidacies of a process with published answers, by id of the definition."""
    found = kind.page_model.objects.filter(
        live=True, dossier__kind=kind.key, dossier__candidacy__process=process
    )
    candidacies: dict[int, list[int]] = {}
    for definition, candidacy in found.values_list("definition_id", "dossier__candidacy_id"):
        candidacies.setdefault(definition, []).append(candidacy)
    return candidacies


def page_answers(page: QuestionnairePage, *, kind: Kind) -> dict[str, Any]:
    """The answers of a page, or of the page as it was in a revision."""
    return kind.storage.page_answers(page)


def draft_answers(draft: Draft) -> dict[str, Any]:
    """What is being captured, by question key."""
    return _storage(draft.questionnaire).draft_answers(draft)


def _storage(questionnaire: Questionnaire) -> AnswerStorage:
    return kinds.kind(questionnaire.kind).storage


def draft_of(questionnaire: Questionnaire | None) -> Draft | None:
    """What is being captured; None when nothing is."""
    if questionnaire is None:
        return None
    draft = _DRAFT.first(questionnaire.pk)
    if draft is not None:
        draft.questionnaire = questionnaire
    return draft


def latest_submission(questionnaire: Questionnaire | None) -> Submission | None:
    """The last submission; None before the first."""
    if questionnaire is None:
        return None
    return questionnaire.submissions.select_related("definition").order_by("-number").first()


def submission_answers(submission: Submission) -> dict[str, Any]:
    """The answers of a submission, after checking that its bytes are the sealed ones.

    Raises: BrokenSeal.
    """
    if seal.seal_of(submission.sealed_bytes, submission.previous_seal) != submission.seal:
        raise BrokenSeal(f"submission {submission.pk}")
    return submitted_answers(_storage(submission.questionnaire), submission)


@dataclass(frozen=True)
class InHand:
    """What a form of capture begins with.

    Attributes:
        draft: what is being captured; None when nothing is.
        answers: those of the draft, else of the last submission, else of an imported file.
        version: the version that the form is typed over: the draft's, or that of a new draft.
        given_under: the version of the questionnaire, and its counting rule where it is known,
            under which what it begins with was given; empty: nothing was captured here.
    """

    draft: Draft | None
    answers: dict[str, Any]
    version: int
    given_under: str = ""


def in_hand(dossier: Questionnaire | None, *, in_use: InUse, email: str | None = None) -> InHand:
    """What a form of capture begins with (one query while there is a draft).

    Args:
        email: the address for clarifications of the person, where the caller has read it.
    """
    if dossier is None:
        return InHand(draft=None, answers={}, version=0)
    draft = draft_of(dossier)
    if draft is not None:
        return InHand(draft, draft_answers(draft), draft.version, draft.given_under)
    submission = latest_submission(dossier)
    if submission is None:
        return InHand(draft=None, answers=_imported_answers(dossier, in_use), version=0)
    answers = submission_answers(submission)
    asked = parsed(submission.definition).internal_email
    if email is None:
        email = dossier.candidacy.person.clarification_email
    return InHand(
        draft=None,
        answers={**answers, **({asked.key: email} if asked is not None and email else {})},
        version=submission.number * VERSIONS_PER_SUBMISSION,
        given_under=submission.definition.version,
    )


def first_version(dossier: Questionnaire) -> int:
    """The version that a new draft begins with.

    Each submission begins a new hundred thousand, so that a window that was opened before it is
    recognised.
    """
    last = dossier.submissions.aggregate(number=Max("number"))["number"]
    return (last or 0) * VERSIONS_PER_SUBMISSION


def _imported_answers(dossier: Questionnaire, in_use: InUse) -> dict[str, Any]:
    """The answers of an official file to the questions that the version in use also asks.

    An option that this version does not offer is left out, and so is a contact that it refuses:
    the party has to write them again.
    """
    page = dossier.page
    if page is None:
        return {}
    kind = kinds.kind(dossier.kind)
    latest = page.get_latest_revision_as_object()
    imported = {
        key: text.split("\n")
        if isinstance(text, str) and _is_list(in_use.definition, key)
        else text
        for key, text in page_answers(latest, kind=kind).items()
    }
    answers = normalise(in_use.definition, imported)
    refused = {
        problem.question
        for problem in problems(in_use.definition, answers, rule=in_use.rule, complete=False)
        if problem.code not in {"too_short", "too_long", "too_many"}
    }
    return {key: value for key, value in answers.items() if key not in refused}


def _is_list(definition: Definition, key: str) -> bool:
    return definition.has(key) and definition.question(key).kind == QuestionKind.LISTA


def progress(*, in_use: InUse, answers: Mapping[str, Any], state: str) -> Progress:
    """The progress of a set of answers, section by section."""
    clean = normalise(in_use.definition, answers)
    wrong = problems(in_use.definition, clean, rule=in_use.rule)
    sections = tuple(
        SectionProgress(
            section=section,
            problems=tuple(
                problem
                for problem in wrong
                if in_use.definition.question(problem.question) in section.questions
            ),
            started=any(question.key in clean for question in section.questions),
        )
        for section in in_use.definition.sections
    )
    return Progress(state=state or QuestionnaireState.EMPTY, sections=sections)
