"""/actores.css: kept for a year under the hash of its content, and otherwise for seconds."""

import re

import pytest

from cms.catalogs.models import PoliticalActor
from cms.published.caching import BRIEFLY, IMMUTABLE, PRIVATE

pytestmark = pytest.mark.django_db
LINK = re.compile(r'href="(/actores\.css[^"]*)"')


def link_of(client, path="/municipios/") -> str:
    """Where a page finds the colours."""
    return LINK.findall(client.get(path).content.decode())[0]


@pytest.fixture
def coloured(actor):
    PoliticalActor.objects.filter(pk=actor.pk).update(acronym="PVX", color="#12ab34")
    return actor


def test_a_page_names_the_colours_by_their_hash_and_they_are_kept_for_a_year(client, coloured):
    address = link_of(client)
    assert re.fullmatch(r"/actores\.css\?v=[0-9a-f]{12}", address)
    found = client.get(address)
    assert found["Cache-Control"] == IMMUTABLE
    assert found["Content-Type"] == "text/css"
    assert ".actor-pvx { --actor: #12ab34; }" in found.content.decode()
    assert link_of(client, "/buscar/") == address


def test_another_colour_has_another_address_and_the_old_one_is_not_kept_any_more(client, coloured):
    old = link_of(client)
    assert client.get(old)["Cache-Control"] == IMMUTABLE
    PoliticalActor.objects.filter(pk=coloured.pk).update(color="#56cd78")
    assert link_of(client) != old
    found = client.get(old)
    assert found["Cache-Control"] == BRIEFLY
    assert "#56cd78" in found.content.decode()


def test_what_has_no_colour_or_changes_no_colour_leaves_the_address(client, coloured, process):
    before = link_of(client)
    PoliticalActor.objects.filter(pk=coloured.pk).update(name="Partido de Otro Nombre")
    assert link_of(client) == before


@pytest.mark.parametrize(
    "address", ["/actores.css", "/actores.css?v=", "/actores.css?v=000000000000"]
)
def test_without_the_right_hash_the_colours_are_kept_for_seconds(client, coloured, address):
    assert client.get(address)["Cache-Control"] == BRIEFLY


def test_whoever_is_signed_in_gets_the_colours_and_no_cache_keeps_them(client, coloured, liaison):
    client.force_login(liaison)
    address = link_of(client)
    assert address == "/actores.css"
    assert client.get(address)["Cache-Control"] == PRIVATE
