"""Background work of this package. Jobs carry the number of a run alone."""

from contextlib import suppress

from django.db import InterfaceError, OperationalError, transaction
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

WORK = "candidacies.account_run"
MOST_ATTEMPTS = 4
# Waits of 4, 16 and 64 seconds, for a database that is away for a moment.
_PATIENTLY = RetryStrategy(
    max_attempts=MOST_ATTEMPTS,
    exponential_wait=4,
    retry_exceptions={OperationalError, InterfaceError, OSError},
)


@app.task(name=WORK, retry=_PATIENTLY, pass_context=True)
def work(context: JobContext, run_id: int) -> None:
    """Do a run; a job that was killed goes on where it was."""
    from cms.candidacies.own_accounts import runs

    try:
        while runs.work_some(run_id):
            pass
    except Exception as error:
        attempts = context.job.attempts if context.job else MOST_ATTEMPTS
        passing = isinstance(error, OperationalError | InterfaceError | OSError)
        if not passing or attempts >= MOST_ATTEMPTS:
            with suppress(OperationalError, InterfaceError):
                runs.fail(run_id)
        raise


def ask_for(run_id: int) -> None:
    """Have a run done; called in the transaction that says so."""
    name = f"{WORK}:{run_id}"
    with suppress(AlreadyEnqueued), transaction.atomic():
        work.configure(queueing_lock=name, lock=name).defer(run_id=run_id)


@app.periodic(cron="41 * * * *")
@app.task(
    name="candidacies.forget_sheets", queueing_lock="candidacies.forget_sheets", pass_context=False
)
def forget_sheets(timestamp: int) -> int:
    """Every hour, delete the files of sheets that are a day old. Returns how many."""
    from cms.candidacies.own_accounts import runs

    return runs.forget_sheets()
