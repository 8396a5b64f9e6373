"""A return says what to correct in which answer; the next submission resumes the same review."""

import pytest
from wagtail.models import PageLogEntry, TaskState, WorkflowState

from cms.accounts.models import Role
from cms.accounts.services import create_liaison
from cms.moderation.errors import InvalidObservations, LaterSubmission, NotYourReview
from cms.moderation.models import Decision, Observation
from cms.moderation.selectors import next_pending, observations_for
from cms.moderation.services import approve_submission, return_submission
from cms.questionnaires.models import QuestionnaireState
from tests.moderation.samples import accept_notice_in_force, send

pytestmark = pytest.mark.django_db


def give_back(submission, validator, observations):
    return return_submission(
        submission_id=submission.pk,
        seal=submission.seal,
        validator=validator,
        observations=observations,
    )


def test_a_returned_submission_waits_for_its_correction(returned):
    assert returned.questionnaire.state == QuestionnaireState.OBSERVED
    [observation] = observations_for(questionnaire=returned.questionnaire)
    assert (observation.question, observation.reason) == ("propuesta_1", "lema")
    assert observation.passage == "segura y diaria"
    state = TaskState.objects.get(revision=returned.revision)
    assert state.status == TaskState.STATUS_REJECTED
    assert state.workflow_state.status == WorkflowState.STATUS_NEEDS_CHANGES


def test_returning_writes_one_entry_that_quotes_no_observation(returned, validator):
    page = returned.questionnaire.page
    entry = PageLogEntry.objects.get(page=page, action="moderation.return")

    assert entry.data == {"envio": 1, "sello": returned.seal, "observaciones": 1}
    for logged in PageLogEntry.objects.filter(page=page):
        assert "lema de campaña" not in str(logged.data)
        assert "segura y diaria" not in str(logged.data)
    assert TaskState.objects.get(revision=returned.revision).comment == ""
    said = entry.formatter.format_message(entry)
    assert said == "Devolvió el envío 1 con 1 observación"


def test_returning_asks_for_at_least_one_observation(submission, validator):
    with pytest.raises(InvalidObservations):
        give_back(submission, validator, [])

    assert not Decision.objects.exists()


@pytest.mark.parametrize(
    "wrong", [{"question": "color_favorito"}, {"reason": "porque_si"}, {"text": "  "}]
)
def test_an_observation_needs_a_question_a_reason_and_a_text(submission, validator, observe, wrong):
    with pytest.raises(InvalidObservations):
        give_back(submission, validator, [observe(), observe(**wrong)])

    assert not Observation.objects.exists()
    submission.questionnaire.refresh_from_db()
    assert submission.questionnaire.state == QuestionnaireState.SUBMITTED


def test_an_account_that_does_not_review_cannot_return(submission, superuser, observe):
    with pytest.raises(NotYourReview):
        give_back(submission, superuser, [observe()])


def test_resending_resumes_the_same_review(returned, resent):
    state = TaskState.objects.get(revision=resent.revision)
    assert state.status == TaskState.STATUS_IN_PROGRESS
    first = TaskState.objects.get(revision=returned.revision)
    assert state.workflow_state_id == first.workflow_state_id
    assert WorkflowState.objects.count() == 1


def test_observations_close_when_the_party_sends_again(returned, resent):
    resent.questionnaire.refresh_from_db()
    assert observations_for(questionnaire=resent.questionnaire) == []


def test_a_corrected_submission_can_be_approved(resent, validator):
    row = approve_submission(submission_id=resent.pk, seal=resent.seal, validator=validator)
    assert "segura y diaria" not in row.text_high_weight
    assert "diaria en los 62" in row.text_high_weight


def test_an_outdated_screen_cannot_return_once_the_party_sent_again(
    returned, resent, colleague, observe
):
    with pytest.raises(LaterSubmission):
        give_back(returned, colleague, [observe()])


def test_whoever_sent_the_oldest_submission_reviews_the_one_after_it(
    submission, make_candidacy, complete_answers, actor, party, validator
):
    """A liaison who became a reviewer does not review what they sent before."""
    another = create_liaison(username="enlace.dos", actors=[actor])
    accept_notice_in_force(another)
    candidacy = make_candidacy(name="Rosa Mezquite Sauz", office="sindicatura")
    second = send(candidacy, complete_answers, another)
    party.role = Role.CURRICULAR_REVIEWER
    party.save()

    assert next_pending(for_user=validator) == submission
    assert next_pending(for_user=party) == second


def test_an_account_that_does_not_review_has_nothing_to_review(
    submission, other_liaison, superuser
):
    assert next_pending(for_user=other_liaison) is None
    assert next_pending(for_user=superuser) is None
