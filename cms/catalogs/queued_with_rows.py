"""Jobs that wait until the rows which they are about are committed, also where a job asks for them.

On the web, procrastinate queues a job on the connection of the transaction. In a worker it has
connections of its own: the job is committed at once, another worker begins it before the rows are,
finds none, and is done with it.
"""

from typing import Any

from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.contrib.django.settings import settings
from procrastinate.jobs import JobDeferrer
from procrastinate.manager import JobManager
from procrastinate.tasks import Task


def with_rows(task: Task[Any, Any, Any]) -> JobDeferrer:
    """What queues a job of this task in the transaction that is under way."""
    job = task.configure()
    job.job_manager = JobManager(DjangoConnector(alias=settings.DATABASE_ALIAS))
    return job
