"""Jobs of which one at a time waits for each candidacy, however often it changes.

They are enqueued in the transaction that changes the candidacy, and read its row when they run.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.tasks import Task

# A job that waits already will read this change too, unless a worker takes it before the change is
# committed: so its row is locked until then. Without a lock that change would be lost. It is to be
# done now, though it may have been waiting for a server to come back.
_ENQUEUE = """
insert into procrastinate_jobs (queue_name, task_name, priority, queueing_lock, args)
select %(queue)s, %(task)s, %(priority)s, %(lock)s || id, jsonb_build_object('candidacy_id', id)
from (select distinct unnest(%(ids)s::bigint[]) as id order by id) as changed
on conflict (queueing_lock) where status = 'todo' do update set scheduled_at = null
"""


@dataclass(frozen=True)
class OnceQueued:
    """The jobs of a task whose one argument is `candidacy_id`.

    Attributes:
        lock: how the queueing locks of its jobs begin; the id of the candidacy follows.
    """

    task: Task[Any, Any, Any]
    lock: str

    def enqueue(self, candidacy_ids: Collection[int]) -> None:
        """Have the task done for candidacies; called in the transaction that changes them."""
        if not candidacy_ids:
            return
        with connection.cursor() as cursor:
            cursor.execute(
                _ENQUEUE,
                {
                    "queue": self.task.queue,
                    "task": self.task.name,
                    "priority": self.task.priority,
                    "lock": self.lock,
                    "ids": list(candidacy_ids),
                },
            )

    def waits(self, candidacy_id: int) -> bool:
        """Whether a job of a candidacy waits: one that fails now need not be tried again.

        Under its lock it could not wait beside the one of a later change, which does it.
        """
        lock = f"{self.lock}{candidacy_id}"
        waiting = ProcrastinateJob.objects.filter(status="todo", queueing_lock=lock)
        return bool(waiting.exists())
