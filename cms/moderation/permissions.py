"""Who may decide what. Asked by the services on every decision, not only by the buttons."""

from collections.abc import Mapping
from typing import Any

from cms.accounts.models import User
from cms.moderation.errors import CapturedByYou, NotYourReview
from cms.questionnaires import kinds
from cms.questionnaires.kinds import Kind
from cms.questionnaires.models import Draft, Photograph, Questionnaire, Submission


def reviewed_kinds(user: Any) -> list[Kind]:
    """The kinds of questionnaire that an account reviews; empty for whoever has no desk."""
    return [kind for kind in kinds.kinds() if kind.may_review(user)]


def may_review(user: Any, questionnaire: Questionnaire) -> bool:
    """Whether an account reviews questionnaires of this kind, and may thus read their records."""
    return kinds.kind(questionnaire.kind).may_review(user)


def may_see(user: Any, arguments: Mapping[str, Any]) -> bool:
    """Whether an account may see the record that the arguments of an address name."""
    found = Submission.objects.select_related("questionnaire").defer("sealed_bytes")
    submission = found.filter(pk=arguments["submission_id"]).first()
    if submission is None:
        return bool(reviewed_kinds(user))
    return may_review(user, submission.questionnaire)


def editors_of(submission: Submission) -> set[int]:
    """Ids of the accounts that wrote in this submission, or in another of its questionnaire."""
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
        NotYourReview: the account's role does not review this kind of questionnaire.
        CapturedByYou: the account captured part of what it would decide (four eyes).

    Source: Plan de trabajo 2024, 1 (Unidad Técnica de Transparencia, a).
    """
    if not may_review(validator, submission.questionnaire):
        raise NotYourReview
    if validator.pk in editors_of(submission):
        raise CapturedByYou
