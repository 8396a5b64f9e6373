"""The files are made once for each publication, survive rewriting, and end with the publication."""

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import storages
from django.db import transaction
from django.utils import timezone

from cms.publication import pictures, tasks
from cms.publication.services import write_published
from cms.published.models import PublishedCandidacy
from tests.photographs.conftest import (
    a_photograph_in_sizes,
    expected_files,
    files,
    jobs,
    row_of,
    take_jobs,
)

pytestmark = pytest.mark.django_db

Republish = Callable[..., None]


def test_publishing_a_photograph_asks_for_its_files_once(
    published: Any, republish: Republish
) -> None:
    assert jobs("make_pictures") == [{"candidacy_id": published.pk}]
    row = row_of(published)
    assert (row.photo != "", row.photo_name, row.photo_width) == (True, "", 0)

    republish(motivo_cargo="Otro motivo, que vuelve a publicarse.")
    assert jobs("make_pictures") == [{"candidacy_id": published.pk}]


def test_a_publication_that_is_rolled_back_asks_for_nothing(submission: Any) -> None:
    from cms.publication.services import publish_submission

    with transaction.atomic():
        publish_submission(submission=submission, by=None)
        assert len(jobs("make_pictures")) == 1
        transaction.set_rollback(True)
    assert jobs("make_pictures") == []


def test_a_candidacy_without_photograph_asks_for_nothing(candidacy: Any, publish: Any) -> None:
    publish(candidacy)
    assert row_of(candidacy).photo == ""
    assert jobs("make_pictures") == []


def test_the_worker_makes_the_files_under_a_new_name_and_says_so_in_the_row(
    published: Any,
) -> None:
    before = row_of(published)
    assert tasks.make_pictures(candidacy_id=published.pk)

    row = row_of(published)
    assert row.photo_width == 480
    assert files() == expected_files(row, 144, 208, 416)
    assert row.photo_name not in {"", row.photo}
    assert (row.version, row.updated_at) == (before.version, before.updated_at)


def test_the_worker_does_the_same_job_twice_and_makes_nothing_twice(made: Any) -> None:
    before, stored = row_of(made), files()
    assert not tasks.make_pictures(candidacy_id=made.pk)

    assert row_of(made).photo_name == before.photo_name
    assert files() == stored


def test_two_workers_at_once_leave_the_files_of_one(published: Any) -> None:
    """Both found the photograph without files; the first one that is done is shown."""
    pair = a_photograph_in_sizes()
    photo = row_of(published).photo
    assert pictures.publish_made(candidacy_id=published.pk, photo=photo, made=pair)
    first = row_of(published)
    assert not pictures.publish_made(candidacy_id=published.pk, photo=photo, made=pair)

    assert row_of(published).photo_name == first.photo_name
    assert files() == expected_files(first, 144, 208, 416)


def test_a_rewritten_row_keeps_its_files_and_is_no_change(made: Any, republish: Republish) -> None:
    before = row_of(made)
    assert write_published(candidacy_ids=[made.pk]) == 0

    republish(motivo_cargo="Otro motivo, que vuelve a publicarse.")
    after = row_of(made)
    assert after.version == before.version + 1
    assert (after.photo_name, after.photo_width) == (before.photo_name, before.photo_width)
    assert jobs("forget_pictures") == []


def test_a_row_that_is_written_without_a_change_takes_no_query_for_its_photograph(
    made: Any, django_assert_num_queries: Any
) -> None:
    row = row_of(made)
    with (
        django_assert_num_queries(0),
        pictures.following(before={row.candidacy_id: row}, after=[row]),
    ):
        pass


def test_a_replaced_photograph_gets_another_name_and_the_files_of_the_first_are_deleted(
    made: Any, republish: Republish, another: str
) -> None:
    first = row_of(made)
    republish(fotografia=another)

    row = row_of(made)
    assert (row.photo, row.photo_name, row.photo_width) == (another, "", 0)
    assert jobs("forget_pictures") == [{"name": first.photo_name, "width": 480}]
    assert tasks.make_pictures(candidacy_id=made.pk)
    tasks.forget_pictures(**jobs("forget_pictures")[0])
    second = row_of(made)
    assert second.photo_name != first.photo_name
    assert files() == expected_files(second, 144, 208, 416)
    assert second.photo_width == 640


def test_a_withdrawn_photograph_that_is_published_again_has_another_name(
    made: Any, republish: Republish
) -> None:
    first = row_of(made)
    republish(live=False)
    assert row_of(made).photo_name == ""
    tasks.forget_pictures(**jobs("forget_pictures")[0])
    assert files() == set()

    republish()
    assert tasks.make_pictures(candidacy_id=made.pk)
    row = row_of(made)
    assert row.photo == first.photo
    assert row.photo_name not in {"", first.photo_name}
    assert files() == expected_files(row, 144, 208, 416)


def test_the_files_of_a_deleted_row_are_deleted(made: Any) -> None:
    row = row_of(made)
    PublishedCandidacy.objects.filter(pk=made.pk).delete()

    assert jobs("forget_pictures") == [{"name": row.photo_name, "width": 480}]
    tasks.forget_pictures(**jobs("forget_pictures")[0])
    tasks.forget_pictures(**jobs("forget_pictures")[0])
    assert files() == set()


@pytest.mark.parametrize("how", ["withdrawn", "replaced", "deleted"])
def test_what_ends_before_its_job_runs_gets_no_files(
    published: Any, republish: Republish, another: str, how: str
) -> None:
    approved = row_of(published).photo
    if how == "withdrawn":
        republish(live=False)
    elif how == "replaced":
        republish(fotografia=another)
    else:
        PublishedCandidacy.objects.filter(pk=published.pk).delete()

    assert tasks.make_pictures(candidacy_id=published.pk) is (how == "replaced")
    late = a_photograph_in_sizes()
    assert not pictures.publish_made(candidacy_id=published.pk, photo=approved, made=late)
    named = PublishedCandidacy.objects.exclude(photo_name="").first()
    assert files() == (set() if named is None else expected_files(named, 144, 208, 416))


def test_a_photograph_whose_file_is_gone_or_damaged_stays_as_it_is(published: Any) -> None:
    row, storage = row_of(published), storages["photographs"]
    Path(storage.path(f"{row.photo}.jpg")).write_bytes(b"\xff\xd8\xff no soy una foto")
    assert not tasks.make_pictures(candidacy_id=published.pk)
    storage.delete(f"{row.photo}.jpg")
    assert not tasks.make_pictures(candidacy_id=published.pk)
    assert row_of(published).photo_name == ""
    assert files() == set()


def test_a_storage_out_of_reach_delays_the_files_and_loses_nothing(published: Any) -> None:
    folder = Path(storages["photographs"].path("published"))
    folder.write_text("a file where the folder should be")
    take_jobs()
    with pytest.raises(OSError, match=r"NotADirectoryError|FileExistsError"):
        tasks.make_pictures(candidacy_id=published.pk)
    assert row_of(published).photo_name == ""

    folder.unlink()
    assert tasks.make_pictures(candidacy_id=published.pk)
    assert files() == expected_files(row_of(published), 144, 208, 416)


def test_a_job_that_fails_leaves_the_work_to_the_job_of_a_later_publication(
    published: Any,
) -> None:
    """Two jobs cannot wait under one lock: it would fail again when it is put back."""
    Path(storages["photographs"].path("published")).write_text("no folder")
    assert jobs("make_pictures") == [{"candidacy_id": published.pk}]
    assert not tasks.make_pictures(candidacy_id=published.pk)


def test_every_hour_the_files_that_are_missing_are_asked_for(published: Any) -> None:
    """As after an upgrade, when photographs were published and no job was asked for."""
    take_jobs()
    assert tasks.make_missing_pictures(timestamp=0) == 1
    assert tasks.make_missing_pictures(timestamp=0) == 1
    assert jobs("make_pictures") == [{"candidacy_id": published.pk}]

    assert tasks.make_pictures(candidacy_id=published.pk)
    assert tasks.make_missing_pictures(timestamp=0) == 0


def test_every_night_files_that_no_row_names_are_deleted_unless_they_are_new(made: Any) -> None:
    row, storage = row_of(made), storages["photographs"]
    PublishedCandidacy.objects.filter(pk=made.pk).update(photo_name="")
    assert tasks.mend_pictures(timestamp=0) == 0

    old = (timezone.now() - pictures.LEFT_ALONE - timedelta(minutes=1)).timestamp()
    for name in files():
        os.utime(storage.path(f"published/{name}"), (old, old))
    PublishedCandidacy.objects.filter(pk=made.pk).update(photo_name=row.photo_name)
    assert tasks.mend_pictures(timestamp=0) == 0
    PublishedCandidacy.objects.filter(pk=made.pk).update(photo_name="")
    assert tasks.mend_pictures(timestamp=0) == 10
    assert files() == set()
    assert storage.exists(f"{row.photo}.jpg")


def test_every_night_files_that_are_not_there_are_made_again_under_another_name(
    made: Any,
) -> None:
    """As after a backup was restored whose files are older than its database."""
    take_jobs()
    row, storage = row_of(made), storages["photographs"]
    storage.delete(f"published/{row.photo_name}-208.webp")
    assert tasks.mend_pictures(timestamp=0) == 1
    assert row_of(made).photo_name == ""
    assert jobs("make_pictures") == [{"candidacy_id": made.pk}]
    assert jobs("forget_pictures") == [{"name": row.photo_name, "width": 480}]
    assert tasks.make_pictures(candidacy_id=made.pk)
    tasks.forget_pictures(**jobs("forget_pictures")[0])
    assert files() == expected_files(row_of(made), 144, 208, 416)
    assert tasks.mend_pictures(timestamp=0) == 0


def test_where_the_approved_photograph_is_gone_too_a_row_keeps_its_name(made: Any) -> None:
    """As while a folder is not mounted: its files come back."""
    row, storage = row_of(made), storages["photographs"]
    for file in [f"published/{name}" for name in files()] + [f"{row.photo}.jpg"]:
        storage.delete(file)
    assert tasks.mend_pictures(timestamp=0) == 0
    assert row_of(made).photo_name == row.photo_name


def test_where_nothing_was_published_there_is_nothing_to_delete() -> None:
    assert tasks.mend_pictures(timestamp=0) == 0
