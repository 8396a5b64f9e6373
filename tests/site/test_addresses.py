"""Addresses of the two halves: a wrong one stops the start, and links use the right one."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from cms.catalogs.addresses import internal_url, public_url
from conoceles_site.settings.environment import site_address


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("", ""),
        ("https://conoceles.example.mx", "https://conoceles.example.mx"),
        ("https://conoceles.example.mx/", "https://conoceles.example.mx"),
        (" http://10.0.0.7:8000// ", "http://10.0.0.7:8000"),
        ("http://[::1]:8000", "http://[::1]:8000"),
    ],
)
def test_an_address_is_kept_without_the_slash(monkeypatch, written, kept):
    monkeypatch.setenv("CONOCELES_BASE_URL", written)
    assert site_address("CONOCELES_BASE_URL") == kept


@pytest.mark.parametrize(
    "written",
    [
        "conoceles.example.mx",
        "ftp://conoceles.example.mx",
        "https://",
        "https://conoceles.example.mx/sitio",
        "https://conoceles.example.mx?a=1",
        "https://alguien:clave@conoceles.example.mx",
        "https://conoceles.example.mx:puerto",
        "https://[conoceles",
    ],
)
def test_a_wrong_address_is_refused_with_the_variable_and_an_example(monkeypatch, written):
    monkeypatch.setenv("CONOCELES_BASE_URL", written)
    with pytest.raises(ImproperlyConfigured, match=r"CONOCELES_BASE_URL.*https://conoceles"):
        site_address("CONOCELES_BASE_URL")


def test_a_link_to_each_half_uses_the_address_of_that_half(settings):
    settings.PUBLIC_BASE_URL = "https://conoceles.example.mx"
    settings.WAGTAILADMIN_BASE_URL = "https://interno.example.mx"
    assert public_url("/noticias/debate/") == "https://conoceles.example.mx/noticias/debate/"
    assert internal_url("/acceso/") == "https://interno.example.mx/acceso/"


def test_without_an_address_only_what_this_process_serves_is_linked(settings):
    settings.PUBLIC_BASE_URL = ""
    assert public_url("/noticias/debate/") == "/noticias/debate/"
    settings.SERVE_PUBLIC_SITE = False
    assert public_url("/noticias/debate/") == ""


def test_sitemap_robots_and_canonical_name_the_public_address_and_not_the_host_of_the_request(
    client, db, settings
):
    settings.PUBLIC_BASE_URL = "https://conoceles.example.mx"

    for path, words in (
        ("/sitemap.xml", "<loc>https://conoceles.example.mx/municipios/</loc>"),
        ("/robots.txt", "Sitemap: https://conoceles.example.mx/sitemap.xml"),
        ("/privacidad/", 'rel="canonical" href="https://conoceles.example.mx/privacidad/"'),
    ):
        said = client.get(path, headers={"host": "otro.example"}).content.decode()
        assert words in said
        assert "otro.example" not in said
