"""Who may decide what. Asked by the services on every decision, not only by the buttons."""

from cms.accounts.models import User
from cms.accounts.permissions import may_review
from cms.moderation.errors import CapturedByYou, NotYourReview
from cms.questionnaires.models import Draft, Photograph, Submission


def editors_of(submission: Submission) -> set[int]:
    """Ids of the accounts that had a hand in it: wrote in this sending or an earlier one."""
    hands = {
        submission.captured_by_id,
        submission.revision.user_id if submission.revision else None,
    }
    questionnaire = submission.questionnaire_id
    for model in (Draft, Submission):
        written = model.objects.filter(questionnaire_id=questionnaire)
        hands.update(*written.values_list("hands", flat=True))
    hands.update(
        Photograph.objects.filter(questionnaire_id=questionnaire).values_list(
            "uploaded_by", flat=True
        )
    )
    return {hand for hand in hands if hand is not None}


def require_review(validator: User, submission: Submission) -> None:
    """Raise unless this account may decide this submission, superusers included.

    Raises:
        NotYourReview: the account's role does not review.
        CapturedByYou: it had a hand in what it would decide (four eyes).

    Source: work plan 1 (Unidad Técnica de Transparencia, a).
    """
    if not may_review(validator):
        raise NotYourReview
    if validator.pk in editors_of(submission):
        raise CapturedByYou
