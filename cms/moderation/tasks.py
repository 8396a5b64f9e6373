"""Background jobs of the review: publish what waited for the end of an electoral silence."""

from contextlib import suppress
from datetime import datetime
from typing import Any

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from cms.catalogs.models import ProcessOffice
from cms.moderation import services


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="publish_waiting", pass_context=False)
def publish_waiting(timestamp: int) -> int:
    """Publish what waits, also every five minutes by itself; returns how many."""
    return services.publish_waiting()


def publish_at(end: datetime) -> None:
    """Publish what waits when a silence ends; of several calls for one end, one job remains."""
    seconds = int(end.timestamp())
    job = publish_waiting.configure(schedule_at=end, queueing_lock=f"publish_waiting:{seconds}")
    with suppress(AlreadyEnqueued), transaction.atomic():
        job.defer(timestamp=seconds)


def on_dates_saved(sender: Any, instance: ProcessOffice, **kwargs: Any) -> None:
    """Receiver of post_save: the end of a silence may have moved."""
    if instance.frozen_until is not None and not kwargs.get("raw"):
        publish_at(instance.frozen_until)
