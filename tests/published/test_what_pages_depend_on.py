"""What each public page depends on, and until when a date leaves it as it is."""

from collections.abc import Callable
from dataclasses import fields
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.http import Http404, HttpRequest
from django.test import RequestFactory
from django.utils import timezone

from cms.catalogs.models import PoliticalActor, PortalSettings, ProcessOffice, Territory
from cms.portal import views
from cms.published import catalogues, scope, selectors, versions
from cms.published.cards import Card
from cms.published.models import PublishedCandidacy

pytestmark = pytest.mark.django_db


def made(view: Callable[..., Any], **arguments: Any) -> scope.Scope:
    """What is noted while a page is made."""
    versions.refresh()
    with scope.collecting() as page:
        response = view(RequestFactory().get("/"), **arguments)
        if hasattr(response, "render"):
            response.render()
    return page


def missing(view: Callable[..., Any], **arguments: Any) -> scope.Scope:
    """What is noted while it turns out that there is no such page."""

    def view_without_page(request: HttpRequest, **given: Any) -> None:
        with pytest.raises(Http404):
            view(request, **given)

    return made(view_without_page, **arguments)


def row_of(candidacy: Any) -> PublishedCandidacy:
    return PublishedCandidacy.objects.get(candidacy_id=candidacy.pk)


@pytest.fixture
def row(make_candidacy: Callable[..., Any], publish: Callable[..., None]) -> PublishedCandidacy:
    candidacy = make_candidacy()
    publish(candidacy)
    return row_of(candidacy)


def of_candidacy(row: PublishedCandidacy) -> dict[str, Any]:
    return {"candidacy_id": row.pk, "slug": row.slug}


def test_a_candidacy_depends_on_itself_its_rivals_and_its_process(row: PublishedCandidacy) -> None:
    assert made(views.candidacy, **of_candidacy(row)).names == {
        versions.SITE,
        versions.process(row.process_id),
        versions.candidacy(row.pk),
        versions.seat(row),
        versions.formula(row),
    }


def test_who_was_replaced_depends_on_the_successor(
    row: PublishedCandidacy, make_candidacy: Callable[..., Any]
) -> None:
    successor = make_candidacy(name="Homero Junco Nogal", office="sindicatura")
    PublishedCandidacy.objects.filter(pk=row.pk).update(state="baja", superseded_by_id=successor.pk)
    page = made(views.candidacy, **of_candidacy(row))
    assert versions.candidacy(successor.pk) in page.names


def test_another_address_of_a_candidacy_depends_on_the_candidacy(row: PublishedCandidacy) -> None:
    page = made(views.candidacy, candidacy_id=row.pk, slug="otro")
    assert versions.candidacy(row.pk) in page.names


def test_a_candidacy_that_does_not_exist_depends_on_whether_it_does(process: Any) -> None:
    assert missing(views.candidacy, candidacy_id=999).names == {versions.candidacy(999)}


def test_a_candidacy_that_is_not_public_yet_depends_on_the_dates(row: PublishedCandidacy) -> None:
    begins = timezone.now() + timedelta(hours=1)
    ProcessOffice.objects.filter(pk=row.process_office_id).update(visible_from=begins)
    page = missing(views.candidacy, **of_candidacy(row))
    assert versions.process(row.process_id) in page.names
    assert page.until == begins


def test_a_ballot_depends_on_the_cards_of_its_territory(row: PublishedCandidacy) -> None:
    assert made(views.municipality, slug=row.territory.slug).names == {
        versions.SITE,
        versions.process(row.process_id),
        versions.territory(row.process_id, row.territory_id),
    }


def test_an_unknown_place_depends_on_the_site_and_the_contests_of_the_process(
    row: PublishedCandidacy,
) -> None:
    assert missing(views.municipality, slug="nada").names == {
        versions.SITE,
        versions.process(row.process_id),
    }


def test_home_depends_on_the_whole_process_and_the_news(row: PublishedCandidacy) -> None:
    assert made(views.editorial, path="").names == {
        versions.SITE,
        versions.EDITORIAL,
        versions.process(row.process_id),
        versions.rows(row.process_id),
    }


def test_the_list_of_municipalities_depends_on_the_whole_process(row: PublishedCandidacy) -> None:
    assert made(views.municipality_list).names == {
        versions.SITE,
        versions.process(row.process_id),
        versions.rows(row.process_id),
    }


def test_the_sitemap_depends_on_the_whole_process_and_the_pages_of_staff(
    row: PublishedCandidacy,
) -> None:
    assert made(views.sitemap).names == {
        versions.SITE,
        versions.EDITORIAL,
        versions.process(row.process_id),
        versions.rows(row.process_id),
    }


def test_a_page_of_staff_depends_on_what_staff_write(process: Any) -> None:
    editorial = {versions.SITE, versions.EDITORIAL}
    assert made(views.editorial, path="privacidad/").names == editorial
    assert missing(views.editorial, path="nada/").names == editorial


def test_the_colours_depend_on_the_site(process: Any) -> None:
    assert made(views.actor_colours).names == {versions.SITE}


def set_dates(row: PublishedCandidacy, **dates: datetime | None) -> None:
    ProcessOffice.objects.filter(pk=row.process_office_id).update(**dates)


@pytest.mark.parametrize("page", ["candidacy", "ballot", "home", "municipalities", "sitemap"])
def test_a_page_is_the_same_until_the_next_date_of_its_process(
    row: PublishedCandidacy, page: str
) -> None:
    pages: dict[str, Callable[[], scope.Scope]] = {
        "candidacy": lambda: made(views.candidacy, **of_candidacy(row)),
        "ballot": lambda: made(views.municipality, slug=row.territory.slug),
        "home": lambda: made(views.editorial, path=""),
        "municipalities": lambda: made(views.municipality_list),
        "sitemap": lambda: made(views.sitemap),
    }
    assert pages[page]().until is None
    ends = timezone.now() + timedelta(days=2)
    set_dates(row, public_until=ends)
    assert pages[page]().until == ends
    begins = timezone.now() + timedelta(hours=1)
    other = ProcessOffice.objects.exclude(pk=row.process_office_id).filter(process=row.process_id)
    other.filter(pk=other.first().pk).update(visible_from=begins)
    assert pages[page]().until == begins


def test_a_new_text_makes_no_page_stale_but_its_own(
    row: PublishedCandidacy, make_candidacy: Callable[..., Any], publish: Callable[..., None]
) -> None:
    rival = row_of(make_candidacy(name="Homero Junco Nogal"))
    own = made(views.candidacy, **of_candidacy(row)).names
    others = {
        *made(views.candidacy, **of_candidacy(rival)).names,
        *made(views.municipality, slug=row.territory.slug).names,
    }
    before = {name: versions.of(name) for name in own | others}
    publish(PublishedCandidacy(pk=row.pk), propuesta_1="Otra propuesta muy distinta. " * 20)
    versions.refresh()
    changed = {name for name in before if versions.of(name) != before[name]}
    assert changed == {versions.candidacy(row.pk)}
    assert not changed & others


# A change of each column that other pages than its own show of a candidacy.
CHANGES: dict[str, Any] = {
    "name": "Otro Nombre",
    "slug": "otro-nombre",
    "principle": "rp",
    "seat_kind": "suplente",
    "list_number": 4,
    "sex": "hombre",
    "state": "baja",
    "end_cause": "renuncia",
    "ended_on": date(2024, 5, 3),
    "photo": "otra",
    "photo_alt": "Otra descripción",
    "photo_name": "otra",
    "photo_width": 320,
}


def test_whatever_a_card_shows_changes_the_version_of_its_ballot(row: PublishedCandidacy) -> None:
    of_the_catalogues = {"office", "territory", "actor"}
    shown = {field.name for field in fields(Card)} - of_the_catalogues
    assert shown == {*CHANGES, "candidacy_id", "has_answers"}
    ballot = versions.territory(row.process_id, row.territory_id)
    for column, value in {**CHANGES, "published_at": None}.items():
        versions.refresh()
        before = versions.of(ballot)
        PublishedCandidacy.objects.filter(pk=row.pk).update(**{column: value})
        versions.refresh()
        assert versions.of(ballot) != before, column


def test_a_remembered_actor_is_never_older_than_the_request(
    row: PublishedCandidacy, django_assert_num_queries: Any
) -> None:
    for name in ("Partido del Desierto", "Partido de los Médanos"):
        PoliticalActor.objects.filter(pk=row.actor_id).update(name=name)
        versions.refresh()
        with scope.collecting():
            assert catalogues.of_process(row.process_id).actors[row.actor_id].name == name
            with django_assert_num_queries(0):
                catalogues.of_process(row.process_id)


def test_outside_of_a_page_nothing_is_remembered(row: PublishedCandidacy) -> None:
    """Nobody may have asked there what changed."""
    versions.refresh()
    with scope.collecting():
        assert selectors.portal_state().process is not None
        selectors.editorial_paths()
    PortalSettings.objects.update(institute_name="Instituto de Prueba")
    assert selectors.portal_state().institute_name == "Instituto de Prueba"
    Territory.objects.filter(pk=row.territory_id).update(name="San Pedro de las Colonias")
    found = selectors.candidacy(row.pk)
    assert found is not None
    assert found.territory.name == "San Pedro de las Colonias"


def test_who_came_after_the_versions_were_read_is_shown(
    row: PublishedCandidacy, make_candidacy: Callable[..., Any], other_actor: PoliticalActor
) -> None:
    versions.refresh()
    with scope.collecting():
        catalogues.of_process(row.process_id)
        added = PoliticalActor.objects.create(
            process=row.process, key="nuevo", name="Partido Nuevo", kind="partido"
        )
        make_candidacy(name="Homero Junco Nogal", actor=added)
        shown = selectors.ballot_rows(process=row.process, territory=row.territory)
    assert [one.actor.name for one in shown] == ["Partido del Desierto", "Partido Nuevo"]
