"""The lists of catalogues: found without accents, counted, and led to what the public sees."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cms.accounts.services import create_staff
from cms.catalogs.contests import take_municipalities
from cms.catalogs.models import Contest, Process, ProcessOffice, Territory, TerritoryKind

pytestmark = pytest.mark.django_db
PLACES = reverse("territory:index")
QUERIES = 16


@pytest.fixture
def admin(client: Client) -> Client:
    client.force_login(create_staff(username="innova.uno", role="administracion"))
    return client


@pytest.fixture
def elected(process: Process, superuser: Any) -> ProcessOffice:
    """The municipalities of Coahuila elect their presidencies."""
    office = ProcessOffice.objects.get(process=process, office__code="presidencia_municipal")
    Process.objects.filter(pk=process.pk).update(entity_code="05")
    take_municipalities(process_office=ProcessOffice.objects.get(pk=office.pk), by=superuser)
    return office


def text(client: Client, address: str, **parameters: Any) -> str:
    answer = client.get(address, parameters)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


@pytest.mark.parametrize("typed", ["torreon", "TORREÓN", "Torreón", "05035"])
def test_a_territory_is_found_by_its_name_or_its_code(
    admin: Client, process: Process, typed: str
) -> None:
    page = text(admin, PLACES, q=typed)

    assert "Torreón" in page
    assert "1 territorio<" in page


def test_territories_of_an_entity_are_counted_by_their_kind(
    admin: Client, process: Process
) -> None:
    coahuila = Territory.objects.get(kind=TerritoryKind.ENTITY, entity_code="05")
    jalisco = Territory.objects.get(kind=TerritoryKind.ENTITY, entity_code="14")

    assert "38 municipios<" in text(admin, PLACES, entity=coahuila.pk, kind="municipio")
    assert "1 entidad<" in text(admin, PLACES, entity=coahuila.pk, kind="entidad")
    assert "32 entidades<" in text(admin, PLACES, kind="entidad")
    assert "Ningún resultado" in text(admin, PLACES, entity=jalisco.pk, kind="municipio")


def test_a_process_narrows_the_territories_to_those_where_something_is_elected(
    admin: Client, process: Process, elected: ProcessOffice
) -> None:
    Contest.objects.exclude(territory__cvegeo__in=["05033", "05035"]).delete()
    other = Process.objects.create(slug="otro", name="Otro")

    assert "2 territorios<" in text(admin, PLACES, process=process.pk)
    assert "Ningún resultado" in text(admin, PLACES, process=other.pk)


def test_a_territory_leads_to_its_ballot_or_says_from_when_there_is_one(
    admin: Client, process: Process, elected: ProcessOffice
) -> None:
    place = Territory.objects.get(cvegeo="05035")
    assert f'href="/municipios/{place.slug}/"' in text(admin, PLACES, q="torreon")

    ProcessOffice.objects.filter(pk=elected.pk).update(
        visible_from=timezone.now() + timedelta(days=2)
    )
    page = text(admin, PLACES, q="torreon")
    assert "Desde el " in page
    assert f"/municipios/{place.slug}/" not in page

    Contest.objects.all().delete()
    assert "Desde el " not in text(admin, PLACES, q="torreon")


def test_of_a_territory_only_its_councillors_are_written_and_none_is_added(
    admin: Client, superuser: Any, process: Process
) -> None:
    place = Territory.objects.get(cvegeo="05035")
    edit = reverse("territory:edit", args=[place.pk])
    assert list(admin.get(edit).context["form"].visible_fields()[0].form.fields) == [
        "majority_councillors",
        "as_opened",
    ]

    saved = admin.post(edit, {"majority_councillors": "17", "name": "Otro", "slug": "otro"})

    assert saved.status_code == 302
    kept = Territory.objects.get(pk=place.pk)
    assert (kept.majority_councillors, kept.name, kept.slug) == (17, place.name, place.slug)
    count = Territory.objects.count()
    admin.force_login(superuser)
    admin.post(reverse("territory:add"), {"majority_councillors": "1"})
    admin.post(reverse("territory:delete", args=[place.pk]))
    assert Territory.objects.count() == count


def test_a_longer_list_of_territories_asks_no_more_of_the_database(
    admin: Client, process: Process, elected: ProcessOffice, django_assert_num_queries: Any
) -> None:
    admin.get(PLACES)
    for parameters in ({"q": "torreon"}, {"kind": "municipio"}):
        with django_assert_num_queries(QUERIES):
            admin.get(PLACES, parameters)


def test_the_list_of_processes_leads_to_the_home_page_of_the_one_that_is_current(
    admin: Client, process: Process
) -> None:
    Process.objects.create(slug="otro", name="Otro proceso")
    address = reverse("process:index")

    page = text(admin, address)
    assert "2 procesos electorales<" in page
    assert "Ver la portada" in page
    assert page.count("No es el vigente") == 1

    ProcessOffice.objects.update(visible_from=None)
    assert "Sin fecha de publicación" in text(admin, address)
