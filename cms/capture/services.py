"""What who captures does at the end: send, in one transaction."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import ngettext

from cms.accounts.models import User
from cms.candidacies.models import CandidacyPage
from cms.catalogs.spanish import clean_line
from cms.moderation.selectors import observations_for
from cms.moderation.services import start_review
from cms.questionnaires import kinds, selectors
from cms.questionnaires.kinds import Kind
from cms.questionnaires.models import Photograph, Submission
from cms.questionnaires.selectors import parsed
from cms.questionnaires.services import submit_questionnaire
from cms.questionnaires.storage import submitted_answers


class ObservedStaysTheSame(Exception):
    """Nothing of what the institute observed was changed; nothing was written.

    `questions` are the keys of the observed answers.
    """

    def __init__(self, questions: Sequence[str]) -> None:
        self.questions = list(questions)
        self.explanation = ngettext(
            "La respuesta observada sigue igual. Cámbiala antes de enviar otra vez.",
            "Las respuestas observadas siguen igual. Cámbialas antes de enviar otra vez.",
            len(self.questions),
        )
        super().__init__(self.explanation)


@transaction.atomic
def send_questionnaire(
    *, candidacy: CandidacyPage, kind: Kind, user: User, version: int | None
) -> Submission:
    """Seal what was captured and put it under review: one submission, one revision, one task.

    Raises:
        ObservedStaysTheSame, and whatever `submit_questionnaire` raises; nothing was written.
    """
    questionnaire = selectors.dossier_of(candidacy=candidacy, kind=kind)
    previous = selectors.latest_submission(questionnaire)
    observed = [] if questionnaire is None else observations_for(questionnaire=questionnaire)
    submission = submit_questionnaire(candidacy=candidacy, kind=kind, user=user, version=version)
    if previous is not None:
        before, now = _as_read(previous), _as_read(submission)
        keys = dict.fromkeys(one.question for one in observed)
        if keys and all(before.get(key) == now.get(key) for key in keys):
            raise ObservedStaysTheSame([*keys])
    start_review(submission=submission, by=user)
    return submission


def _as_read(submission: Submission) -> dict[str, Any]:
    """The answers as a reader tells them apart: not by their blanks, nor a picture by its name."""
    read: dict[str, Any] = {}
    storage = kinds.kind(submission.questionnaire.kind).storage
    for key, value in submitted_answers(storage, submission).items():
        items = value if isinstance(value, list) else [value]
        read[key] = [clean_line(item) for item in items]
    photograph = parsed(submission.definition).photograph
    if photograph is not None and photograph.key in read:
        stored = Photograph.objects.filter(pk__in=read[photograph.key])
        read[photograph.key] = list(stored.values_list("sha256", flat=True))
    return read
