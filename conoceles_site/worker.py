"""Background work: procrastinate on the same PostgreSQL, and the job that rescues stalled jobs."""

from procrastinate import App, RetryStrategy
from procrastinate.contrib.django import app

STALLED_SECONDS = 30
RETRY = RetryStrategy(max_attempts=8, exponential_wait=2)


def on_app_ready(app: App) -> None:
    """Called by procrastinate when Django is ready."""
    app.perform_import_paths()  # type: ignore[no-untyped-call]


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="retry_stalled_jobs", pass_context=False)
async def retry_stalled_jobs(timestamp: int) -> int:
    """Give back to the queue what a killed worker left half done. Returns how many."""
    stalled = await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_SECONDS)
    count = 0
    for job in stalled:
        await app.job_manager.retry_job(job)
        count += 1
    return count
