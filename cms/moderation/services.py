"""What validators do with submissions. Nothing else changes the review of a submission."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.log_actions import log
from wagtail.models import Page

from cms.accounts.models import User
from cms.candidacies.corrections import Correction
from cms.candidacies.ending_models import CorrectionKind
from cms.candidacies.models import CandidacyPage
from cms.candidacies.sealed import writing_as_service
from cms.candidacies.terms import begin_correction
from cms.catalogs.spanish import clean_text, count
from cms.imports import findings
from cms.moderation import permissions, selectors, workflow
from cms.moderation.errors import (
    AlreadyDecided,
    AlreadyDecidedByYou,
    CandidacyEnded,
    InvalidObservations,
    LaterSubmission,
    NotUnderReview,
    SealBroken,
    SealMoved,
)
from cms.moderation.log_actions import APPROVED, PUBLISHED_AFTER_SILENCE, RETURNED
from cms.moderation.models import Decision, Observation, Outcome, Reason, ReviewTaskState
from cms.moderation.notifications import OBSERVED
from cms.notifications.services import notify
from cms.publication import ending
from cms.publication.services import PublicationFrozen, publish_submission
from cms.published.models import PublishedCandidacy
from cms.questionnaires import kinds, states
from cms.questionnaires.models import Questionnaire, QuestionnaireState, Submission
from cms.questionnaires.selectors import BrokenSeal, page_answers, parsed, submission_answers
from cms.questionnaires.services import snapshot_of

# In characters, of a passage and of the text of an observation.
LONGEST_OBSERVATION = 2000


@dataclass(frozen=True)
class ObservationInput:
    """What a validator asks the party to correct in an answer.

    Attributes:
        question: the key of the question in the definition of the submission.
        reason: one of `Reason`.
        text: what to correct.
        passage: the words that are observed; empty for the whole answer.
    """

    question: str
    reason: str
    text: str
    passage: str = ""


@transaction.atomic
def start_review(*, submission: Submission, by: User | None) -> None:
    """Put a submission that was just sent under review, or resume a review after observations.

    Raises: NotUnderReview if the page's latest revision is not the one that was sealed.
    """
    workflow.start_or_resume(submission, by)


@transaction.atomic
def approve_submission(
    *, submission_id: int, seal: str, validator: User
) -> PublishedCandidacy | None:
    """Publish exactly the submission that the validator read.

    During the electoral silence the decision is kept and publication waits for its end.

    Args:
        submission_id: the submission under review.
        seal: SHA-256 (64 hexadecimal digits) shown on the screen that was approved.
        validator: must review this kind of questionnaire and must not have captured this one.

    Returns: the published row, or None while publication waits.

    Raises:
        NotYourReview: the account does not review this kind, or captured the questionnaire.
        SubmissionMoved: a newer submission, another decision or the end of the candidacy came
            first.
        Submission.DoesNotExist: there is no such submission.
        Nothing changes in any of these cases.

    Source: Lineamientos, art. 18; LGIPE 251; Plan de trabajo 2024, 1 (Unidad Técnica de
    Transparencia, a).
    """
    submission = _submission_for_update(submission_id)
    task_state = _require_decidable(submission, seal, validator)
    decision = _decide(submission, Outcome.APPROVED, validator)
    with writing_as_service():
        # Wagtail would go on with the latest revision, which need not be the reviewed one.
        task_state.approve(user=validator, update=False)
        task_state.workflow_state.finish(user=validator)
    states.move_to(questionnaire=submission.questionnaire, state=QuestionnaireState.VALIDATED)
    _log(submission, APPROVED, validator)
    return _publish(decision)


@transaction.atomic
def return_submission(
    *, submission_id: int, seal: str, validator: User, observations: Sequence[ObservationInput]
) -> Decision:
    """Give a submission back to the party, with what to correct in each observed answer.

    Args: those of `approve_submission`, and at least one observation.

    Raises: InvalidObservations, and whatever `approve_submission` raises. Nothing changes.

    Source: Lineamientos, art. 18.
    """
    submission = _submission_for_update(submission_id)
    task_state = _require_decidable(submission, seal, validator)
    _require_valid(observations, submission)
    decision = _decide(submission, Outcome.RETURNED, validator)
    Observation.objects.bulk_create(
        Observation(
            decision=decision,
            question=observation.question,
            reason=observation.reason,
            passage=clean_text(observation.passage),
            text=clean_text(observation.text),
        )
        for observation in observations
    )
    with writing_as_service():
        task_state.reject(user=validator)
    states.move_to(questionnaire=submission.questionnaire, state=QuestionnaireState.OBSERVED)
    _log(submission, RETURNED, validator, observaciones=len(observations))
    begin_correction(
        candidacy=submission.questionnaire.candidacy,
        kind=submission.questionnaire.kind,
        about=submission.pk,
        at=decision.decided_at,
        by=validator,
    )
    notify(kind=OBSERVED.key, about=decision.pk)
    return decision


@transaction.atomic
def reinstate(*, candidacy_id: int, reason: str, by: User) -> CandidacyPage:
    """Undo an end that was registered by mistake, and open again the reviews that it closed.

    Raises: candidacies.ending.NotYours; candidacies.ending.CannotChange; nothing changed.
    """
    candidacy = ending.reinstate(candidacy_id=candidacy_id, reason=reason, by=by)
    waiting = Questionnaire.objects.filter(candidacy=candidacy, state=QuestionnaireState.SUBMITTED)
    for dossier in waiting:
        last = dossier.submissions.select_related("questionnaire__page").order_by("-number")[0]
        start_review(submission=last, by=by)
    return candidacy


@transaction.atomic
def correct(
    *, candidacy_id: int, wanted: Mapping[str, Any], correction: Correction, seen: int, by: User
) -> None:
    """Correct the register of a candidacy; a former name is also taken out of reports of files.

    Args and exceptions: those of `publication.ending.correct`.
    """
    before = CandidacyPage.objects.get(pk=candidacy_id)
    done = ending.correct(
        candidacy_id=candidacy_id, wanted=wanted, correction=correction, seen=seen, by=by
    )
    if correction.kind == CorrectionKind.IDENTITY and done[0].name != before.name:
        findings.forget_name(process_ids={one.process_id for one in done}, former=before.name)


def publish_waiting() -> int:
    """Publish what was approved during an electoral silence that is over.

    Each submission has a transaction of its own.

    Returns: how many were published. Source: LGIPE 251; LGTAIP 63.
    """
    return sum(_publish_one_waiting(pk) for pk in selectors.waiting_decisions())


@transaction.atomic
def _publish_one_waiting(decision_id: int) -> bool:
    decision = Decision.objects.select_related("submission").get(pk=decision_id)
    submission = _submission_for_update(decision.submission_id)
    decision = Decision.objects.select_for_update(of=("self",)).get(pk=decision_id)
    waits = submission.questionnaire.state == QuestionnaireState.VALIDATED
    waits = waits and not selectors.has_ended(submission)
    if decision.published_at is not None or not waits or _publish(decision) is None:
        return False
    _log(submission, PUBLISHED_AFTER_SILENCE, decision.decided_by)
    return True


def _submission_for_update(submission_id: int) -> Submission:
    """Lock the dossier and its page, then read the submission afresh.

    Whoever sends locks the dossier first too. Wagtail's own check would read a state from before
    the lock.
    """
    reference = Submission.objects.only("questionnaire_id").get(pk=submission_id)
    questionnaire = Questionnaire.objects.select_for_update(of=("self",)).get(
        pk=reference.questionnaire_id
    )
    Page.objects.select_for_update(of=("self",)).get(pk=questionnaire.page_id)
    return Submission.objects.select_related(
        "questionnaire__candidacy", "questionnaire__page", "revision", "definition"
    ).get(pk=submission_id)


def _require_decidable(submission: Submission, seal: str, validator: User) -> ReviewTaskState:
    """The open task of a submission, if this validator may decide it as it was read."""
    permissions.require_review(validator, submission)
    if selectors.has_later_submission(submission):
        raise LaterSubmission
    decision = Decision.objects.filter(submission=submission).first()
    if decision is not None:
        raise AlreadyDecidedByYou if decision.decided_by_id == validator.pk else AlreadyDecided
    if submission.seal != seal:
        raise SealMoved
    _require_intact(submission)
    if selectors.has_ended(submission):
        raise CandidacyEnded
    if submission.questionnaire.state != QuestionnaireState.SUBMITTED:
        raise NotUnderReview
    return workflow.open_task(submission)


def _require_intact(submission: Submission) -> None:
    """Raise SealBroken unless the bytes, the seal and the revision of a submission agree."""
    try:
        answers = submission_answers(submission)
    except BrokenSeal as broken:
        raise SealBroken from broken
    revision = submission.revision
    if revision is None:
        raise SealBroken
    page = revision.as_object()
    kind = kinds.kind(submission.questionnaire.kind)
    if page.seal != submission.seal or page_answers(page, kind=kind) != answers:
        raise SealBroken


def _require_valid(observations: Sequence[ObservationInput], submission: Submission) -> None:
    if not observations:
        raise InvalidObservations(_("Para devolver, marca al menos una observación."))
    definition = parsed(submission.definition)
    for observation in observations:
        if not definition.has(observation.question):
            raise InvalidObservations(
                _("El cuestionario no pregunta «%(question)s».")
                % {"question": observation.question}
            )
        label = definition.question(observation.question).label
        if observation.reason not in Reason.values:
            raise InvalidObservations(
                _("Elige el motivo de la observación en «%(label)s».") % {"label": label}
            )
        if not clean_text(observation.text):
            raise InvalidObservations(
                _("Escribe qué hay que corregir en «%(label)s».") % {"label": label}
            )
        if words := too_long(observation.passage) or too_long(observation.text):
            raise InvalidObservations(f"{label}: {words}")


def too_long(text: str) -> str:
    """Why a text is too long for an observation, in Spanish; empty when it is not."""
    counted = count(text)
    if counted <= LONGEST_OBSERVATION:
        return ""
    return ngettext(
        "Escribe a lo más %(longest)s caracteres; sobra %(extra)s.",
        "Escribe a lo más %(longest)s caracteres; sobran %(extra)s.",
        counted - LONGEST_OBSERVATION,
    ) % {
        "longest": f"{LONGEST_OBSERVATION:,}",
        "extra": f"{counted - LONGEST_OBSERVATION:,}",
    }


def _decide(submission: Submission, outcome: Outcome, validator: User) -> Decision:
    return Decision.objects.create(
        submission=submission,
        outcome=outcome,
        decided_by=validator,
        actor_snapshot=snapshot_of(validator),
        decided_at=timezone.now(),
    )


def _publish(decision: Decision) -> PublishedCandidacy | None:
    """Publish what was approved; None when it must wait for the end of the electoral silence."""
    from cms.moderation import tasks

    try:
        row = publish_submission(
            submission=decision.submission, by=decision.decided_by, log_action=False
        )
    except PublicationFrozen as silence:
        tasks.publish_at(silence.until)
        return None
    decision.published_at = timezone.now()
    decision.save(update_fields=["published_at"])
    return row


def _log(submission: Submission, action: str, user: User | None, **counts: Any) -> None:
    """Write an entry in the history of the page: the number of the submission, never its text."""
    log(
        instance=workflow.page_to_name(submission),
        action=action,
        user=user,
        revision=submission.revision,
        data={"envio": submission.number, "sello": submission.seal, **counts},
    )
