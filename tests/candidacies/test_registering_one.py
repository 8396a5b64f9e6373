"""One candidacy is registered with the same code as many."""

from datetime import date, timedelta
from typing import Any

import pytest
from wagtail.models import Page, Revision

from cms.candidacies.models import CandidacyPage
from cms.candidacies.services import ensure_process

pytestmark = pytest.mark.django_db


def values_of(page: Page) -> dict[str, Any]:
    """Every stored field of a page, by name."""
    return {field.attname: getattr(page, field.attname) for field in page._meta.concrete_fields}


def test_a_registered_candidacy_is_a_live_page_of_a_clean_tree(make_candidacy) -> None:
    page = CandidacyPage.objects.get(pk=make_candidacy().pk)

    assert page.live
    assert page.get_parent().specific.territory.cvegeo == "05033"
    assert page.get_parent().numchild == 1
    assert page.url_path.startswith(page.get_parent().url_path)
    assert not any(Page.find_problems())


def test_the_revision_of_a_candidacy_has_the_values_of_its_page(make_candidacy) -> None:
    page = CandidacyPage.objects.get(pk=make_candidacy().pk)

    assert page.live_revision_id == page.latest_revision_id
    assert Revision.objects.for_instance(page).count() == 1
    assert values_of(page.latest_revision.as_object()) == values_of(page)


def test_personal_data_are_not_stored_in_the_page(make_candidacy) -> None:
    page = make_candidacy(email="planta.rara@example.org", birth_date=date(1985, 4, 3))

    assert page.person.email == "planta.rara@example.org"
    content = str(Revision.objects.for_instance(page).get().content)
    assert "planta.rara" not in content
    assert "1985" not in content


def test_namesakes_in_one_municipality_get_addresses_of_their_own(make_candidacy) -> None:
    first, second = make_candidacy(), make_candidacy(seat_kind="suplente")

    assert (first.slug, second.slug) == ("graciela-cenizo-tepozan", "graciela-cenizo-tepozan-2")
    assert first.person_id != second.person_id


def test_a_process_gets_sensible_values_from_its_slug(db) -> None:
    made = ensure_process(slug="pel-2022").process

    assert made.name == "Proceso Electoral Local 2022"
    assert made.election_date == date(2022, 6, 5)


def test_an_existing_process_is_never_changed(process) -> None:
    again = ensure_process(
        slug=process.slug, name="Otro nombre", election_date=process.election_date + timedelta(1)
    )

    assert again.process.name == "Proceso Electoral Local 2024"
    assert again.process.election_date == date(2024, 6, 2)


def test_staff_find_a_registered_candidacy_in_the_cms(make_candidacy) -> None:
    page = make_candidacy(name="Graciela Cenizo Tepozán")

    assert [found.pk for found in CandidacyPage.objects.search("tepozán")] == [page.pk]
