"""Leaves candidacies in every state, by the steps that a liaison and a validator would take."""

import io
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.utils import timezone

from cms.accounts.models import User
from cms.capture.services import send_questionnaire
from cms.catalogs.models import ProcessOffice
from cms.demo.loading import FOLDER, WALKED, Seat, answers_of, portrait_of
from cms.imports.profiles import USUAL_DEFINITION
from cms.moderation.models import Reason
from cms.moderation.services import ObservationInput, approve_submission, return_submission
from cms.privacy.selectors import notice_hash, notice_in_force
from cms.privacy.services import accept_notice
from cms.publication.services import write_published
from cms.questionnaires.bulk_answers import AnswerWriter, BroughtAnswers
from cms.questionnaires.kinds import CURRICULAR
from cms.questionnaires.models import QuestionnaireDefinition, Submission
from cms.questionnaires.selectors import parsed
from cms.questionnaires.services import attach_photograph, save_draft

HALF = 2


def _accept(user: User) -> None:
    notice = notice_in_force()
    if notice is not None:
        accept_notice(user=user, notice_hash=notice_hash(notice))


def _capture(seat: Seat, user: User, *, only: int | None = None) -> None:
    """Type the answers (all, or the first `only`) and upload the portrait."""
    answers = answers_of(seat)
    kept = dict(list(answers.items())[:only]) if only is not None else answers
    save_draft(candidacy=seat.candidacy, kind=CURRICULAR, changes=kept, version=None, user=user)
    if only is None:
        picture = (FOLDER / "portraits" / portrait_of(seat)).read_bytes()
        attach_photograph(
            candidacy=seat.candidacy,
            kind=CURRICULAR,
            user=user,
            file=io.BytesIO(picture),
            name="retrato.jpg",
        )


def _send(seat: Seat, user: User) -> Submission:
    _capture(seat, user)
    return send_questionnaire(candidacy=seat.candidacy, kind=CURRICULAR, user=user, version=None)


def _observe(submission: Submission, validator: User) -> None:
    observation = ObservationInput(
        question="propuesta_1",
        reason=Reason.INCOMPLETE,
        text="Falta decir a quién beneficia la primera etapa y en qué fecha termina.",
    )
    return_submission(
        submission_id=submission.pk,
        seal=submission.seal,
        validator=validator,
        observations=[observation],
    )


def _approve(submission: Submission, validator: User) -> None:
    approve_submission(submission_id=submission.pk, seal=submission.seal, validator=validator)


def leave_every_state(
    *, seats: Sequence[Seat], liaison: User, validator: User, silent: Sequence[Seat]
) -> dict[str, int]:
    """Take some of a liaison's seats through capture and review.

    Args:
        seats: at least `loading.WALKED` seats of the liaison's actor, with nothing captured.
        silent: a seat of an office that is put under electoral silence, so that its approval waits,
            and a seat that is imported without publishing.

    Returns: how many seats are in each state.
    """
    _accept(liaison)
    remaining = list(seats)

    def take(count: int) -> list[Seat]:
        taken, remaining[:] = remaining[:count], remaining[count:]
        return taken

    if len(remaining) < WALKED:
        raise LookupError(f"{WALKED} seats are needed, and there are {len(remaining)}")
    capturing, sent, observed, correcting, published = (
        take(HALF),
        take(3),
        take(HALF),
        take(1),
        take(HALF),
    )
    for seat in capturing:
        _capture(seat, liaison, only=5)
    for seat in sent:
        _send(seat, liaison)
    for seat in observed + correcting:
        _observe(_send(seat, liaison), validator)
    for seat in correcting:
        corrected = answers_of(seat)["propuesta_1"] + " La primera etapa termina en marzo."
        changes = {"propuesta_1": corrected}
        save_draft(
            candidacy=seat.candidacy, kind=CURRICULAR, changes=changes, version=None, user=liaison
        )
    for seat in published:
        _approve(_send(seat, liaison), validator)
    states = {
        "en_captura": len(capturing),
        "enviado": len(sent),
        "observado": len(observed),
        "en_subsanacion": len(correcting),
        "publicado_tras_revision": len(published),
    }
    return states | _leave_waiting(silent, liaison, validator)


def _leave_waiting(silent: Sequence[Seat], liaison: User, validator: User) -> dict[str, int]:
    """Approve one seat during the silence of its office, and import another without publishing."""
    if len(silent) < HALF:
        return {}
    waiting, imported = silent[0], silent[1]
    now = timezone.now()
    ProcessOffice.objects.filter(
        process=waiting.candidacy.process, office=waiting.candidacy.office
    ).update(frozen_from=now - timedelta(days=1), frozen_until=now + timedelta(days=60))
    _approve(_send(waiting, liaison), validator)
    version = QuestionnaireDefinition.objects.get(version=USUAL_DEFINITION)
    definition = parsed(version)
    answers: dict[str, Any] = {
        key: value
        for key, value in answers_of(imported).items()
        if definition.has(key) and key in {"propuesta_1", "propuesta_2", "motivo_cargo"}
    }
    AnswerWriter(version=version, at=now, publish=False).take(
        [BroughtAnswers(imported.candidacy.pk, answers)], known=()
    )
    write_published(candidacy_ids=[waiting.candidacy.pk, imported.candidacy.pk])
    return {"validado": 1, "importado": 1}
