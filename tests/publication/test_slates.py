"""A whole slate ends in as many queries as one candidacy, with all that follows from it."""

from typing import Any
from uuid import uuid4

import pytest
from wagtail.models import PageLogEntry, TaskState, WorkflowState

from cms.accounts.models import AccountEvent
from cms.candidacies.ending import End
from cms.candidacies.ending_models import StatusChange
from cms.candidacies.models import CandidacyPage, CandidateAccount
from cms.candidacies.services import give_own_account
from cms.notifications.models import Notification
from cms.publication.ending import withdraw_slate
from cms.published.models import PublishedCandidacy
from tests.candidacies.test_ending import DAY, office_staff
from tests.moderation.samples import *  # noqa: F403
from tests.moderation.samples import send

__all__ = ["office_staff"]

END = End("cancelacion", DAY, agreement="IEC/CG/151/2024")
# With the mail to the slate's only liaison.
QUERIES = 52


@pytest.fixture
def slate(make_candidacy: Any, complete_answers: Any, party: Any, office_staff: Any) -> Any:
    """Make a slate: each has an account, an open review and a public photograph."""

    party.email = "enlace@partido.example"
    party.save()

    def make(size: int) -> list[CandidacyPage]:
        made = []
        for number in range(1, size + 1):
            name = f"Persona Ficticia {number}"
            one = make_candidacy(name=name, office="regiduria", list_number=number)
            give_own_account(candidacy=one, username=f"cand-{number:04}", by=office_staff)
            send(one, complete_answers, party)
            shown = {"photo": str(uuid4()), "photo_name": str(uuid4()), "photo_width": 480}
            PublishedCandidacy.objects.filter(pk=one.pk).update(**shown)
            made.append(one)
        return made

    return make


@pytest.mark.parametrize("size", [1, 30])
def test_a_slate_ends_in_so_many_queries_whatever_its_size(
    slate: Any, office_staff: Any, django_assert_num_queries: Any, size: int
) -> None:
    made = slate(size)
    seen = [one.pk for one in made]
    with django_assert_num_queries(QUERIES):
        withdraw_slate(candidacy=made[0], seen=seen, end=END, by=office_staff)

    ended = CandidacyPage.objects.filter(pk__in=seen, state="baja", end_cause="cancelacion")
    assert ended.count() == size
    assert StatusChange.objects.filter(change="baja", on=DAY).count() == size
    own = CandidateAccount.objects.filter(user__is_active=False).exclude(revoked_at=None)
    assert own.count() == size
    assert AccountEvent.objects.filter(event="revocada").count() == size
    assert WorkflowState.objects.filter(status=WorkflowState.STATUS_CANCELLED).count() == size
    closed = TaskState.objects.filter(status=TaskState.STATUS_CANCELLED, finished_by=office_staff)
    assert closed.count() == size
    assert PublishedCandidacy.objects.filter(state="baja", photo="", photo_name="").count() == size
    assert Notification.objects.filter(kind="candidatura_cambio").count() == 1
    by_page = PageLogEntry.objects.filter(user=office_staff)
    for action in ("candidacies.end", "wagtail.workflow.cancel"):
        assert by_page.filter(action=action).values("page").distinct().count() == size, action
