"""Background work of this room: the reminders of each day."""

from django.utils import timezone
from procrastinate.contrib.django import app

from cms.reports import reminders


@app.periodic(cron="7 * * * *")
@app.task(queueing_lock="remind_terms", pass_context=False)
def remind_terms(timestamp: int) -> int:
    """Every hour, since the worker may be away for one; each account is told once a day."""
    return reminders.remind(at=timezone.now())
