"""An approval publishes exactly what was reviewed, once; whoever captured it cannot approve it."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.utils import timezone
from wagtail.models import PageLogEntry, TaskState, WorkflowState

from cms.accounts.models import Role
from cms.accounts.services import create_liaison
from cms.candidacies.sealed import writing_as_service
from cms.catalogs.models import ProcessOffice
from cms.moderation.errors import (
    AlreadyDecided,
    CandidacyEnded,
    CapturedByYou,
    LaterSubmission,
    NotUnderReview,
    NotYourReview,
    SealBroken,
    SealMoved,
)
from cms.moderation.models import Decision, Outcome
from cms.moderation.selectors import next_pending
from cms.moderation.services import approve_submission, publish_waiting, return_submission
from cms.published.models import PublishedCandidacy
from cms.questionnaires.kinds import CURRICULAR
from cms.questionnaires.models import QuestionnaireState, Submission
from cms.questionnaires.services import NotOpenForCapture, save_draft, submit_questionnaire
from tests.moderation.samples import accept_notice_in_force, send

pytestmark = pytest.mark.django_db


def public_text(submission: Submission) -> str:
    row = PublishedCandidacy.objects.get(candidacy_id=submission.questionnaire.candidacy_id)
    return row.text_high_weight


def approve(submission: Submission, validator, seal: str | None = None):
    return approve_submission(
        submission_id=submission.pk, seal=seal or submission.seal, validator=validator
    )


def assert_nothing_changed(submission: Submission) -> None:
    submission.questionnaire.refresh_from_db()
    page = submission.questionnaire.page
    page.refresh_from_db()
    assert submission.questionnaire.state == QuestionnaireState.SUBMITTED
    assert not page.live
    assert public_text(submission) == ""
    assert not Decision.objects.filter(submission=submission).exists()
    assert not PageLogEntry.objects.filter(page=page, action__startswith="moderation.").exists()
    state = TaskState.objects.get(revision=submission.revision)
    assert state.status == TaskState.STATUS_IN_PROGRESS


def test_approving_publishes_the_reviewed_revision(submission, validator):
    row = approve(submission, validator)

    page = submission.questionnaire.page
    page.refresh_from_db()
    submission.questionnaire.refresh_from_db()
    assert page.live_revision_id == submission.revision_id
    assert submission.questionnaire.state == QuestionnaireState.PUBLISHED
    assert "Agua potable segura" in row.text_high_weight
    decision = Decision.objects.get(submission=submission)
    assert decision.outcome == Outcome.APPROVED
    assert decision.actor_snapshot["username"] == validator.username
    assert decision.published_at is not None


def test_approving_ends_the_task_and_the_workflow(submission, validator):
    approve(submission, validator)

    state = TaskState.objects.get(revision=submission.revision)
    assert state.status == TaskState.STATUS_APPROVED
    assert state.finished_by == validator
    assert state.workflow_state.status == WorkflowState.STATUS_APPROVED


def test_a_decision_writes_one_entry_without_personal_data(submission, validator):
    page = submission.questionnaire.page
    before = PageLogEntry.objects.filter(page=page).count()

    approve(submission, validator)

    entries = PageLogEntry.objects.filter(page=page).order_by("-pk")
    assert entries.count() == before + 1
    assert entries[0].action == "moderation.approve"
    assert entries[0].user == validator
    assert entries[0].revision_id == submission.revision_id
    assert entries[0].data == {"envio": 1, "sello": submission.seal}
    assert entries[0].formatter.format_message(entries[0]) == "Aprobó el envío 1"


def test_wagtail_sends_no_mail_about_a_review(submission, validator, party):
    party.email = "enlace@partido.example"
    party.save()
    mail.outbox.clear()

    approve(submission, validator)

    assert mail.outbox == []


def test_a_later_revision_that_nobody_reviewed_is_not_published(submission, validator):
    page = submission.questionnaire.page
    with writing_as_service():
        page.answers = {"propuesta_1": "Algo que nadie revisó."}
        page.save_revision(clean=False)

    row = approve(submission, validator)

    page.refresh_from_db()
    assert page.live_revision_id == submission.revision_id
    assert "nadie revisó" not in row.text_high_weight
    assert not WorkflowState.objects.active().exists()


def test_accounts_that_do_not_review_cannot_approve_not_even_superusers(
    submission, superuser, communicator, other_liaison
):
    for account in (superuser, communicator, other_liaison):
        with pytest.raises(NotYourReview):
            approve(submission, account)

    assert_nothing_changed(submission)


def test_whoever_captured_a_questionnaire_cannot_approve_it(submission, party):
    party.role = Role.CURRICULAR_REVIEWER
    party.is_superuser = True
    party.save()

    with pytest.raises(CapturedByYou):
        approve(submission, party)

    assert_nothing_changed(submission)


def test_whoever_captured_one_answer_cannot_approve_this_submission_nor_the_next(
    make_candidacy, complete_answers, actor, party, validator
):
    """A colleague sends it; who captured is remembered, also for the next submission."""
    candidacy = make_candidacy()
    typist = create_liaison(username="enlace.dos", actors=[actor])
    accept_notice_in_force(typist)
    changes = {"propuesta_1": complete_answers["propuesta_1"]}
    save_draft(candidacy=candidacy, kind=CURRICULAR, changes=changes, version=None, user=typist)
    first = send(candidacy, complete_answers, party)
    typist.role = Role.CURRICULAR_REVIEWER
    typist.save()
    with pytest.raises(CapturedByYou):
        approve(first, typist)
    assert next_pending(for_user=typist) is None
    assert next_pending(for_user=validator) == first

    approve(first, validator)
    second = send(candidacy, {"motivo_cargo": "Otra razón. " * 40}, party, portrait=False)
    with pytest.raises(CapturedByYou):
        approve(second, typist)


def test_whoever_last_edited_the_answers_cannot_approve_them(submission, colleague):
    submission.revision.user = colleague
    with writing_as_service():
        submission.revision.save()

    with pytest.raises(CapturedByYou):
        approve(submission, colleague)


def test_another_seal_than_the_submissions_is_refused(submission, validator):
    with pytest.raises(SealMoved):
        approve(submission, validator, seal="0" * 64)

    assert_nothing_changed(submission)


def test_a_submission_without_an_open_task_is_refused(submission, validator):
    with writing_as_service():
        TaskState.objects.get(revision=submission.revision).delete()

    with pytest.raises(NotUnderReview):
        approve(submission, validator)


def test_bytes_altered_after_sealing_are_refused(submission, validator):
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
        cursor.execute("alter table questionnaires_submission disable trigger user")
    altered = bytes(submission.sealed_bytes).replace(b"Agua potable", b"Agua gratis!")
    Submission.objects.filter(pk=submission.pk).update(sealed_bytes=altered)

    with pytest.raises(SealBroken):
        approve(submission, validator)

    assert_nothing_changed(submission)


def test_a_revision_altered_after_sealing_is_refused(submission, validator):
    revision = submission.revision
    revision.content["answers"]["propuesta_1"] = "Otra cosa"
    with writing_as_service():
        revision.save()

    with pytest.raises(SealBroken):
        approve(submission, validator)

    assert_nothing_changed(submission)


def test_the_second_decision_is_refused(submission, validator, colleague):
    approve(submission, validator)

    with pytest.raises(AlreadyDecided):
        approve(submission, colleague)

    assert PageLogEntry.objects.filter(action="moderation.approve").count() == 1


def test_an_outdated_screen_cannot_approve_once_the_party_sent_again(returned, resent, colleague):
    with pytest.raises(LaterSubmission) as refusal:
        approve(returned, colleague)

    assert "versión más nueva" in str(refusal.value.explanation)
    assert public_text(returned) == ""
    resent.questionnaire.refresh_from_db()
    assert resent.questionnaire.state == QuestionnaireState.SUBMITTED


def test_the_published_version_stays_while_a_newer_one_is_reviewed(
    submission, validator, complete_answers, party
):
    approve(submission, validator)
    changed = {"propuesta_1": complete_answers["propuesta_1"].replace("62 ejidos", "70 ejidos")}
    newer = send(submission.questionnaire.candidacy, changed, party, portrait=False)

    assert "62 ejidos" in public_text(submission)

    approve(newer, validator)
    assert "70 ejidos" in public_text(submission)


@pytest.fixture
def silence(submission) -> ProcessOffice:
    """The office of the candidacy, in electoral silence now."""
    candidacy = submission.questionnaire.candidacy
    window = ProcessOffice.objects.get(process=candidacy.process, office=candidacy.office)
    window.frozen_from = timezone.now() - timedelta(hours=1)
    window.frozen_until = timezone.now() + timedelta(days=3)
    window.save()
    return window


def test_during_the_silence_a_decision_is_kept_and_publication_waits(
    submission, validator, silence
):
    assert approve(submission, validator) is None

    submission.questionnaire.refresh_from_db()
    assert submission.questionnaire.state == QuestionnaireState.VALIDATED
    assert public_text(submission) == ""
    assert publish_waiting() == 0
    assert public_text(submission) == ""


def test_an_approved_submission_is_published_when_the_silence_ends(submission, validator, silence):
    approve(submission, validator)
    silence.frozen_until = timezone.now()
    silence.save()

    assert publish_waiting() == 1
    assert publish_waiting() == 0

    assert "Agua potable segura" in public_text(submission)
    page = submission.questionnaire.page
    page.refresh_from_db()
    assert page.live_revision_id == submission.revision_id
    waited = PageLogEntry.objects.filter(page=page, action="moderation.publish_waiting")
    assert waited.count() == 1


def test_nothing_is_decided_about_a_candidacy_that_ended(submission, validator, end, observe):
    end(submission)

    with pytest.raises(CandidacyEnded) as refusal:
        approve(submission, validator)
    with pytest.raises(CandidacyEnded):
        return_submission(
            submission_id=submission.pk,
            seal=submission.seal,
            validator=validator,
            observations=[observe()],
        )

    assert str(refusal.value) == (
        "Esta candidatura terminó: su envío ya no se aprueba ni se devuelve."
    )
    assert_nothing_changed(submission)


def test_the_published_version_stays_when_a_candidacy_ends_with_a_newer_submission(
    submission, validator, complete_answers, party, end
):
    approve(submission, validator)
    changed = {"propuesta_1": complete_answers["propuesta_1"].replace("62 ejidos", "70 ejidos")}
    newer = send(submission.questionnaire.candidacy, changed, party, portrait=False)
    end(newer)

    with pytest.raises(CandidacyEnded):
        approve(newer, validator)

    assert "62 ejidos" in public_text(submission)


def test_an_approved_submission_is_not_published_after_the_silence_if_the_candidacy_ended(
    submission, validator, silence, end
):
    approve(submission, validator)
    decision = Decision.objects.get(submission=submission)
    end(submission)
    silence.frozen_until = timezone.now()
    silence.save()

    assert publish_waiting() == 0

    assert public_text(submission) == ""
    decision.refresh_from_db()
    assert decision.published_at is None


def test_a_candidacy_that_ended_is_neither_captured_nor_sent_again(
    returned, complete_answers, party, end
):
    end(returned)

    with pytest.raises(NotOpenForCapture) as refusal:
        send(returned.questionnaire.candidacy, complete_answers, party, portrait=False)
    with pytest.raises(NotOpenForCapture):
        submit_questionnaire(
            candidacy=returned.questionnaire.candidacy, kind=CURRICULAR, user=party, version=None
        )

    assert "Esta candidatura terminó" in refusal.value.explanation


def test_approving_wagtails_task_directly_publishes_nothing(submission, superuser):
    state = TaskState.objects.get(revision=submission.revision)

    with pytest.raises(PermissionDenied):
        state.approve(user=superuser)

    assert_nothing_changed(submission)
