"""Staff find things without typing accents or whole words."""

from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from wagtail.contrib.redirects.models import Redirect
from wagtail.documents import get_document_model

from cms.catalogs.models import ActorKind, PoliticalActor, Process
from tests.publication.newsroom import stored_image

TYPED = (
    "Óscar Verdolaga",
    "Oscar Verdolaga",
    "oscar verdolaga",
    "verdolaga oscar",
    "osc verd",
    "  ÓSCAR\u00a0 VERDOLAGA ",
)


@pytest.fixture
def staff(client: Client, superuser: Any) -> Client:
    client.force_login(superuser)
    return client


@pytest.fixture
def candidacies(make_candidacy: Any) -> Any:
    found = make_candidacy(name="Óscar Verdolaga de la Peña O'Farrill-Güémez")
    make_candidacy(name="Homero Junco Nogal", sex="hombre", list_number=2)
    call_command("update_index", verbosity=0)
    return found


def names(client: Client, address: str, query: str) -> str:
    response = client.get(address, {"q": query})
    assert response.status_code == 200
    if response["Content-Type"].startswith("application/json"):
        return str(response.json()["html"])
    return response.content.decode()


@pytest.mark.parametrize("query", [*TYPED, "peña", "pena", "de la pen", "guemez"])
def test_pages_are_found_in_the_search_and_in_the_chooser(
    staff: Client, candidacies: Any, query: str
) -> None:
    for address in (
        reverse("wagtailadmin_pages:search"),
        reverse("wagtailadmin_choose_page_search"),
        reverse("wagtailadmin_explore_root"),
    ):
        shown = names(staff, address, query)
        assert "Verdolaga" in shown, (address, query)
        assert "Junco" not in shown, (address, query)


@pytest.mark.parametrize("query", ["O'Farrill", "o’farrill", "O´Farrill", "ofarrill", "farrill"])
def test_an_apostrophe_may_be_typed_in_any_way(staff: Client, candidacies: Any, query: str) -> None:
    shown = names(staff, reverse("wagtailadmin_pages:search"), query)

    assert ("Verdolaga" in shown) == (query != "ofarrill")
    assert "Junco" not in shown


def test_a_search_without_matches_finds_nothing(staff: Client, candidacies: Any) -> None:
    for query in ("verdolaga zacatón", "'", "-", "\u200b", "':*&|!"):
        response = staff.get(reverse("wagtailadmin_pages:search"), {"q": query})
        assert response.status_code == 200
    assert "Verdolaga" not in names(
        staff, reverse("wagtailadmin_pages:search"), "verdolaga zacatón"
    )


@pytest.mark.parametrize("query", ["acción", "accion", "ACCIO", "campana accion"])
def test_images_and_documents_are_found_in_lists_and_choosers(staff: Client, query: str) -> None:
    for title in ("Acción de la Campaña", "Zacatón"):
        stored_image(title)
    call_command("update_index", verbosity=0)
    for title in ("Acción de la Campaña", "Zacatón"):
        get_document_model().objects.create(
            title=title, file=ContentFile(b"%PDF-1.4", name=f"{title}.pdf")
        )
    for address in (
        reverse("wagtailimages:index"),
        reverse("wagtailimages_chooser:choose_results"),
        reverse("wagtaildocs:index"),
        reverse("wagtaildocs_chooser:choose_results"),
    ):
        shown = names(staff, address, query)
        assert "Acción de la Campaña" in shown, address
        assert "Zacatón" not in shown, address


@pytest.mark.parametrize("query", ["Zacatón", "zacaton", "union zac", "zac"])
def test_political_actors_are_found_without_accents(
    staff: Client, process: Process, query: str
) -> None:
    PoliticalActor.objects.create(
        process=process, key="uz", name="Unión del Zacatón", kind=ActorKind.PARTY
    )
    PoliticalActor.objects.create(
        process=process, key="jn", name="Junco del Norte", kind=ActorKind.PARTY
    )
    shown = names(staff, reverse("politicalactor:index"), query)
    assert "Unión del Zacatón" in shown
    assert "Junco" not in shown


def test_accounts_processes_offices_and_redirects_are_found_without_accents(
    staff: Client, process: Process, superuser: Any
) -> None:
    superuser.first_name, superuser.last_name = "Begoña", "Núñez"
    superuser.save()
    Redirect.objects.create(old_path="/campaña", redirect_link="https://ejemplo.example")
    process.name = "Elección extraordinaria"
    process.save()

    for address, query, found in (
        (reverse("wagtailusers_users:index"), "begona nunez", "Begoña Núñez"),
        (reverse("wagtailredirects:index"), "campana", "/campa"),
        (reverse("process:index"), "eleccion extra", "Elección extraordinaria"),
        (reverse("office:index"), "diputacion", "iputación"),
        (reverse("processoffice:index"), "regiduria", "egiduría"),
    ):
        assert found in names(staff, address, query), address
        assert found not in names(staff, address, "zacaton"), address
