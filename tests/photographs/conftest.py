"""A photograph that is approved and published, and what a worker makes of it."""

from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
from django.core.files.storage import storages
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from cms.publication import pictures
from cms.published.models import PublishedCandidacy
from cms.questionnaires.photographs import InSizes, encode_own, own_in_sizes
from tests.questionnaires.conftest import *  # noqa: F403
from tests.questionnaires.conftest import a_picture


def files() -> set[str]:
    """The files of published photographs."""
    storage = storages["photographs"]
    return set(storage.listdir("published")[1]) if storage.exists("published") else set()


def expected_files(row: PublishedCandidacy, *widths: int) -> set[str]:
    """What the files of a photograph are called, with these widths."""
    name = row.photo_name
    kinds = ("avif", "webp", "jpg")
    return {f"{name}.jpg", *(f"{name}-{width}.{kind}" for width in widths for kind in kinds)}


def jobs(task: str) -> list[dict[str, Any]]:
    """The arguments of the jobs of a task that wait, oldest first."""
    waiting = ProcrastinateJob.objects.filter(task_name=f"publication.{task}", status="todo")
    return list(waiting.order_by("id").values_list("args", flat=True))


def take_jobs() -> None:
    """Take the jobs that wait, as a worker does before it does them."""
    with connection.cursor() as cursor:
        cursor.execute("update procrastinate_jobs set status = 'doing' where status = 'todo'")


def row_of(candidacy: Any) -> PublishedCandidacy:
    return PublishedCandidacy.objects.get(candidacy_id=candidacy.pk)


@pytest.fixture
def published(submission: Any, captured: Any) -> Any:
    """The candidacy whose submission, with its photograph of 480×600 px, was approved."""
    from cms.publication.services import publish_submission

    publish_submission(submission=submission, by=None)
    return captured


@cache
def a_photograph_in_sizes() -> InSizes:
    """The files of the published photograph."""
    return own_in_sizes(encode_own(a_picture().getvalue()).large)


@pytest.fixture
def made(published: Any) -> Any:
    """The same, once a worker has made the files; what it does apart has its own tests."""
    assert pictures.publish_made(
        candidacy_id=published.pk, photo=row_of(published).photo, made=a_photograph_in_sizes()
    )
    return published


@pytest.fixture
def republish(published: Any) -> Callable[..., None]:
    """A function that publishes other answers, or, with `live=False`, that withdraws them."""
    from cms.publication.services import write_published
    from cms.questionnaires.models import CurricularQuestionnairePage

    def again(*, live: bool = True, **changes: Any) -> None:
        page = CurricularQuestionnairePage.objects.get(dossier__candidacy=published)
        answers = {**page.answers, **changes}
        CurricularQuestionnairePage.objects.filter(pk=page.pk).update(answers=answers, live=live)
        write_published(candidacy_ids=[published.pk])

    return again


@pytest.fixture
def another(published: Any) -> str:
    """Another photograph of the same candidacy, of 640×800 px, that is not published yet."""
    from cms.questionnaires.dossiers import store_photograph
    from cms.questionnaires.models import Questionnaire

    encoded = encode_own(a_picture((640, 800)).getvalue())
    dossier = Questionnaire.objects.get(candidacy=published)
    return str(store_photograph(questionnaire=dossier, encoded=encoded, user=None).pk)
