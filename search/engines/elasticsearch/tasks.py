"""Background work of the index. Jobs carry ids alone, and read the rows when they run.

A change is enqueued in the transaction that publishes it: either both hold or neither does.
"""

from collections.abc import Sequence
from typing import Any

from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate.contrib.django import app
from procrastinate.jobs import Job

from cms.catalogs.once_queued import OnceQueued
from cms.catalogs.queued_with_rows import with_rows
from search.engines.elasticsearch import client, indexing
from search.engines.elasticsearch.errors import Unavailable

# More changes than these at once, as in an import, are jobs of many candidacies each.
MOST_ALONE = 20
FIRST_WAIT_SECONDS = 5
LONGEST_WAIT_SECONDS = 5 * 60
# With waits of five minutes, about a day.
MOST_ATTEMPTS = 300
# A document that the server refuses is refused again: waiting mends nothing.
MOST_ATTEMPTS_OF_OURS = 5


class Patiently(BaseRetryStrategy):
    """A search server that is down for a while delays a change and does not lose it."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        is_down = isinstance(exception, Unavailable)
        if job.attempts >= (MOST_ATTEMPTS if is_down else MOST_ATTEMPTS_OF_OURS):
            return None
        wait = FIRST_WAIT_SECONDS * 2 ** min(job.attempts, 10)
        return RetryDecision(retry_in={"seconds": min(wait, LONGEST_WAIT_SECONDS)})


@app.task(
    name="search.index_candidacy", queue=indexing.QUEUE, retry=Patiently(), pass_context=False
)
def index_candidacy(candidacy_id: int) -> int:
    """Make the index hold the present row of a candidacy."""
    try:
        return indexing.index_candidacies([candidacy_id])
    except Exception:
        if _changes.waits(candidacy_id):
            return 0
        raise


@app.task(
    name="search.index_candidacies", queue=indexing.QUEUE, retry=Patiently(), pass_context=False
)
def index_candidacies(candidacy_ids: list[int]) -> int:
    """Make the index hold the present rows of many candidacies."""
    return indexing.index_candidacies(candidacy_ids)


@app.periodic(cron="7 * * * *")
@app.task(name="search.reconcile", queueing_lock="search.reconcile", pass_context=False)
def reconcile(timestamp: int) -> int:
    """Every hour, repair what differs from the public rows. Returns of how many candidacies."""
    if not client.is_configured():
        return 0
    try:
        return len(indexing.reconcile().candidacy_ids)
    except Unavailable:
        return 0  # Those who have to know are told by the searches, and it is tried every hour.


# The tasks that put changes into the index.
INDEXING = (index_candidacy.name, index_candidacies.name)

_changes = OnceQueued(index_candidacy, "search.index:")


def enqueue(candidacy_ids: Sequence[int]) -> None:
    """Have changed rows written to the index; called in the transaction that changes them."""
    if not client.is_configured():
        return
    if len(candidacy_ids) > MOST_ALONE:
        ids = list(candidacy_ids)
        for start in range(0, len(ids), indexing.BATCH):
            batch: list[Any] = ids[start : start + indexing.BATCH]
            with_rows(index_candidacies).defer(candidacy_ids=batch)
        return
    _changes.enqueue(candidacy_ids)
