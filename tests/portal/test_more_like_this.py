"""«Más como esta» on a candidacy's page and in the API: only with a search server, only public."""

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


def address(row):
    """Where the API says who is like a candidacy."""
    return f"/api/v1/candidaturas/{row.pk}/similares/"


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
    with override_settings(ELASTICSEARCH_URL=""), django_assert_num_queries(8):
        response = client.get(alike[0].get_absolute_url())
    assert response.status_code == 200
    assert TITLE not in response.content.decode()


def test_the_api_says_who_writes_about_the_same(client, alike, django_assert_num_queries) -> None:
    one, other = alike
    with django_assert_num_queries(7):
        response = client.get(address(one))
    [result] = response.json()["resultados"]
    # As any result of the list of candidacies.
    listed = client.get("/api/v1/candidaturas/").json()["resultados"]
    assert result == next(row for row in listed if row["id"] == other.pk)
    again = client.get(address(one), headers={"if-none-match": response["ETag"]})
    assert (again.status_code, again["Access-Control-Allow-Origin"]) == (304, "*")


def test_in_the_api_nobody_is_like_whose_answers_are_over_nor_is_found_by_them(
    client, alike
) -> None:
    one, other = alike
    past = timezone.now() - timedelta(minutes=5)
    ProcessOffice.objects.filter(pk=other.process_office_id).update(public_until=past)
    for row in (one, other):
        assert client.get(address(row)).json() == {"resultados": []}
    ProcessOffice.objects.update(visible_from=timezone.now() + timedelta(days=1))
    assert client.get(address(one)).status_code == 404


@pytest.mark.parametrize("server", ["", "http://127.0.0.1:9"])
def test_in_the_api_nobody_is_alike_without_a_search_server_or_while_it_is_down(
    client, alike, server
) -> None:
    with override_settings(ELASTICSEARCH_URL=server):
        response = client.get(address(alike[0]))
    assert response.status_code == 200
    assert response.json() == {"resultados": []}
