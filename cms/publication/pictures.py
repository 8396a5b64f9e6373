"""The files of published photographs: made once for each publication, deleted when it ends.

They get a random name that nobody knew before, so an address ends with its publication. Only jobs
make and delete them, as their storage may be out of reach; until they are made, pages show the
JPEG that was approved.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import Any
from uuid import uuid4

import structlog
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import transaction
from django.utils import timezone

from cms.catalogs.pictures import sizes
from cms.catalogs.queued_with_rows import with_rows
from cms.published.models import PublishedCandidacy
from cms.questionnaires import photographs
from cms.questionnaires.photographs import InSizes, PhotographRejected

logger = structlog.stdlib.get_logger("conoceles.photographs")

STORAGE = "photographs"
# Files that no row names may be about to get one: a job writes them before it writes the row.
LEFT_ALONE = timedelta(hours=1)


@contextmanager
def following(
    *, before: Mapping[int, PublishedCandidacy], after: Sequence[PublishedCandidacy]
) -> Iterator[None]:
    """Rows are rewritten: end the publication of photographs that they lose, begin that of others.

    Args: before: the rows as they are, by candidacy, in the transaction that rewrites them.
    """
    from cms.publication.tasks import enqueue

    changed = [row for row in after if _photo_of(before.get(row.candidacy_id)) != row.photo]
    ended = [row.candidacy_id for row in changed if _photo_of(before.get(row.candidacy_id))]
    if ended:
        _end_publication(ended)
    yield
    enqueue([row.candidacy_id for row in changed if row.photo])


def _photo_of(row: PublishedCandidacy | None) -> str:
    return "" if row is None else row.photo


def _end_publication(candidacy_ids: Collection[int]) -> None:
    """From the commit on, the addresses of these photographs answer 404. A job deletes the files.

    All rows are locked, so that no job names files of the earlier photograph in the meantime.
    """
    rows = PublishedCandidacy.objects.filter(candidacy_id__in=candidacy_ids)
    locked = rows.order_by("pk").select_for_update()
    ended = [found for found in locked.values_list("photo_name", "photo_width") if found[0]]
    rows.exclude(photo_name="").update(photo_name="", photo_width=0)
    _forget_later(ended)


def on_row_deleted(sender: Any, instance: PublishedCandidacy, **kwargs: Any) -> None:
    """Receiver of post_delete of public rows."""
    if instance.photo_name:
        _forget_later([(instance.photo_name, instance.photo_width)])


def _forget_later(ended: Iterable[tuple[str, int]]) -> None:
    from cms.publication.tasks import forget_pictures

    jobs: list[Any] = [{"name": name, "width": width} for name, width in ended]
    if jobs:
        with_rows(forget_pictures).batch_defer(*jobs)


def make_missing(*, candidacy_id: int) -> bool:
    """Make the files of the photograph that a row shows. Safe to repeat.

    Returns: whether they were made; not if there are files already, if nothing is published any
        more, or if the photograph cannot be read.
    Raises: OSError and `refusals.Busy`: try again later, nothing changed.
    """
    row = (
        PublishedCandidacy.objects.filter(candidacy_id=candidacy_id, photo_name="")
        .exclude(photo="")
        .only("photo")
        .first()
    )
    if row is None:
        return False
    try:
        with storages[STORAGE].open(f"{row.photo}{sizes.WHOLE}", "rb") as file:
            made = photographs.in_sizes(file.read())
    except (FileNotFoundError, PhotographRejected) as problem:
        logger.warning("photograph unreadable", candidacy=candidacy_id, kind=type(problem).__name__)
        return False
    return publish_made(candidacy_id=candidacy_id, photo=row.photo, made=made)


def publish_made(*, candidacy_id: int, photo: str, made: InSizes) -> bool:
    """Store the files of a photograph under a new name, and then write the name into its row.

    Args: photo: the approved photograph of which they were made.
    Returns: whether the row shows them. If it does not show that photograph any more, or has files
        already, none of these stays.
    Raises: OSError: the storage is out of reach, and nothing changed.
    """
    name = str(uuid4())
    try:
        for ending, content in made.files.items():
            storages[STORAGE].save(sizes.stored(f"{name}{ending}"), ContentFile(content))
    except OSError:
        with suppress(OSError):
            delete_files(name=name, width=made.width)
        raise
    waiting = PublishedCandidacy.objects.filter(
        candidacy_id=candidacy_id, photo=photo, photo_name=""
    )
    if waiting.update(photo_name=name, photo_width=made.width):
        return True
    delete_files(name=name, width=made.width)
    return False


def delete_files(*, name: str, width: int) -> None:
    """Delete the files of a photograph; those that are gone already are no error.

    Raises: OSError: the storage is out of reach.
    """
    for ending in sizes.endings(width):
        storages[STORAGE].delete(sizes.stored(f"{name}{ending}"))


def without_files() -> list[int]:
    """The candidacies whose photograph is published and not in sizes, as after an upgrade."""
    waiting = PublishedCandidacy.objects.filter(photo_name="").exclude(photo="")
    return list(waiting.order_by("pk").values_list("candidacy_id", flat=True))


def mend() -> int:
    """Make rows and files agree, as they may not after a worker was killed or a backup restored.

    Files that no row names are deleted. A row whose files are not there gets others, unless the
    approved photograph is not there either. Returns: how many files and rows were wrong.
    Raises: OSError: the storage is out of reach.
    """
    named = PublishedCandidacy.objects.exclude(photo_name="")
    # Before the files, since a name is written after them.
    rows = {row.photo_name: row for row in named.only("photo", "photo_name", "photo_width")}
    files = _stored_files()
    return _delete_unnamed(files, rows) + _make_again(files, rows)


def _stored_files() -> set[str]:
    try:
        return set(storages[STORAGE].listdir(sizes.FOLDER)[1])
    except FileNotFoundError:
        return set()


def _delete_unnamed(files: set[str], rows: Mapping[str, PublishedCandidacy]) -> int:
    storage, old, deleted = storages[STORAGE], timezone.now() - LEFT_ALONE, 0
    for stored in (sizes.stored(file) for file in files if sizes.name_of(file) not in rows):
        if storage.get_modified_time(stored) < old:
            storage.delete(stored)
            deleted += 1
    return deleted


def _make_again(files: set[str], rows: Mapping[str, PublishedCandidacy]) -> int:
    from cms.publication.tasks import enqueue

    lost = [
        row.pk
        for name, row in rows.items()
        if not files.issuperset(f"{name}{ending}" for ending in sizes.endings(row.photo_width))
        and storages[STORAGE].exists(f"{row.photo}{sizes.WHOLE}")
    ]
    if lost:
        with transaction.atomic():
            _end_publication(lost)
            enqueue(lost)
    return len(lost)
