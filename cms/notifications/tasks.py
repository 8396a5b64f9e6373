"""Background work of this room: sending, patiently, and an end for rows that are not kept."""

from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate.contrib.django import app
from procrastinate.jobs import Job

from cms.notifications import mail, services

FIRST_WAIT_SECONDS = 15
LONGEST_WAIT_SECONDS = 60 * 60
# With waits of an hour, somewhat more than five days, as mail servers do (RFC 5321, 4.5.4.1).
MOST_ATTEMPTS = 130


class Patiently(BaseRetryStrategy):
    """A mail server that is down for a while delays a message and does not lose it.

    The waits double from a quarter of a minute up to an hour. Any other failure is a fault of ours,
    which waiting would not mend; it is tried again a few times only.
    """

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        most = MOST_ATTEMPTS if isinstance(exception, mail.NotDelivered) else 5
        if job.attempts >= most:
            return None
        wait = FIRST_WAIT_SECONDS * 2 ** min(job.attempts, 10)
        return RetryDecision(retry_in={"seconds": min(wait, LONGEST_WAIT_SECONDS)})


@app.task(retry=Patiently(), pass_context=False)
def deliver(notification_id: int) -> bool:
    """Send one notification. The queue knows its number alone: no name, address or text."""
    return services.send(notification_id=notification_id)


@app.periodic(cron="27 * * * *")
@app.task(queueing_lock="purge_notifications", pass_context=False)
def purge_notifications(timestamp: int) -> int:
    """Every hour. Returns how many rows went."""
    return services.purge()
