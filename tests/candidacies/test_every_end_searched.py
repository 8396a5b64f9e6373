"""Whenever and however a candidacy ends, both search engines answer the same at commit."""

from typing import Any

import pytest
from django.db import connection

from cms.published.models import PublishedCandidacy
from search.engines import ENGINES, fallback
from search.engines.breaker import Breaker
from search.engines.elasticsearch import Behind, ElasticsearchEngine, indexing
from search.query import SearchQuery
from search.result import SearchResult
from search.services import search
from tests.candidacies.moments import MOMENTS, WAYS, at_moment, leave, speak_again
from tests.candidacies.test_ending import office_staff
from tests.moderation.samples import *  # noqa: F403

__all__ = ["at_moment", "office_staff"]

pytestmark = pytest.mark.django_db

ASKED = ("", "agua", "graciela cenizo", "irene sotol", "presidencia san pedro")
# Each way of ending was also seen at each moment, without the search server, in `test_every_end`.
CASES = [(moment, "renuncia") for moment in MOMENTS]
CASES += [("published", way) for way in WAYS if way != "renuncia"]


@pytest.fixture
def rival(make_candidacy: Any, other_actor: Any, publish: Any) -> Any:
    """Somebody who stays, and whose answers say the same."""
    stays = make_candidacy(name="Berta Mora Ruiz", actor=other_actor)
    publish(stays)
    return stays


def found(process: Any, text: str, name: str = "") -> SearchResult:
    """What an engine finds; without a name the one that answers the public."""
    query = SearchQuery(process=process, text=text)
    return search(query, engine=ENGINES[name]() if name else None)


def ids(result: SearchResult) -> list[int]:
    return [hit.row.candidacy_id for hit in result.hits]


def taken() -> list[int]:
    """Take the jobs of the index that wait: of which candidacies they are."""
    with connection.cursor() as cursor:
        cursor.execute(
            "delete from procrastinate_jobs where queue_name = %s"
            " returning (args ->> 'candidacy_id')::bigint",
            [indexing.QUEUE],
        )
        return [candidacy_id for [candidacy_id] in cursor.fetchall()]


@pytest.mark.parametrize(("moment", "way"), CASES)
def test_both_engines_find_who_entered_and_nobody_who_left(
    search_index: Any,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
    candidacy: Any,
    rival: Any,
    at_moment: Any,
    office_staff: Any,
    moment: str,
    way: str,
) -> None:
    monkeypatch.setattr(fallback, "breaker", Breaker())
    settings.ELASTICSEARCH_SECONDS = 20.0  # Other tests may keep the machine busy.
    process = candidacy.process
    at_moment(moment)
    indexing.index_candidacies(taken())
    for name in ENGINES:
        assert ids(found(process, "graciela cenizo", name)) == [candidacy.pk], name

    new = leave(candidacy, way, office_staff)

    standing = {rival.pk} if new is None else {rival.pk, new.pk}
    with pytest.raises(Behind):
        found(process, "", ElasticsearchEngine.name)
    for asked in ASKED:
        assert candidacy.pk not in ids(found(process, asked)), asked
    assert set(ids(found(process, ""))) == standing
    jobs = taken()
    # Even of an index that was never told.
    for asked in ASKED:
        assert candidacy.pk not in ids(found(process, asked, ElasticsearchEngine.name)), asked
    indexing.index_candidacies(jobs)
    speak_again()
    _say_the_same(process, standing)
    assert indexing.difference() == indexing.Difference(documents=len(standing))
    assert PublishedCandidacy.objects.filter(state="baja").get().pk == candidacy.pk


def _say_the_same(process: Any, standing: set[int]) -> None:
    """Both engines find the same people and count the same. By relevance each has its own order."""
    for asked in ASKED:
        ours, theirs = (found(process, asked, name) for name in ENGINES)
        assert sorted(ids(ours)) == sorted(ids(theirs)), asked
        assert asked or ids(ours) == ids(theirs)
        assert (ours.total, ours.facets) == (theirs.total, theirs.facets), asked
        assert set(ids(ours)) <= standing, asked
    assert set(ids(found(process, ""))) == standing
    assert len(ids(found(process, "presidencia san pedro"))) == len(standing)
