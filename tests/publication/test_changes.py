"""Whoever keeps something of the public rows is told which changed, in the same transaction."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from cms.publication.services import rewrite_how_answers_are_read, write_published
from cms.published import changes
from cms.published.models import PublishedCandidacy

pytestmark = pytest.mark.django_db


@pytest.fixture
def told() -> Iterator[list[list[int]]]:
    """What a listener was told, call by call."""
    calls: list[list[int]] = []

    def listen(candidacy_ids: Any) -> None:
        calls.append(list(candidacy_ids))

    changes.register("test", listen)
    yield calls
    changes.register("test", lambda candidacy_ids: None)


def test_a_row_that_is_written_is_told_and_one_that_would_not_change_is_not(
    make_candidacy: Callable[..., Any], told: list[list[int]]
) -> None:
    candidacy = make_candidacy()
    assert told == [[candidacy.pk]]

    write_published(candidacy_ids=[candidacy.pk])

    assert told == [[candidacy.pk]]


def test_rows_that_are_read_anew_after_an_upgrade_are_told(
    make_candidacy: Callable[..., Any], told: list[list[int]]
) -> None:
    candidacy = make_candidacy()
    told.clear()

    rewrite_how_answers_are_read(candidacy_ids=[candidacy.pk])

    assert told == [[candidacy.pk]]


def test_a_row_that_is_deleted_is_told(
    make_candidacy: Callable[..., Any], told: list[list[int]]
) -> None:
    candidacy = make_candidacy()
    told.clear()

    PublishedCandidacy.objects.filter(pk=candidacy.pk).delete()

    assert told == [[candidacy.pk]]


def test_many_rows_are_told_at_once(
    make_candidacy: Callable[..., Any], told: list[list[int]]
) -> None:
    both = sorted(make_candidacy(list_number=number).pk for number in (1, 2))
    told.clear()
    PublishedCandidacy.objects.update(nickname="otro")

    write_published(candidacy_ids=both)

    assert [sorted(call) for call in told] == [both]
