"""Background work that belongs to no room. The queue, procrastinate, is in the same PostgreSQL."""

from django.core.management import call_command
from procrastinate.contrib.django import app
from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Status

STALLED_SECONDS = 30
KEPT_HOURS = 7 * 24


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="retry_stalled_jobs", pass_context=False)
async def retry_stalled_jobs(timestamp: int) -> int:
    """Return to the queue the jobs that a killed worker left unfinished. Returns how many.

    A job that is already queued again, under the same lock, is not queued twice.
    """
    stalled = await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_SECONDS)
    count = 0
    for job in stalled:
        try:
            await app.job_manager.retry_job(job)
            count += 1
        except UniqueViolation:
            await app.job_manager.finish_job(job, Status.ABORTED, delete_job=False)
    return count


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="publish_scheduled", lock="publish_scheduled", pass_context=False)
def publish_scheduled(timestamp: int) -> None:
    """Publish and unpublish the pages for which the CMS has scheduled it."""
    call_command("publish_scheduled")


@app.periodic(cron="17 3 * * *")
@app.task(queueing_lock="forget_finished_jobs", pass_context=False)
async def forget_finished_jobs(timestamp: int) -> None:
    """Delete finished jobs after a week. Those of every minute would otherwise fill the table."""
    await app.job_manager.delete_old_jobs(nb_hours=KEPT_HOURS, include_aborted=True)
