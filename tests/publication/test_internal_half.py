"""The internal half, which does not serve the public addresses but writes them correctly."""

import importlib
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Page, Site
from wagtail.test.utils.form_data import rich_text

from cms.accounts.services import create_staff
from cms.catalogs.public_pages import name_the_site
from cms.portal.models import FaqPage, NewsPage
from cms.published.models import PublishedContent
from tests.publication.newsroom import Newsroom, form_of

PUBLIC = "https://conoceles.example.mx"


@pytest.fixture
def internal(settings: Any) -> Any:
    # Import the addresses of the site before these settings, since they depend on the settings.
    importlib.import_module("conoceles_site.urls")
    settings.ROOT_URLCONF = "tests.publication.internal_urls"
    settings.SERVE_PUBLIC_SITE = False
    settings.PUBLIC_BASE_URL = PUBLIC
    return settings


@pytest.fixture
def newsroom(client: Client, process: Any, internal: Any) -> Newsroom:
    client.force_login(create_staff(username="prensa.uno", role="comunicacion"))
    return Newsroom(client)


def links(page: str) -> list[str]:
    """The links of a page of the admin that lead out of the admin and its files."""
    found = re.findall(r'(?:href|data-url)="([^"#?][^"]*)"', page)
    excluded = (
        "/admin/",
        "/acceso/",
        "/static/",
        "javascript:",
        "https://www.enable-javascript.com/",
    )
    return [link for link in found if not link.startswith(excluded)]


def test_news_is_published_with_its_public_address(newsroom: Newsroom) -> None:
    linked = FaqPage.objects.get()
    body = rich_text(f'<p><a linktype="page" id="{linked.pk}">preguntas</a></p>')

    note = newsroom.published("Debate en Saltillo", "debate", body=body)

    copy = PublishedContent.objects.get(page_id=note.pk)
    assert copy.url == "/noticias/debate/"
    assert 'href="/preguntas/"' in copy.body_html


def test_every_link_of_the_admin_to_the_site_leads_to_the_public_host(newsroom: Newsroom) -> None:
    note = newsroom.published("Debate en Saltillo", "debate")
    pages = [
        reverse("wagtailadmin_home"),
        reverse("wagtailadmin_explore", args=[newsroom.index.pk]),
        reverse("wagtailadmin_explore_root"),
        reverse("wagtailadmin_pages:edit", args=[note.pk]),
        reverse("wagtailadmin_pages:search") + "?q=debate",
        reverse("wagtailadmin_choose_page_child", args=[newsroom.index.pk]),
        reverse("wagtailadmin_pages:history", args=[note.pk]),
    ]
    found = set()
    for address in pages:
        response = newsroom.client.get(address)
        assert response.status_code == 200, address
        text = response.content.decode()
        if response["Content-Type"].startswith("application/json"):
            text = response.json()["html"]
        for link in links(text):
            assert link.startswith(PUBLIC), f"{address}: {link}"
            found.add(link)

    assert f"{PUBLIC}/noticias/debate/" in found
    assert f"{PUBLIC}/noticias/" in found
    saved = newsroom.edit(note, "Debate", "debate", **{"action-publish": "1"})
    content = newsroom.client.get(saved["Location"]).content.decode()
    assert f'href="{PUBLIC}/noticias/debate/"' in content


def address(page: Page) -> str:
    return reverse("wagtailadmin_pages:preview_on_edit", args=[page.pk])


def test_a_preview_is_shown_although_the_public_site_is_not_served(newsroom: Newsroom) -> None:
    note = newsroom.published("Debate en Saltillo", "debate")
    form = form_of("Debate en Torreón", "debate")
    asked = newsroom.client.post(address(note), form)
    assert asked.json() == {"is_valid": True, "is_available": True}

    preview = newsroom.client.get(address(note) + "?in_preview_panel=true&mode=")

    assert preview.status_code == 200
    assert "Debate en Torreón" in preview.content.decode()
    assert 'id="contenido"' in preview.content.decode()


def test_without_a_public_address_the_admin_does_not_link_to_addresses_that_do_not_exist(
    newsroom: Newsroom, internal: Any
) -> None:
    internal.PUBLIC_BASE_URL = ""
    note = newsroom.published("Debate en Saltillo", "debate")

    listing = newsroom.client.get(reverse("wagtailadmin_explore", args=[newsroom.index.pk]))

    assert [link for link in links(listing.content.decode()) if "debate" in link] == []
    assert PublishedContent.objects.get(page_id=note.pk).url == "/noticias/debate/"
    Site.objects.update(hostname="portal.example.mx", port=443)
    Site.clear_site_root_paths_cache()
    found = NewsPage.objects.get(pk=note.pk).url
    assert found == "https://portal.example.mx/noticias/debate/"


@pytest.mark.parametrize(
    ("address", "hostname", "port"),
    [
        (PUBLIC, "conoceles.example.mx", 443),
        ("http://10.0.0.7:8000", "10.0.0.7", 8000),
        ("http://intranet", "intranet", 80),
    ],
)
def test_the_record_of_the_site_takes_the_public_address_at_each_upgrade(
    db: None, settings: Any, address: str, hostname: str, port: int
) -> None:
    settings.PUBLIC_BASE_URL = address

    name_the_site()

    site = Site.objects.get(is_default_site=True)
    assert (site.hostname, site.port) == (hostname, port)
