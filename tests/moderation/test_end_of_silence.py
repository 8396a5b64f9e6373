"""What was approved during an electoral silence is public from the instant at which it ends."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from cms.catalogs.models import ProcessOffice
from cms.moderation import tasks
from cms.moderation.services import approve_submission
from cms.published.models import PublishedCandidacy

pytestmark = pytest.mark.django_db
TEXT = "Agua potable segura"


@pytest.fixture
def end(submission: Any) -> datetime:
    """The end of the silence in which the office of the candidacy is now."""
    candidacy = submission.questionnaire.candidacy
    until = timezone.now().replace(microsecond=0) + timedelta(days=3)
    # Not with `save`, which makes a job by itself.
    ProcessOffice.objects.filter(process=candidacy.process, office=candidacy.office).update(
        frozen_from=timezone.now() - timedelta(hours=1), frozen_until=until
    )
    return until


def approve(submission: Any, validator: Any) -> PublishedCandidacy | None:
    return approve_submission(
        submission_id=submission.pk, seal=submission.seal, validator=validator
    )


def planned() -> list[datetime]:
    jobs = ProcrastinateJob.objects.filter(
        task_name=tasks.publish_waiting.name, status="todo", scheduled_at__isnull=False
    )
    return list(jobs.order_by("scheduled_at").values_list("scheduled_at", flat=True))


def test_a_job_publishes_at_the_end(submission: Any, validator: Any, end: datetime) -> None:
    approve(submission, validator)
    assert planned() == [end]
    # The one of every five minutes finds the silence as it was, and plans nothing twice.
    assert tasks.publish_waiting(timestamp=0) == 0
    assert planned() == [end]


def test_an_end_that_moves_has_a_job_too(submission: Any, validator: Any, end: datetime) -> None:
    approve(submission, validator)
    window = ProcessOffice.objects.get(frozen_until=end)
    window.frozen_until = end - timedelta(days=1)
    window.save()
    assert planned() == [end - timedelta(days=1), end]


def test_readers_see_nothing_of_a_silence_until_it_ends(
    submission: Any, validator: Any, end: datetime, client: Client, time_machine: Any
) -> None:
    candidacy = submission.questionnaire.candidacy
    path = PublishedCandidacy.objects.get(candidacy_id=candidacy.pk).get_absolute_url()
    before = client.get(path).content
    approve(submission, validator)
    time_machine.move_to(end - timedelta(seconds=1), tick=False)
    assert tasks.publish_waiting(timestamp=0) == 0
    assert client.get(path).content == before
    assert TEXT not in before.decode()

    time_machine.move_to(end, tick=False)
    assert client.get(path).content == before
    assert tasks.publish_waiting(timestamp=0) == 1
    assert TEXT in client.get(path).content.decode()
