"""The dossier of a questionnaire, open for an account that captures: locked, and read once.

Everything that is captured passes through here: answers, the photograph, and the submission.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import transaction
from django.utils import timezone

from cms.accounts.models import User
from cms.candidacies.models import CandidacyPage
from cms.candidacies.permissions import NotYourCandidacy
from cms.candidacies.selectors import capturable_by
from cms.catalogs import prepared
from cms.catalogs.models import CandidacyState
from cms.privacy.models import NoticeAcceptance
from cms.questionnaires import selectors, states
from cms.questionnaires.answers import AnswerProblem, normalise, problems
from cms.questionnaires.kinds import Kind
from cms.questionnaires.models import Draft, Photograph, Questionnaire, QuestionnaireState
from cms.questionnaires.photographs import Encoded
from cms.questionnaires.selectors import InHand, InUse
from cms.questionnaires.sizes import require_bearable, storable
from cms.questionnaires.storage import submitted_answers

_OWN = prepared.Read(Questionnaire, "candidacy_id = %s AND kind = %s", is_locked=True)
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


@contextmanager
def open_dossier(
    *, candidacy: CandidacyPage, kind: Kind, user: User, in_use: InUse | None = None
) -> Iterator["OpenDossier"]:
    """Open the dossier of a questionnaire for an account: locked until the block ends.

    Args:
        in_use: the version that the process uses, where the caller has read it.

    Raises:
        NotYourCandidacy, NoticeNotAccepted (LGPDPPSO 14, 21), NoQuestionnaire.
        NotOpenForCapture: the questionnaire is under review, or the candidacy ended.
    """
    with transaction.atomic():
        dossier = _locked(candidacy, kind)
        # A query of its own, so that it is true now: rows joined to a row that had to be waited for
        # are as they were before. A candidacy that is used is read later, for the same reason.
        mine = capturable_by(user).filter(pk=candidacy.pk)
        found = mine.values_list("state", "person__clarification_email").first()
        if found is None:
            raise NotYourCandidacy
        acceptance = kind.notice.require_acceptance(user=user)
        in_use = in_use or selectors.definition_for(process=candidacy.process_id, kind=kind)
        state, email = found
        _require_open(dossier, state)
        yield OpenDossier(dossier, kind, in_use, user, acceptance, email=email)


def _locked(candidacy: CandidacyPage, kind: Kind) -> Questionnaire:
    """The dossier, made if it is missing."""
    dossier = _OWN.first(candidacy.pk, kind.key)
    if dossier is None:
        Questionnaire.objects.get_or_create(
            candidacy=candidacy, kind=kind.key, defaults={"state_since": timezone.now()}
        )
        dossier = _OWN.first(candidacy.pk, kind.key)
    if dossier is None:
        raise Questionnaire.DoesNotExist
    return dossier


def _require_open(dossier: Questionnaire, state: str) -> None:
    if state == CandidacyState.ENDED:
        raise NotOpenForCapture("Esta candidatura terminó: ya no se captura.")
    if dossier.state in {QuestionnaireState.SUBMITTED, QuestionnaireState.VALIDATED}:
        raise NotOpenForCapture(
            "El cuestionario está en revisión. Podrás cambiarlo cuando el Instituto responda."
        )


class OpenDossier:
    """A dossier that is locked, with its draft. `open_dossier` makes it.

    Attributes:
        draft: what is captured. It is not stored before something is written, and begins with what
            was sent or imported.
        acceptance: the account's acceptance of the privacy notice.

    Args:
        email: the address for clarifications that is kept with the person.
    """

    def __init__(
        self,
        dossier: Questionnaire,
        kind: Kind,
        in_use: InUse,
        user: User,
        acceptance: NoticeAcceptance,
        *,
        email: str,
    ) -> None:
        self.dossier, self.kind, self.in_use = dossier, kind, in_use
        self.user, self.acceptance = user, acceptance
        begun = selectors.in_hand(dossier, in_use=in_use, email=email)
        # A window that was opened before the last submission may not overwrite what it brought.
        changed = dict.fromkeys(begun.answers, begun.version) if begun.version else {}
        self.draft = begun.draft or Draft(
            questionnaire=dossier,
            version=begun.version,
            changed_in=changed,
            given_under=begun.given_under or in_use.name,
        )
        self._first_version = None if begun.draft is not None else begun.version
        if begun.draft is None:
            kind.storage.keep_in_draft(self.draft, begun.answers)

    @property
    def _photograph_key(self) -> str:
        """Empty where no photograph is asked for; no question has that key."""
        question = self.in_use.definition.photograph
        return question.key if question is not None else ""

    @property
    def answers(self) -> dict[str, Any]:
        """What is captured so far, by question key."""
        return self.kind.storage.draft_answers(self.draft)

    @property
    def in_hand(self) -> InHand:
        """What a form shows of it."""
        stored = self.draft if self.draft.pk is not None else None
        return InHand(stored, self.answers, self.draft.version, self.draft.given_under)

    def undo(self) -> None:
        """Write nothing of what was done since it was opened."""
        transaction.set_rollback(True)

    def write(self, changes: Mapping[str, Any], *, version: int | None) -> None:
        """Keep answers as they were typed. See `services.save_draft`."""
        # The photograph comes only through `put_photograph`.
        sent = {key: value for key, value in changes.items() if key != self._photograph_key}
        typed = storable(sent, self.in_use.definition)
        kept = self.answers
        changed = {
            key: value for key, value in typed.items() if (kept.get(key) or "") != (value or "")
        }
        if self.draft.pk is not None and not changed:
            return
        self._require_unmoved(changed, version)
        self._keep(changed)

    def _require_unmoved(self, changed: Mapping[str, Any], version: int | None) -> None:
        if version is None:
            return
        seen, last = self._seen(version), self.draft.changed_in
        if seen > self.draft.version or any(last.get(key, 0) > seen for key in changed):
            raise DraftMoved(self.draft)

    def _seen(self, version: int) -> int:
        """The version that a window was typed over; 0 stands for what a new draft begins with."""
        if version == 0 and self._first_version is None:
            self._first_version = selectors.first_version(self.dossier)
        return version or self._first_version or 0

    def _keep(self, changed: Mapping[str, Any]) -> None:
        draft, definition = self.draft, self.in_use.definition
        # An answer that is not asked for any more stays here, unseen: the question may come back.
        answers = {**self.answers, **changed}
        require_bearable(answers, definition)
        draft.version += 1
        self.kind.storage.keep_in_draft(draft, answers)
        counted = selectors.progress(in_use=self.in_use, answers=answers, state=self.dossier.state)
        draft.sections_done, draft.done_under = counted.done, self.in_use.name
        draft.changed_in = {**draft.changed_in, **dict.fromkeys(changed, draft.version)}
        draft.hands = sorted({*draft.hands, self.user.pk})
        draft.save()
        correcting = self.dossier.state in _UNDER_CORRECTION
        states.move_to(
            questionnaire=self.dossier,
            state=QuestionnaireState.CORRECTION if correcting else QuestionnaireState.CAPTURE,
        )

    def put_photograph(self, encoded: Encoded) -> Photograph:
        """Put a photograph in place of the one that there is."""
        photograph = store_photograph(questionnaire=self.dossier, encoded=encoded, user=self.user)
        replaced = self.answers.get(self._photograph_key)
        self._keep({self._photograph_key: str(photograph.pk)})
        if replaced:
            self._forget_if_never_sent(replaced)
        return photograph

    def remove_photograph(self) -> bool:
        """Take the photograph out; says whether there was one."""
        removed = self.answers.get(self._photograph_key)
        if not removed:
            return False
        self._keep({self._photograph_key: ""})
        self._forget_if_never_sent(removed)
        return True

    def _forget_if_never_sent(self, photograph_id: str) -> None:
        if any(
            photograph_id in submitted_answers(self.kind.storage, submission).values()
            for submission in self.dossier.submissions.all()
        ):
            return
        Photograph.objects.filter(pk=photograph_id, questionnaire=self.dossier).delete()

        def remove_files() -> None:
            for name in (f"{photograph_id}.jpg", f"{photograph_id}-s.jpg"):
                storages["photographs"].delete(name)

        transaction.on_commit(remove_files)

    def complete_answers(self, *, version: int | None) -> dict[str, Any]:
        """The answers as they would be sent. See `services.submit_questionnaire` for the errors."""
        if version is not None and self.draft.version != self._seen(version):
            raise DraftMoved(self.draft)
        answers = normalise(self.in_use.definition, self.answers)
        found = problems(self.in_use.definition, answers, rule=self.in_use.rule)
        if found:
            raise IncompleteAnswers(found)
        return answers


def store_photograph(
    *, questionnaire: Questionnaire, encoded: Encoded, user: User | None
) -> Photograph:
    """Write the two files under a random name; a name that no row knows is never served."""
    photograph = Photograph(questionnaire=questionnaire, sha256=encoded.sha256, uploaded_by=user)
    storage = storages["photographs"]
    storage.save(f"{photograph.pk}.jpg", ContentFile(encoded.large))
    storage.save(f"{photograph.pk}-s.jpg", ContentFile(encoded.small))
    photograph.save()
    return photograph
