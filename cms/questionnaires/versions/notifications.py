"""What is told by e-mail to those who capture: a questionnaire that they had begun changed."""

from collections.abc import Iterable

from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from cms.accounts.models import User
from cms.candidacies.models import CandidacyPage
from cms.candidacies.selectors import capturable_by, capturers_of_any
from cms.catalogs.addresses import internal_url
from cms.catalogs.models import CandidacyState
from cms.notifications.kinds import Message, NotificationKind
from cms.questionnaires.models import DefinitionChange, Questionnaire, QuestionnaireState

_NOT_BEGUN = [QuestionnaireState.EMPTY, QuestionnaireState.IMPORTED]


def _change(change_id: int) -> DefinitionChange:
    return DefinitionChange.objects.select_related("process").get(pk=change_id)


def _reached(change: DefinitionChange) -> QuerySet[CandidacyPage]:
    """The candidacies for which something was captured before the change."""
    begun = Questionnaire.objects.filter(kind=change.kind).exclude(state__in=_NOT_BEGUN)
    reached: QuerySet[CandidacyPage] = CandidacyPage.objects.filter(
        process=change.process, state=CandidacyState.ACTIVE, pk__in=begun.values("candidacy")
    )
    return reached


def _recipients(change_id: int) -> Iterable[int]:
    """Who captures those candidacies. Nobody is told of a process that is only a rehearsal."""
    change = _change(change_id)
    if change.process.fictitious:
        return []
    return capturers_of_any(_reached(change)).exclude(email="").values_list("pk", flat=True)


def _message(change_id: int, user_id: int) -> Message | None:
    """The mail to one account; None if it captures none of those candidacies any more.

    It says that there is something to read and where. What changed is read after signing in.
    """
    change = _change(change_id)
    user = User.objects.filter(pk=user_id, is_active=True).exclude(email="").first()
    if user is None:
        return None
    count = capturable_by(user).filter(pk__in=_reached(change).values("pk")).count()
    if not count:
        return None
    context = {
        "questionnaire": change.get_kind_display(),
        "process": change.process,
        "count": count,
        "address": internal_url(reverse("capture:candidacies")),
    }
    return Message(
        address=user.email,
        subject=_("El Instituto cambió un cuestionario de tus candidaturas"),
        body=render_to_string("questionnaires/changed_mail.txt", context),
    )


CHANGED = NotificationKind("cuestionario_cambiado", _recipients, _message)
