"""What an account does with a questionnaire: drafts, photographs and sealed submissions."""

from collections.abc import Mapping
from typing import IO, Any

from django.utils import timezone

from cms.accounts.models import User
from cms.candidacies.models import CandidacyPage, Person
from cms.candidacies.permissions import require_capture
from cms.candidacies.sealed import writing_as_service
from cms.candidacies.terms import term_of
from cms.catalogs.models import Process
from cms.questionnaires import kinds, photographs, seal, selectors, states
from cms.questionnaires.definitions import Definition
from cms.questionnaires.dossiers import (
    DraftMoved,
    IncompleteAnswers,
    NotOpenForCapture,
    OpenDossier,
    open_dossier,
)
from cms.questionnaires.kinds import Kind
from cms.questionnaires.models import (
    Draft,
    Photograph,
    ProcessQuestionnaire,
    Questionnaire,
    QuestionnaireDefinition,
    QuestionnaireState,
    Submission,
)
from cms.questionnaires.selectors import InUse

__all__ = [
    "DraftMoved",
    "IncompleteAnswers",
    "NotOpenForCapture",
    "attach_photograph",
    "encoded_photograph",
    "ensure_capture_version",
    "open_dossier",
    "remove_photograph",
    "save_draft",
    "snapshot_of",
    "submit",
    "submit_questionnaire",
]

CAPTURE_VERSION = "curricular-2024"


def ensure_capture_version(process: Process) -> None:
    """Give a process that has no questionnaire yet the version with which parties capture."""
    version = QuestionnaireDefinition.objects.get(version=CAPTURE_VERSION)
    ProcessQuestionnaire.objects.get_or_create(
        process=process, kind=version.kind, defaults={"definition": version}
    )


def save_draft(
    *,
    candidacy: CandidacyPage,
    kind: Kind,
    changes: Mapping[str, Any],
    version: int | None,
    user: User,
) -> Draft:
    """Save answers in the draft of a questionnaire, which nobody else sees.

    Args:
        changes: answers by question key, as typed; only these change. Keys that the questionnaire
            does not ask, and what is neither a text nor a list of texts, are left out.
        version: the version over which the changes were typed (`selectors.InHand.version`; 0:
            there was no draft); None saves over whatever is there.

    Raises:
        AnswersTooLarge: far more was sent than is asked for.
        DraftMoved: one of these very answers was changed after that version, to something else.
        And whatever `open_dossier` raises.
    """
    with open_dossier(candidacy=candidacy, kind=kind, user=user) as opened:
        opened.write(changes, version=version)
        return opened.draft


def attach_photograph(
    *,
    candidacy: CandidacyPage,
    kind: Kind,
    user: User,
    file: IO[bytes],
    name: str = "",
    crop: photographs.Crop | None = None,
) -> Photograph:
    """Put a photograph into the draft: checked, re-encoded, private until it is approved.

    Raises: PhotographRejected, and whatever `open_dossier` raises.
    """
    require_capture(user, candidacy)
    kind.notice.require_acceptance(user=user)
    in_use = selectors.definition_for(process=candidacy.process, kind=kind)
    encoded = encoded_photograph(file, in_use=in_use, name=name, crop=crop)
    with open_dossier(candidacy=candidacy, kind=kind, user=user, in_use=in_use) as opened:
        return opened.put_photograph(encoded)


def encoded_photograph(
    file: IO[bytes], *, in_use: InUse, name: str, crop: photographs.Crop | None
) -> photographs.Encoded:
    """Check and re-encode a picture, before the dossier is opened: nobody waits for its lock.

    Raises: PhotographRejected.
    """
    if in_use.definition.photograph is None:
        raise photographs.PhotographRejected("El cuestionario de este proceso no pide fotografía.")
    return photographs.encode(file, name=name, crop=crop)


def remove_photograph(*, candidacy: CandidacyPage, kind: Kind, user: User) -> bool:
    """Take the photograph out of the draft; says whether there was one.

    A photograph that was sent stays with its submission. Raises: whatever `open_dossier` raises.
    """
    with open_dossier(candidacy=candidacy, kind=kind, user=user) as opened:
        return opened.remove_photograph()


def submit_questionnaire(
    *, candidacy: CandidacyPage, kind: Kind, user: User, version: int | None
) -> Submission:
    """Send what was captured: it makes one sealed submission and one revision of the page.

    Args:
        version: the draft's version that was reviewed before sending; None: whatever is there.

    Raises:
        IncompleteAnswers: something is missing or wrong; nothing was written.
        DraftMoved: the draft changed after it was reviewed. And whatever `open_dossier` raises.
    """
    with open_dossier(candidacy=candidacy, kind=kind, user=user) as opened:
        return submit(opened, answers=opened.complete_answers(version=version))


def submit(opened: OpenDossier, *, answers: Mapping[str, Any]) -> Submission:
    """Seal the answers that an open dossier gave as complete (`OpenDossier.complete_answers`)."""
    dossier, in_use, user = opened.dossier, opened.in_use, opened.user
    public = dict(answers)
    _keep_internal_answers(dossier.candidacy, in_use.definition, public)
    submission = _sealed(dossier, in_use, public, user, opened.acceptance.notice_hash)
    submission.hands = sorted({*opened.draft.hands, user.pk})
    submission.revision = _write_revision(dossier, submission, public, user)
    submission.save()
    if opened.draft.pk is not None:
        opened.draft.delete()
    states.move_to(questionnaire=dossier, state=QuestionnaireState.SUBMITTED)
    return submission


def _keep_internal_answers(
    candidacy: CandidacyPage, definition: Definition, answers: dict[str, Any]
) -> None:
    """Take the internal answers out: they are kept with the person (ADR 0011)."""
    for question in definition.questions():
        if not question.is_internal:
            continue
        value = answers.pop(question.key, "")
        if question == definition.internal_email and value:
            Person.objects.filter(pk=candidacy.person_id).update(clarification_email=value)


def _sealed(
    questionnaire: Questionnaire,
    in_use: selectors.InUse,
    answers: Mapping[str, Any],
    user: User,
    notice_hash: str,
) -> Submission:
    # Read once, when what was sent is about to be sealed: that is when it arrived.
    at = timezone.now()
    term = term_of(questionnaire.candidacy_id, kind=questionnaire.kind)
    late = term is not None and term.is_over(at)
    previous = selectors.latest_submission(questionnaire)
    number = previous.number + 1 if previous else 1
    canonical = seal.canonical_bytes(
        candidacy_id=questionnaire.candidacy_id,
        kind=questionnaire.kind,
        definition=in_use.definition.version,
        number=number,
        answers=answers,
        files=_files_of(in_use.definition, answers),
        due_at=term.due_at if term is not None else None,
        late=late,
    )
    sealed_bytes = kinds.kind(questionnaire.kind).storage.sealed_bytes(
        canonical, candidacy_id=questionnaire.candidacy_id
    )
    previous_seal = previous.seal if previous else ""
    return Submission(
        questionnaire=questionnaire,
        number=number,
        sealed_bytes=sealed_bytes,
        seal=seal.seal_of(sealed_bytes, previous_seal),
        previous_seal=previous_seal,
        definition=in_use.stored,
        notice_hash=notice_hash,
        captured_by=user,
        actor_snapshot=snapshot_of(user),
        submitted_at=at,
        extemporaneous=late,
    )


def _files_of(definition: Definition, answers: Mapping[str, Any]) -> dict[str, str]:
    question = definition.photograph
    identifier: str = answers.get(question.key, "") if question is not None else ""
    if not identifier:
        return {}
    return {identifier: Photograph.objects.get(pk=identifier).sha256}


def snapshot_of(user: User) -> dict[str, Any]:
    """What identifies an account, to be kept after the account is deleted."""
    return {
        "user_id": user.pk,
        "username": user.username,
        "name": user.get_full_name(),
        "role": user.role,
    }


def _write_revision(
    questionnaire: Questionnaire, submission: Submission, answers: Mapping[str, Any], user: User
) -> Any:
    """Save a revision of the page with these answers; what is published stays as it is."""
    kind = kinds.kind(questionnaire.kind)
    page = selectors.page_of(questionnaire)
    with writing_as_service():
        if page is None:
            page = kind.new_page(submission.definition)
            questionnaire.candidacy.add_child(instance=page)
            questionnaire.page = page
            questionnaire.save(update_fields=["page"])
        page.definition = submission.definition
        kind.storage.keep_in_page(page, answers, seal=submission.seal)
        return page.save_revision(user=user, clean=False, log_action=False)
