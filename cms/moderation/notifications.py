"""What the review tells by e-mail: that a submission was observed."""

from collections.abc import Iterable

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from cms.accounts.models import User
from cms.candidacies.selectors import capturable_by, capturers_of
from cms.candidacies.terms import term_of
from cms.catalogs.addresses import internal_url
from cms.moderation.models import Decision
from cms.moderation.selectors import observations_for
from cms.notifications.kinds import Message, NotificationKind
from cms.questionnaires.kinds import kind as kind_of
from cms.questionnaires.models import Submission


def _submission_of(decision_id: int) -> Submission:
    return (
        Decision.objects.select_related("submission__questionnaire__candidacy__office")
        .select_related("submission__questionnaire__candidacy__territory")
        .select_related("submission__questionnaire__candidacy__process")
        .get(pk=decision_id)
        .submission
    )


def _recipients(decision_id: int) -> Iterable[int]:
    """The account that sent it; if it cannot be told or captures no more, those that do capture.

    Nobody is written to about a rehearsal.
    """
    submission = _submission_of(decision_id)
    if submission.questionnaire.candidacy.process.is_rehearsal:
        return []
    able = capturers_of(submission.questionnaire.candidacy).exclude(email="")
    told = list(able.values_list("pk", flat=True))
    return [submission.captured_by_id] if submission.captured_by_id in told else told


def _message(decision_id: int, user_id: int) -> Message | None:
    """The mail to one account; None once it was corrected, or if the account captures it no more.

    It says that there is something to correct and where, never what: that is read after signing in.
    """
    submission = _submission_of(decision_id)
    questionnaire = submission.questionnaire
    candidacy = questionnaire.candidacy
    user = User.objects.filter(pk=user_id, is_active=True).exclude(email="").first()
    observations = [
        observation
        for observation in observations_for(questionnaire=questionnaire)
        if observation.decision_id == decision_id
    ]
    if user is None or not observations:
        return None
    if not capturable_by(user).filter(pk=candidacy.pk).exists():
        return None
    kind = kind_of(questionnaire.kind)
    path = reverse("capture:start", args=[candidacy.pk]) + (f"{kind.path}/" if kind.path else "")
    context = {
        "candidacy": candidacy,
        "questionnaire": kind.name,
        "count": len(observations),
        "term": term_of(candidacy, kind=kind.key),
        "address": internal_url(path),
    }
    return Message(
        address=user.email,
        subject=_("El Instituto observó un cuestionario de tus candidaturas"),
        body=render_to_string("moderation/observed_mail.txt", context),
    )


OBSERVED = NotificationKind("envio_observado", _recipients, _message)
