"""What a page of results depends on: whatever changes it makes it stale, and nothing else does."""

from datetime import timedelta
from functools import partial

import pytest
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from api import views
from cms.catalogs.models import ProcessOffice
from cms.published import scope, versions
from cms.published.models import PublishedCandidacy
from search import public_words
from search.engines import fallback
from search.engines.breaker import Breaker
from search.inside import search_inside
from search.models import PublicWord
from search.query import SearchQuery
from search.services import search
from search.similar import similar
from search.suggestions import suggest
from search.vocabulary import vocabulary

pytestmark = pytest.mark.django_db


@pytest.fixture
def informed(make_candidacy, publish):
    candidacy = make_candidacy()
    publish(candidacy)
    return candidacy


def test_results_and_suggestions_depend_on_all_that_is_public_of_a_process(process, informed):
    expected = {
        versions.SITE,
        versions.WORDS,
        versions.process(process.pk),
        versions.rows(process.pk),
    }
    words = {public_words.version(process.pk)}
    for ask, names in (
        (partial(search, SearchQuery(process=process)), expected),
        (partial(search, SearchQuery(process=process, text="agua")), expected | words),
        (partial(suggest, process, "ag"), expected),
    ):
        with scope.collecting() as page:
            assert ask()
        assert page.names == names


def test_words_that_are_counted_anew_change_their_version(process):
    def after(change):
        change()
        versions.refresh()
        return versions.of(public_words.version(process.pk))

    word = PublicWord(process=process, word="agua", written="agua", candidacies=4)
    seen = [after(word.save), after(PublicWord.objects.filter(pk=word.pk).delete)]
    assert len({0, *seen}) == 3
    # Nothing to count, and nothing changed.
    assert after(partial(public_words.refresh, process)) == seen[-1]


def test_a_page_of_results_is_kept_until_a_date_changes_what_may_be_seen(process, informed):
    edge = timezone.now() + timedelta(hours=3)
    ProcessOffice.objects.filter(process=process).update(public_until=edge)
    for ask in (search, lambda query: suggest(query.process, "ag")):
        with scope.collecting() as page:
            ask(SearchQuery(process=process, text="agua"))
        assert page.until == edge


def test_where_somebody_stands_for_the_first_time_is_a_filter_at_once(
    client, informed, make_candidacy
):
    for address in ("/buscar/?municipio=torreon", "/api/v1/candidaturas/?municipio=torreon"):
        assert client.get(address).status_code == 400
    make_candidacy(name="Saúl Guayule Mezquite", sex="hombre", cvegeo="05035")
    assert "Saúl Guayule Mezquite" in client.get("/buscar/?municipio=torreon").content.decode()
    assert client.get("/api/v1/candidaturas/?municipio=torreon").json()["total"] == 1


def test_an_approval_does_not_make_the_facets_anew(process, informed, make_candidacy, publish):
    """Only who stands where is asked again."""
    with scope.collecting():
        versions.refresh()
        known = vocabulary(process)
        publish(make_candidacy(name="Saúl Guayule Mezquite", sex="hombre"))
        versions.refresh()
        with CaptureQueriesContext(connection) as captured:
            assert vocabulary(process).facets is known.facets
    assert len(captured) == 1


def test_what_is_found_inside_answers_depends_on_the_lists_of_words(informed):
    row = PublishedCandidacy.objects.get(pk=informed.pk)
    with scope.collecting() as page:
        assert search_inside(row, "agua").questions
    assert page.names == {versions.WORDS}


def test_a_page_with_another_spelling_is_not_kept_for_long(process, informed):
    """The worker counts the words of candidacies after they were published."""
    with scope.collecting() as page:
        search(SearchQuery(process=process, text="electrisidad"))
    assert page.until is not None
    assert page.until <= timezone.now() + timedelta(seconds=30)


def test_a_page_that_is_answered_in_the_place_of_the_search_server_is_not_kept_for_long(
    process, informed, settings, monkeypatch
):
    settings.ELASTICSEARCH_URL = "http://127.0.0.1:9"
    monkeypatch.setattr(fallback, "breaker", Breaker())
    row = PublishedCandidacy.objects.get(pk=informed.pk)
    query = SearchQuery(process=process, text="agua")
    for ask in (partial(search, query), partial(similar, row)):
        with scope.collecting() as page:
            ask()
        assert page.until is not None
        assert page.until <= timezone.now() + timedelta(seconds=30)


@pytest.mark.parametrize(
    ("view", "names"),
    [
        (views.Index, {versions.SITE}),
        (views.Actors, {versions.SITE}),
        (views.Processes, {versions.SITE}),
        (views.News, {versions.EDITORIAL, versions.SITE}),
        (views.Pages, {versions.EDITORIAL, versions.SITE}),
    ],
)
def test_a_list_of_the_api_says_on_what_it_depends(process, view, names):
    with scope.collecting() as page:
        response = view.as_view()(RequestFactory().get("/"))
    assert response.status_code == 200
    assert names <= page.names
