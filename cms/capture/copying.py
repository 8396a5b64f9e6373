"""«Usar mis respuestas»: a person's answers to another candidacy, copied into a new draft.

Only people whom staff linked have another candidacy (`cms.candidacies.people`). What is copied is
what was sent or published there, to public questions that are asked here too, and it is reviewed by
itself. Nothing that was typed here is replaced unless the person ticks it.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.files.storage import storages
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from cms.accounts.models import Role, User
from cms.candidacies.models import CandidacyPage
from cms.candidacies.selectors import capturable_by
from cms.capture.forms import shown
from cms.capture.selectors import Asked, Capture
from cms.questionnaires import selectors as questionnaires
from cms.questionnaires.answers import normalise, problems
from cms.questionnaires.definitions import Definition, Question, QuestionKind
from cms.questionnaires.dossiers import open_dossier
from cms.questionnaires.models import Photograph, Questionnaire
from cms.questionnaires.photographs import Encoded
from cms.questionnaires.sizes import AnswersTooLarge, storable


class NothingToCopy(LookupError):
    """There is no other candidacy of the person from which this account may copy."""


@dataclass(frozen=True)
class Source:
    """Another candidacy of the person, and what was answered there.

    Attributes:
        given_at: when it was sent; None where a file brought it.
    """

    candidacy: CandidacyPage
    definition: Definition
    answers: dict[str, Any]
    given_at: datetime | None
    photograph: Photograph | None = None


@dataclass(frozen=True)
class Offered:
    """An answer that can be copied.

    Attributes:
        text: the answer, as people read it. mine: what is typed here already; empty: nothing.
        problem: what will have to be mended here, in Spanish; empty: nothing.
    """

    question: Question
    value: Any
    text: str
    mine: str = ""
    problem: str = ""


@dataclass(frozen=True)
class LeftOut:
    """An answer that is not copied, and why, in Spanish."""

    label: str
    why: str


@dataclass(frozen=True)
class Copy:
    """All that can be copied from a source, and all that cannot.

    Attributes:
        same: how many answers are here already, word by word.
    """

    source: Source
    offered: list[Offered]
    left_out: list[LeftOut]
    same: int = 0

    @property
    def values(self) -> dict[str, Any]:
        """What can be copied, by question key."""
        return {one.question.key: one.value for one in self.offered}


def sources_for(user: User, asked: Asked) -> QuerySet[CandidacyPage]:
    """The candidacies from which an account may copy, the newest first.

    Those of the same person in which this kind was sent or published; for a liaison, only those
    that it captures too. Sensitive questionnaires are never copied.
    """
    same_person = _of_the_same_person(asked)
    if user.role != Role.CANDIDATE:
        same_person = same_person.filter(pk__in=capturable_by(user).values("pk"))
    elif not capturable_by(user).filter(pk=asked.candidacy.pk).exists():
        same_person = same_person.none()
    return _with_answers(same_person, asked)


def can_copy(asked: Asked) -> bool:
    """Whether the person of a candidacy answered this kind in another one (one query).

    For its own account; `sources_for` says it for any account.
    """
    return _with_answers(_of_the_same_person(asked), asked).exists()


def _of_the_same_person(asked: Asked) -> QuerySet[CandidacyPage]:
    found: QuerySet[CandidacyPage] = CandidacyPage.objects.filter(person=asked.candidacy.person_id)
    return found


def _with_answers(found: QuerySet[CandidacyPage], asked: Asked) -> QuerySet[CandidacyPage]:
    if asked.kind.is_sensitive:
        return found.none()
    dossiers = Questionnaire.objects.filter(candidacy=OuterRef("pk"), kind=asked.kind.key)
    answered = dossiers.filter(Q(page__live=True) | Q(submissions__isnull=False))
    return (
        found.exclude(pk=asked.candidacy.pk)
        .filter(Exists(answered), process__rehearsal_of=asked.candidacy.process.rehearsal_of_id)
        .select_related("process", "office", "territory", "actor")
        .order_by("-registered_at", "-pk")
    )


def source_of(asked: Asked, candidacy: CandidacyPage) -> Source | None:
    """What was answered in another candidacy: its last submission, else what a file published.

    Raises: BrokenSeal.
    """
    dossier = questionnaires.dossier_of(candidacy=candidacy, kind=asked.kind)
    submission = questionnaires.latest_submission(dossier)
    if dossier is None:
        return None
    if submission is not None:
        definition = questionnaires.parsed(submission.definition)
        answers = questionnaires.submission_answers(submission)
        when: datetime | None = submission.submitted_at
    else:
        page = questionnaires.page_of(dossier)
        if page is None or not page.live:
            return None
        definition, when = questionnaires.parsed(page.definition), None
        answers = questionnaires.page_answers(page, kind=asked.kind)
    asked_for = definition.photograph
    identifier = answers.get(asked_for.key) if asked_for is not None else None
    found = dossier.photographs.filter(pk=identifier).first() if identifier else None
    return Source(candidacy, definition, answers, when, found)


def copy_of(capture: Capture, source: Source) -> Copy:
    """What of a source can be copied here, question by question."""
    now = capture.in_use.definition
    offered, left_out, same = [], [], 0
    for question in source.definition.questions():
        value = source.answers.get(question.key)
        if not value or question.is_internal or question.is_photograph:
            continue
        why = _why_not(question, value, now)
        if why:
            left_out.append(LeftOut(question.label, why))
            continue
        here = now.question(question.key)
        kept = _fitting(here, value)
        mine = capture.answers.get(question.key)
        if mine and normalise(now, {question.key: mine}) == normalise(now, {question.key: kept}):
            same += 1
            continue
        text = shown(here, kept)
        offered.append(Offered(here, kept, text, shown(here, mine) if mine else ""))
    return Copy(source, _with_problems(offered, capture), left_out, same)


def _why_not(question: Question, value: Any, now: Definition) -> str:
    """Why an answer is not copied, in Spanish; empty when it is."""
    if not now.has(question.key):
        return _("Esta pregunta ya no se hace.")
    here = now.question(question.key)
    if here.is_internal or here.is_photograph:
        return _("Esta pregunta ahora se responde de otra manera.")
    if (here.kind, here.item_kind) != (question.kind, question.item_kind):
        return _("Esta pregunta ahora se responde de otra manera.")
    if here.kind == QuestionKind.OPCION and value not in {one.value for one in here.options}:
        gone = question.option_label(value)
        return _("La opción «%s» ya no está: elige otra al responder.") % gone
    try:
        storable({here.key: _fitting(here, value)}, now)
    except AnswersTooLarge as refused:
        return refused.problems[0].problem
    return ""


def _fitting(question: Question, value: Any) -> Any:
    """A value as a draft keeps it: files bring lists as lines of one text."""
    if question.kind == QuestionKind.LISTA and isinstance(value, str):
        return [line for line in value.split("\n") if line.strip()]
    return value


def _with_problems(offered: list[Offered], capture: Capture) -> list[Offered]:
    """Say what will have to be mended here, such as another limit of characters."""
    in_use = capture.in_use
    answers = {**capture.answers, **{one.question.key: one.value for one in offered}}
    found: dict[str, str] = {}
    for problem in problems(in_use.definition, answers, rule=in_use.rule, complete=False):
        found.setdefault(problem.question, problem.message)
    return [
        Offered(one.question, one.value, one.text, one.mine, found.get(one.question.key, ""))
        for one in offered
    ]


@dataclass(frozen=True)
class Copied:
    """What a copy wrote: how many answers, and whether the photograph."""

    answers: int
    photograph: bool


def copy_answers(
    *,
    capture: Capture,
    source: Source,
    keys: Collection[str],
    with_photograph: bool,
    version: int | None,
    user: User,
) -> Copied:
    """Write the chosen answers into the draft; what was not chosen stays as it is.

    A question that depends on another brings the answer on which it depends.

    Args:
        keys: of the questions that were ticked. version: of the draft that was shown.

    Raises: NothingToCopy; DraftMoved; AnswersTooLarge; and whatever `open_dossier` raises.
    """
    asked = capture.asked
    if not sources_for(user, asked).filter(pk=source.candidacy.pk).exists():
        raise NothingToCopy
    values = copy_of(capture, source).values
    chosen = {key: values[key] for key in keys if key in values}
    chosen |= _conditions(chosen, values, capture)
    picture = _picture(source) if with_photograph else None
    with open_dossier(
        candidacy=asked.candidacy, kind=asked.kind, user=user, in_use=asked.in_use
    ) as opened:
        if chosen:
            opened.write(chosen, version=version)
        if picture is not None and asked.in_use.definition.photograph is not None:
            opened.put_photograph(picture)
    return Copied(len(chosen), picture is not None)


def _conditions(
    chosen: Mapping[str, Any], values: Mapping[str, Any], capture: Capture
) -> dict[str, Any]:
    """The answers on which chosen questions depend, where those typed here say otherwise."""
    definition, needed = capture.in_use.definition, {}
    for key in chosen:
        condition = definition.question(key).condition
        if condition is None or condition.question in chosen:
            continue
        if not condition.holds(capture.answers) and condition.question in values:
            needed[condition.question] = values[condition.question]
    return needed


def _picture(source: Source) -> Encoded | None:
    """The files of the photograph that was sent there; None if they are gone."""
    photograph, storage = source.photograph, storages["photographs"]
    if photograph is None or not storage.exists(f"{photograph.pk}.jpg"):
        return None
    with storage.open(f"{photograph.pk}.jpg") as large:
        content = large.read()
    with storage.open(f"{photograph.pk}-s.jpg") as small:
        return Encoded(content, small.read(), photograph.sha256)
