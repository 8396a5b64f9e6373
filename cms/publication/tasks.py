"""Background work of this room: the files of published photographs. Jobs carry keys alone.

They wait behind all other work: until they are done, pages show the approved JPEG.
"""

from collections.abc import Collection

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from cms.catalogs.once_queued import OnceQueued
from cms.publication import pictures

# Waits of 3, 9, 27… seconds, an hour in all. Then the periodic jobs below take over.
PATIENTLY = RetryStrategy(max_attempts=8, exponential_wait=3)
BEHIND_ALL_OTHERS = -10


@app.task(
    name="publication.make_pictures",
    retry=PATIENTLY,
    priority=BEHIND_ALL_OTHERS,
    pass_context=False,
)
def make_pictures(candidacy_id: int) -> bool:
    """Make the published photograph of a candidacy in the sizes that pages use."""
    try:
        return pictures.make_missing(candidacy_id=candidacy_id)
    except Exception:
        if _pictures.waits(candidacy_id):
            return False
        raise


@app.task(
    name="publication.forget_pictures",
    retry=PATIENTLY,
    priority=BEHIND_ALL_OTHERS,
    pass_context=False,
)
def forget_pictures(name: str, width: int) -> None:
    """Delete the files of a photograph that is not published any more."""
    pictures.delete_files(name=name, width=width)


@app.periodic(cron="23 * * * *")
@app.task(
    name="publication.make_missing_pictures",
    queueing_lock="publication.make_missing_pictures",
    pass_context=False,
)
def make_missing_pictures(timestamp: int) -> int:
    """Every hour, ask again for the files that are missing. Returns of how many candidacies."""
    candidacy_ids = pictures.without_files()
    enqueue(candidacy_ids)
    return len(candidacy_ids)


@app.periodic(cron="41 3 * * *")
@app.task(
    name="publication.mend_pictures",
    queueing_lock="publication.mend_pictures",
    pass_context=False,
)
def mend_pictures(timestamp: int) -> int:
    """Every night, make rows and files agree. Returns how many of both were wrong."""
    return pictures.mend()


_pictures = OnceQueued(make_pictures, "publication.pictures:")


def enqueue(candidacy_ids: Collection[int]) -> None:
    """Have photographs made in sizes; called in the transaction that publishes them."""
    _pictures.enqueue(candidacy_ids)
