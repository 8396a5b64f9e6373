"""What who captures does at the end: send, in one transaction."""

from django.db import transaction

from cms.accounts.models import User
from cms.candidacies.models import CandidacyPage
from cms.moderation.services import start_review
from cms.questionnaires.models import Submission
from cms.questionnaires.services import submit_questionnaire


@transaction.atomic
def send_questionnaire(*, candidacy: CandidacyPage, user: User, version: int | None) -> Submission:
    """Seal what was captured and put it under review: one submission, one revision, one task.

    Raises: whatever `submit_questionnaire` raises; nothing was written.
    """
    submission = submit_questionnaire(candidacy=candidacy, user=user, version=version)
    start_review(submission=submission, by=user)
    return submission
