"""«Más como esta» on a candidacy's page: only with a search server, and only what is public."""

from datetime import timedelta

import pytest
from django.test import override_settings
from django.utils import timezone

from cms.catalogs.models import ProcessOffice
from cms.published.models import PublishedCandidacy
from search.engines import fallback
from search.engines.breaker import Breaker
from search.engines.elasticsearch import indexing

TITLE = "Más como esta"


@pytest.fixture
def alike(make_candidacy, publish, search_index, settings, monkeypatch):
    """Two candidacies for different offices that write the same, indexed."""
    settings.ELASTICSEARCH_SECONDS = 5.0
    monkeypatch.setattr(fallback, "breaker", Breaker())
    # Without a server no job is enqueued; while one waits, the index does not answer.
    with override_settings(ELASTICSEARCH_URL=""):
        pair = [
            make_candidacy(name="Graciela Cenizo Tepozán"),
            make_candidacy(name="Homero Junco Nogal", sex="hombre", office="sindicatura"),
        ]
        for candidacy in pair:
            publish(candidacy)
    indexing.rebuild()
    return [PublishedCandidacy.objects.get(pk=candidacy.pk) for candidacy in pair]


def test_the_page_of_a_candidacy_shows_who_writes_about_the_same(client, alike) -> None:
    one, other = alike
    content = client.get(one.get_absolute_url()).content.decode()
    _before, band = content.split(TITLE)
    assert other.get_absolute_url() in band
    assert "Sindicatura, San Pedro" in band


def test_whose_answers_are_not_public_any_more_is_not_shown(client, alike) -> None:
    one, other = alike
    past = timezone.now() - timedelta(minutes=5)
    ProcessOffice.objects.filter(pk=other.process_office_id).update(public_until=past)
    assert TITLE not in client.get(one.get_absolute_url()).content.decode()


def test_without_a_search_server_nothing_is_missed(
    client, alike, django_assert_num_queries
) -> None:
    with override_settings(ELASTICSEARCH_URL=""), django_assert_num_queries(3):
        response = client.get(alike[0].get_absolute_url())
    assert response.status_code == 200
    assert TITLE not in response.content.decode()
