"""What happens to a questionnaire: drafts, photographs and sealed submissions."""

from collections.abc import Mapping
from datetime import datetime
from typing import IO, Any

from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import transaction
from django.utils import timezone

from cms.accounts.models import User
from cms.candidacies.models import CandidacyPage, Person
from cms.candidacies.permissions import require_capture
from cms.candidacies.sealed import writing_as_service
from cms.catalogs.models import CandidacyState
from cms.questionnaires import kinds, photographs, seal, selectors, states
from cms.questionnaires.answers import AnswerProblem, normalise, problems
from cms.questionnaires.definitions import Definition, Question
from cms.questionnaires.kinds import Kind
from cms.questionnaires.models import (
    Draft,
    Photograph,
    Questionnaire,
    QuestionnaireState,
    Submission,
)
from cms.questionnaires.sizes import require_bearable, storable
from cms.questionnaires.storage import submitted_answers

_UNDER_CORRECTION = {QuestionnaireState.OBSERVED, QuestionnaireState.CORRECTION}


class DraftMoved(Exception):
    """The same answers were saved from elsewhere meanwhile; nothing was written.

    `theirs` holds the answers that are stored, `version` their version and `saved_at` when.
    """

    def __init__(self, draft: Draft) -> None:
        self.theirs: dict[str, Any] = selectors.draft_answers(draft)
        self.version: int = draft.version
        self.saved_at: datetime = draft.saved_at or timezone.now()
        moment = timezone.localtime(self.saved_at)
        self.explanation = (
            f"Otra persona cambió este apartado a las {moment:%H:%M}: compara antes de guardar."
        )
        super().__init__(self.explanation)


class NotOpenForCapture(Exception):
    """The questionnaire is under review, or the candidacy ended: nothing was written."""

    def __init__(self, explanation: str) -> None:
        self.explanation = explanation
        super().__init__(explanation)


class IncompleteAnswers(Exception):
    """The questionnaire cannot be sent yet; `problems` says why, answer by answer."""

    def __init__(self, found: list[AnswerProblem]) -> None:
        self.problems = found
        self.explanation = "Falta corregir respuestas antes de enviar."
        super().__init__(self.explanation)


def _locked_dossier(candidacy: CandidacyPage, kind: Kind) -> Questionnaire:
    """The dossier of a questionnaire, made if missing, locked until the transaction ends."""
    Questionnaire.objects.get_or_create(
        candidacy=candidacy, kind=kind.key, defaults={"state_since": timezone.now()}
    )
    return Questionnaire.objects.select_for_update(of=("self",)).get(
        candidacy=candidacy, kind=kind.key
    )


def _require_open(questionnaire: Questionnaire) -> None:
    if questionnaire.candidacy.state == CandidacyState.ENDED:
        raise NotOpenForCapture("Esta candidatura terminó: ya no se captura.")
    if questionnaire.state in {QuestionnaireState.SUBMITTED, QuestionnaireState.VALIDATED}:
        raise NotOpenForCapture(
            "El cuestionario está en revisión. Podrás cambiarlo cuando el Instituto responda."
        )


def _draft_for(questionnaire: Questionnaire) -> Draft:
    """The draft; a new one, not saved, begins with the answers in hand."""
    draft = selectors.draft_of(questionnaire)
    if draft is None:
        answers = selectors.answers_in_hand(questionnaire)
        base = selectors.version_in_hand(questionnaire)
        # A window that was opened before the last sending may not overwrite what it brought.
        changed = dict.fromkeys(answers, base) if base else {}
        draft = Draft(questionnaire=questionnaire, version=base, changed_in=changed)
        kinds.kind(questionnaire.kind).storage.keep_in_draft(draft, answers)
    return draft


@transaction.atomic
def save_draft(
    *,
    candidacy: CandidacyPage,
    kind: Kind,
    changes: Mapping[str, Any],
    version: int | None,
    user: User,
) -> Draft:
    """Keep what is being captured; nobody else sees it.

    Args:
        changes: answers by question key, as typed; only these change. Keys that the questionnaire
            does not ask, and what is neither a text nor a list of texts, are left out.
        version: the draft's version over which the changes were typed
            (`selectors.version_in_hand`; 0: there was none); None saves over whatever is there.

    Raises:
        NotYourCandidacy, NoticeNotAccepted (law rule 2), NotOpenForCapture.
        AnswersTooLarge: far more was sent than is asked for.
        DraftMoved: one of these very answers was changed after that version, to something else.
    """
    require_capture(user, candidacy)
    kind.notice.require_acceptance(user=user)
    in_use = selectors.definition_for(process=candidacy.process, kind=kind)
    questionnaire = _locked_dossier(candidacy, kind)
    _require_open(questionnaire)
    draft = _draft_for(questionnaire)
    # The photograph comes only through `attach_photograph`.
    photograph = in_use.definition.photograph
    sent = {
        key: value for key, value in changes.items() if photograph is None or key != photograph.key
    }
    typed = storable(sent, in_use.definition)
    kept = selectors.draft_answers(draft)
    changed = {key: value for key, value in typed.items() if (kept.get(key) or "") != (value or "")}
    if draft.pk is not None and not changed:
        return draft
    _require_unmoved(draft, changed, version)
    return _write_draft(draft, changed, user, in_use)


def _require_unmoved(draft: Draft, changed: Mapping[str, Any], version: int | None) -> None:
    if version is None:
        return
    seen = _seen(draft, version)
    if seen > draft.version or any(draft.changed_in.get(key, 0) > seen for key in changed):
        raise DraftMoved(draft)


def _seen(draft: Draft, version: int) -> int:
    """The version that a window was typed over; 0 stands for what a new draft begins with."""
    return version or selectors.version_in_hand(draft.questionnaire, stored=False)


def _write_draft(
    draft: Draft, changed: Mapping[str, Any], user: User, in_use: selectors.InUse
) -> Draft:
    questionnaire, definition = draft.questionnaire, in_use.definition
    answers = {**selectors.draft_answers(draft), **changed}
    answers = {key: value for key, value in answers.items() if definition.has(key)}
    require_bearable(answers, definition)
    draft.version += 1
    kinds.kind(questionnaire.kind).storage.keep_in_draft(draft, answers)
    counted = selectors.progress(in_use=in_use, answers=answers, state=questionnaire.state)
    draft.sections_done, draft.done_under = counted.done, in_use.name
    draft.changed_in = {**draft.changed_in, **dict.fromkeys(changed, draft.version)}
    draft.hands = sorted({*draft.hands, user.pk})
    draft.save()
    correcting = questionnaire.state in _UNDER_CORRECTION
    states.move_to(
        questionnaire=questionnaire,
        state=QuestionnaireState.CORRECTION if correcting else QuestionnaireState.CAPTURE,
    )
    return draft


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

    Raises: PhotographRejected and whatever `save_draft` raises.
    """
    require_capture(user, candidacy)
    kind.notice.require_acceptance(user=user)
    in_use = selectors.definition_for(process=candidacy.process, kind=kind)
    question = in_use.definition.photograph
    if question is None:
        raise photographs.PhotographRejected("El cuestionario de este proceso no pide fotografía.")
    # Before the transaction: nobody waits for a lock while a picture is read.
    encoded = photographs.encode(file, name=name, crop=crop)
    return _put_into_draft(candidacy, kind, encoded, user, in_use, question)


@transaction.atomic
def _put_into_draft(
    candidacy: CandidacyPage,
    kind: Kind,
    encoded: photographs.Encoded,
    user: User,
    in_use: selectors.InUse,
    question: Question,
) -> Photograph:
    questionnaire = _locked_dossier(candidacy, kind)
    _require_open(questionnaire)
    draft = _draft_for(questionnaire)
    photograph = store_photograph(questionnaire=questionnaire, encoded=encoded, user=user)
    replaced = selectors.draft_answers(draft).get(question.key)
    _write_draft(draft, {question.key: str(photograph.pk)}, user, in_use)
    if replaced:
        _forget_if_never_sent(questionnaire, replaced)
    return photograph


@transaction.atomic
def remove_photograph(*, candidacy: CandidacyPage, kind: Kind, user: User) -> bool:
    """Take the photograph out of the draft; says whether there was one.

    One that was sent stays with its sending. Raises: whatever `save_draft` raises.
    """
    require_capture(user, candidacy)
    kind.notice.require_acceptance(user=user)
    in_use = selectors.definition_for(process=candidacy.process, kind=kind)
    questionnaire = _locked_dossier(candidacy, kind)
    _require_open(questionnaire)
    draft = _draft_for(questionnaire)
    question = in_use.definition.photograph
    kept = selectors.draft_answers(draft)
    removed = kept.get(question.key) if question is not None else None
    if question is None or not removed:
        return False
    _write_draft(draft, {question.key: ""}, user, in_use)
    _forget_if_never_sent(questionnaire, removed)
    return True


def store_photograph(
    *, questionnaire: Questionnaire, encoded: photographs.Encoded, user: User | None
) -> Photograph:
    """Write the two files under a random name; a name that no row knows is never served."""
    photograph = Photograph(questionnaire=questionnaire, sha256=encoded.sha256, uploaded_by=user)
    storage = storages["photographs"]
    storage.save(f"{photograph.pk}.jpg", ContentFile(encoded.large))
    storage.save(f"{photograph.pk}-s.jpg", ContentFile(encoded.small))
    photograph.save()
    return photograph


def _forget_if_never_sent(questionnaire: Questionnaire, photograph_id: str) -> None:
    storage = kinds.kind(questionnaire.kind).storage
    if any(
        photograph_id in submitted_answers(storage, submission).values()
        for submission in questionnaire.submissions.all()
    ):
        return
    Photograph.objects.filter(pk=photograph_id, questionnaire=questionnaire).delete()

    def remove_files() -> None:
        for name in (f"{photograph_id}.jpg", f"{photograph_id}-s.jpg"):
            storages["photographs"].delete(name)

    transaction.on_commit(remove_files)


@transaction.atomic
def submit_questionnaire(
    *, candidacy: CandidacyPage, kind: Kind, user: User, version: int | None
) -> Submission:
    """Send what was captured: one sealed submission and one revision of the page, never more.

    Args:
        version: the draft's version that was reviewed before sending; None: whatever is there.

    Raises:
        IncompleteAnswers: something is missing or wrong; nothing was written.
        DraftMoved: the draft changed after it was reviewed. And whatever `save_draft` raises.
    """
    require_capture(user, candidacy)
    acceptance = kind.notice.require_acceptance(user=user)
    in_use = selectors.definition_for(process=candidacy.process, kind=kind)
    questionnaire = _locked_dossier(candidacy, kind)
    _require_open(questionnaire)
    draft = _draft_for(questionnaire)
    if version is not None and draft.version != _seen(draft, version):
        raise DraftMoved(draft)
    answers = normalise(in_use.definition, selectors.draft_answers(draft))
    found = problems(in_use.definition, answers, rule=in_use.rule)
    if found:
        raise IncompleteAnswers(found)
    _keep_internal_answers(candidacy, in_use.definition, answers)
    submission = _sealed(questionnaire, in_use, answers, user, acceptance.notice_hash)
    submission.hands = sorted({*draft.hands, user.pk})
    submission.revision = _write_revision(questionnaire, submission, answers, user)
    submission.save()
    Draft.objects.filter(questionnaire=questionnaire).delete()
    states.move_to(questionnaire=questionnaire, state=QuestionnaireState.SUBMITTED)
    return submission


def _keep_internal_answers(
    candidacy: CandidacyPage, definition: Definition, answers: dict[str, Any]
) -> None:
    """Take what is not public out of the answers: it belongs to the person (ADR 0011)."""
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
    previous = selectors.latest_submission(questionnaire)
    number = previous.number + 1 if previous else 1
    canonical = seal.canonical_bytes(
        candidacy_id=questionnaire.candidacy_id,
        kind=questionnaire.kind,
        definition=in_use.definition.version,
        number=number,
        answers=answers,
        files=_files_of(in_use.definition, answers),
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
        submitted_at=timezone.now(),
    )


def _files_of(definition: Definition, answers: Mapping[str, Any]) -> dict[str, str]:
    question = definition.photograph
    identifier: str = answers.get(question.key, "") if question is not None else ""
    if not identifier:
        return {}
    return {identifier: Photograph.objects.get(pk=identifier).sha256}


def snapshot_of(user: User) -> dict[str, Any]:
    """Who did it, in a form that survives the account."""
    return {
        "user_id": user.pk,
        "username": user.username,
        "name": user.get_full_name(),
        "role": user.role,
    }


def _write_revision(
    questionnaire: Questionnaire, submission: Submission, answers: Mapping[str, Any], user: User
) -> Any:
    """One revision of the page with these answers; what is published stays as it is."""
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
