"""The vectors by which hits are ranked are those of the public rows, in the same transaction."""

import pytest
from django.db import connection

from cms.published.models import PublishedCandidacy

pytestmark = pytest.mark.django_db


def ranked() -> dict[int, bool]:
    """The candidacies that have a vector, each with whether it is that of the public row."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select r.candidacy_id, coalesce(r.vector = p.search_vector, false)"
            " from search_ranked r left join published_publishedcandidacy p using (candidacy_id)"
        )
        return dict(cursor.fetchall())


def test_whatever_writes_a_public_row_writes_its_vector(publish) -> None:
    row = publish(texts={"propuesta_1": "Agua"})
    other = publish(name="Rosa Nogal")
    assert ranked() == {row.pk: True, other.pk: True}

    PublishedCandidacy.objects.filter(pk=row.pk).update(text_high_weight="Un museo")
    row.refresh_from_db()
    row.name = "Rosa Cardenche"
    row.save()
    PublishedCandidacy.objects.bulk_update([other], ["register_text"])

    assert ranked() == {row.pk: True, other.pk: True}


def test_of_a_row_that_is_withdrawn_no_vector_is_left(publish) -> None:
    row = publish(texts={"propuesta_1": "Agua"})
    other = publish(name="Rosa Nogal")
    row.delete()
    assert ranked() == {other.pk: True}

    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate; truncate published_publishedcandidacy")
    assert ranked() == {}
