"""Background work of this room. Jobs carry the number of a file alone."""

from contextlib import suppress
from typing import Any

from django.db import InterfaceError, OperationalError, transaction
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from cms.imports.models import Upload

REVIEW, APPLY = "imports.review_upload", "imports.apply_upload"
# Waits of 4, 16 and 64 seconds, for a database or a storage that is away for a moment.
MOST_ATTEMPTS = 4
PATIENTLY = RetryStrategy(
    max_attempts=MOST_ATTEMPTS,
    exponential_wait=4,
    retry_exceptions={OperationalError, InterfaceError, OSError},
)
_WHY = "Hubo una falla del sistema, no del archivo. No se escribió nada; revísalo de nuevo."


@app.task(name=REVIEW, retry=PATIENTLY, pass_context=True)
def review_upload(context: JobContext, upload_id: int) -> str:
    """Check a file that was sent."""
    from cms.imports import upload_jobs

    return _done(upload_jobs.review, context, upload_id)


@app.task(name=APPLY, retry=PATIENTLY, pass_context=True)
def apply_upload(context: JobContext, upload_id: int) -> str:
    """Apply a file that was checked."""
    from cms.imports import upload_jobs

    return _done(upload_jobs.apply, context, upload_id)


def _done(work: Any, context: JobContext, upload_id: int) -> str:
    from cms.imports import upload_jobs

    try:
        return str(work(upload_id))
    except Exception as error:
        attempts = context.job.attempts if context.job else MOST_ATTEMPTS
        passing = isinstance(error, OperationalError | InterfaceError | OSError)
        if not passing or attempts >= MOST_ATTEMPTS:
            with suppress(OperationalError, InterfaceError):
                upload_jobs.fail(upload_id, _WHY)
        raise


def ask_for_review(upload_id: int) -> None:
    """Have a file checked; called in the transaction that says so."""
    _defer(review_upload.configure(queueing_lock=f"{REVIEW}:{upload_id}"), upload_id)


def ask_for_application(upload: Upload) -> None:
    """Have a file applied; called in the transaction that says so. One of a process at a time."""
    job = apply_upload.configure(
        queueing_lock=f"{APPLY}:{upload.pk}", lock=f"{APPLY}:process:{upload.process_id}"
    )
    _defer(job, upload.pk)


def _defer(job: Any, upload_id: int) -> None:
    with suppress(AlreadyEnqueued), transaction.atomic():
        job.defer(upload_id=upload_id)


@app.periodic(cron="*/5 * * * *")
@app.task(name="imports.resume_uploads", queueing_lock="imports.resume_uploads", pass_context=False)
def resume_uploads(timestamp: int) -> int:
    """Every five minutes, ask again for jobs that were lost. Returns how many."""
    from cms.imports import upload_jobs

    return upload_jobs.resume_waiting()


@app.periodic(cron="33 4 * * *")
@app.task(name="imports.forget_uploads", queueing_lock="imports.forget_uploads", pass_context=False)
def forget_uploads(timestamp: int) -> int:
    """Every night, delete the files that nobody needs any more. Returns how many."""
    from cms.imports import upload_jobs

    return upload_jobs.forget_old()
