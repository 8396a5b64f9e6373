"""Changes that did not get into the index, and one more try of all of them."""

from dataclasses import dataclass

from django.db import connection, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from search.engines.elasticsearch import tasks


@dataclass(frozen=True)
class Failures:
    """The jobs of the index that failed, and the candidacies whose changes they carried."""

    jobs: tuple[int, ...]
    candidacy_ids: tuple[int, ...]


def failures() -> Failures:
    """What failed and was not tried again (one query)."""
    failed = ProcrastinateJob.objects.filter(status="failed", task_name__in=tasks.INDEXING)
    found = list(failed.order_by("pk").values_list("pk", "args"))
    ids = {
        candidacy_id
        for _job, args in found
        for candidacy_id in args.get("candidacy_ids", [args.get("candidacy_id")])
    }
    return Failures(tuple(job for job, _args in found), tuple(sorted(ids)))


@transaction.atomic
def try_again() -> int:
    """Enqueue anew every change that failed. Returns of how many candidacies."""
    failed = failures()
    tasks.enqueue(failed.candidacy_ids)
    with connection.cursor() as cursor:
        cursor.execute(
            "delete from procrastinate_jobs where id = any(%s) and status = 'failed'",
            [list(failed.jobs)],
        )
    return len(failed.candidacy_ids)
