"""Background work of this room. Jobs carry the number of a process alone."""

from contextlib import suppress
from typing import Any

from django.db import InterfaceError, OperationalError, transaction
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

_PATIENTLY = RetryStrategy(
    max_attempts=4,
    exponential_wait=4,
    retry_exceptions={OperationalError, InterfaceError, OSError},
)


@app.task(name="demo.make_people", retry=_PATIENTLY, pass_context=False)
def make_people(process_id: int) -> None:
    """Add the people of a rehearsal; a job that was killed goes on where it was."""
    from cms.demo import rehearsal_people

    while rehearsal_people.make_some(process_id):
        pass


@app.task(name="demo.remove_rehearsal", retry=_PATIENTLY, pass_context=False)
def remove_rehearsal(process_id: int) -> None:
    """Remove a rehearsal; a job that was killed goes on where it was."""
    from cms.demo import rehearsal_removal

    while rehearsal_removal.remove_some(process_id):
        pass


def ask_for_people(process_id: int) -> None:
    """Have the people made; called in the transaction that makes the rehearsal."""
    _defer(make_people, process_id)


def ask_for_removal(process_id: int) -> None:
    """Have it removed; called in the transaction that says so."""
    _defer(remove_rehearsal, process_id)


def _defer(task: Any, process_id: int) -> None:
    name = f"{task.name}:{process_id}"
    with suppress(AlreadyEnqueued), transaction.atomic():
        # Not beside another job of the same rehearsal.
        task.configure(queueing_lock=name, lock=f"demo.rehearsal:{process_id}").defer(
            process_id=process_id
        )
