"""The public side as it will be seen: real rows, and no name before its date but for who may."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from cms.accounts.models import Role
from cms.catalogs.models import ProcessOffice
from tests.reports.test_pages import entering, words_of

pytestmark = pytest.mark.django_db
BALLOT = "/admin/avance/vista-previa/san-pedro/"


@pytest.fixture
def later(process: Any) -> None:
    """The office of síndicos will be in sight in three days; that of regidores has no date."""
    opens = timezone.now() + timedelta(days=3)
    ProcessOffice.objects.filter(office__code="sindicatura").update(visible_from=opens)
    ProcessOffice.objects.filter(office__code="regiduria").update(visible_from=None)


@pytest.fixture
def people(make_candidacy: Any, publish: Any, later: None) -> None:
    """One who is in sight with answers, one who will be, and one whose office has no date."""
    publish(make_candidacy(name="Graciela Visible Luna"))
    make_candidacy(name="Xilonombrada Palma Yuca", office="sindicatura")
    make_candidacy(name="Sinfecha Ocote Vara", office="regiduria")


@pytest.mark.parametrize(("role", "knows"), [(Role.OBSERVER, False), (Role.ADMINISTRATOR, True)])
def test_a_ballot_is_seen_as_on_its_date_with_hidden_names_for_administrators_only(
    people: None, role: str, knows: bool
) -> None:
    page = entering(role).get(BALLOT)
    words = words_of(page)

    assert page.status_code == 200
    assert "Vista previa: así se verá el" in words
    assert "Graciela Visible Luna" in words
    assert ("Xilonombrada" in page.content.decode()) is knows
    assert ("xilonombrada" in page.content.decode()) is knows, "nor in an address"
    assert ("Nombre por publicar" in words) is not knows
    assert "Sinfecha" not in words


def test_no_cache_and_no_search_engine_keeps_it(people: None) -> None:
    page = entering(Role.OBSERVER).get(BALLOT)

    assert page["Cache-Control"] == "private, no-store"
    assert "noindex" in page.content.decode()


def test_the_figures_are_those_of_that_date(people: None) -> None:
    words = words_of(entering(Role.OBSERVER).get("/admin/avance/vista-previa/"))

    assert "Candidaturas activas 2 " in words
    assert "Con información 1 " in words
    assert "1 cargo no tiene fecha: no aparece aquí." in words
    assert "San Pedro 2 candidaturas" in words


def test_when_everything_is_in_sight_it_says_that_it_is_so_today(
    process: Any, make_candidacy: Any
) -> None:
    make_candidacy(name="Graciela Visible Luna")
    client = entering(Role.OBSERVER)

    assert "así se ve hoy" in words_of(client.get("/admin/avance/vista-previa/"))
    assert "Graciela Visible Luna" in words_of(client.get(BALLOT))


@pytest.mark.parametrize("role", [Role.COMMUNICATION, Role.CURRICULAR_REVIEWER])
def test_who_does_not_follow_the_process_sees_no_preview(people: None, role: str) -> None:
    client = entering(role)
    for address in (BALLOT, "/admin/avance/vista-previa/"):
        assert client.get(address)["Location"] == "/admin/"


def test_a_ballot_of_no_place_and_a_process_that_does_not_exist_are_not_there(
    people: None,
) -> None:
    client = entering(Role.OBSERVER)
    assert client.get("/admin/avance/vista-previa/no-hay/").status_code == 404
    for address in (BALLOT, "/admin/avance/vista-previa/"):
        answer = client.get(address, {"proceso": "otro"})
        assert answer.status_code == 404
        assert "Ese proceso no existe" in words_of(answer)
