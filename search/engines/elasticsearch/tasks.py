"""Background work of the index. Jobs carry ids alone, and read the rows when they run.

A change is enqueued in the transaction that publishes it: either both hold or neither does.
"""

from collections.abc import Sequence

from django.db import connection
from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.jobs import Job

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
        # Under its lock, this job could not wait beside the one of a later change, which does it.
        if _waits(candidacy_id):
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

# A job that waits already will read this change too, unless a worker takes it before the change is
# committed: so its row is locked until then. Without a lock that change would be lost. It is to be
# done now, though it may have been waiting for the server to come back.
_ENQUEUE = """
insert into procrastinate_jobs (queue_name, task_name, queueing_lock, args)
select %(queue)s, %(task)s, %(lock)s || id, jsonb_build_object('candidacy_id', id)
from (select distinct unnest(%(ids)s::bigint[]) as id order by id) as changed
on conflict (queueing_lock) where status = 'todo' do update set scheduled_at = null
"""
_LOCK = "search.index:"


def enqueue(candidacy_ids: Sequence[int]) -> None:
    """Have changed rows written to the index; called in the transaction that changes them."""
    if not client.is_configured():
        return
    if len(candidacy_ids) > MOST_ALONE:
        ids = list(candidacy_ids)
        for start in range(0, len(ids), indexing.BATCH):
            index_candidacies.defer(candidacy_ids=ids[start : start + indexing.BATCH])
        return
    with connection.cursor() as cursor:
        cursor.execute(
            _ENQUEUE,
            {
                "queue": index_candidacy.queue,
                "task": index_candidacy.name,
                "lock": _LOCK,
                "ids": list(candidacy_ids),
            },
        )


def _waits(candidacy_id: int) -> bool:
    """Whether a job of a later change of a candidacy waits."""
    waiting = ProcrastinateJob.objects.filter(status="todo", queueing_lock=f"{_LOCK}{candidacy_id}")
    return bool(waiting.exists())
