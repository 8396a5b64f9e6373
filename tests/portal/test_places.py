"""Home, lists and ballots are right for the entity and the kind of any process."""

import gzip
import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from cms.catalogs import contests, districts
from cms.catalogs.districts import DistrictRow
from cms.catalogs.models import Office, PortalSettings, Process, ProcessOffice, Territory

pytestmark = pytest.mark.django_db
PUBLISHED_ON = timezone.now() + timedelta(days=40)


@pytest.fixture
def oaxaca(process: Process) -> Process:
    """The current process, of another entity than that which was the current one."""
    made = Process.objects.create(
        slug="oaxaca-2027",
        name="Proceso Electoral Local 2026-2027",
        entity_code="20",
        election_date=date(2027, 6, 6),
    )
    portal = PortalSettings.load()
    portal.current_process = made
    portal.save()
    return made


def office_of(process: Process, code: str, **dates: Any) -> ProcessOffice:
    office = Office.objects.get(code=code)
    return ProcessOffice.objects.create(process=process, office=office, **dates)


@pytest.fixture
def councils(oaxaca: Process, superuser: Any) -> ProcessOffice:
    """Every municipality elects its president; nothing is public yet."""
    office = office_of(
        oaxaca,
        "presidencia_municipal",
        visible_from=PUBLISHED_ON,
        campaign_from=date(2027, 5, 5),
        campaign_until=date(2027, 6, 2),
    )
    contests.take_municipalities(process_office=office, by=superuser)
    return office


def text_of(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status
    return answer.content.decode()


def main_of(html: str) -> str:
    return html.partition("<main")[2].partition("</main>")[0]


def test_the_home_of_another_entity_has_its_map_and_its_municipalities_only(
    client: Client, councils: ProcessOffice, make_candidacy: Any
) -> None:
    make_candidacy(cvegeo="05035")
    html = text_of(client, "/")
    assert main_of(html).count('<a href="/municipios/') == 2 * 570
    assert "Los 570 municipios" in html
    assert 'aria-label="Mapa de los municipios"' in html
    assert "INEGI" in main_of(html)
    slugs = set(re.findall(r'href="/municipios/([^/"]+)/"', html))
    entities = Territory.objects.filter(slug__in=slugs).values_list("entity_code", flat=True)
    assert set(entities) == {"20"}
    assert len(slugs) == 570


def test_before_anything_is_public_home_says_what_will_come_and_counts_nothing(
    client: Client, councils: ProcessOffice
) -> None:
    main = main_of(text_of(client, "/"))
    assert "Qué viene" in main
    day = timezone.localtime(PUBLISHED_ON)
    assert f"Desde el {day.day} de" in main
    assert "van del 5 de mayo de 2027 al 2 de junio de 2027" in main
    assert "La jornada electoral es el 6 de junio de 2027." in main
    assert "2024" not in main
    assert "Así va la información" not in main
    assert not re.search(r"<(?:dd|span|strong)[^>]*>0<", main)
    assert "ninguna" not in main


def test_a_process_without_dates_says_that_they_are_missing(
    client: Client, oaxaca: Process
) -> None:
    Process.objects.update(election_date=None)
    office_of(oaxaca, "regiduria")
    main = main_of(text_of(client, "/"))
    assert "Falta fijar desde cuándo se publican las candidaturas a la regiduría." in main
    assert "None" not in main


def test_a_municipality_with_a_contest_and_no_candidacy_answers_with_words(
    client: Client, councils: ProcessOffice
) -> None:
    assert client.get("/municipios/?municipio=abejones").headers["Location"] == (
        "/municipios/abejones/"
    )
    main = main_of(text_of(client, "/municipios/abejones/"))
    assert "Aquí se elige la presidencia municipal." in main
    assert "Todavía no hay candidaturas publicadas para este municipio." in main
    assert "6 de junio de 2027" in main


def test_the_ballots_of_one_entity_are_not_those_of_another(
    client: Client, councils: ProcessOffice, make_candidacy: Any
) -> None:
    make_candidacy(cvegeo="05035")
    text_of(client, "/municipios/torreon/", 404)
    assert "No encontramos" in text_of(client, "/municipios/?municipio=Torreón")
    assert "Graciela" in text_of(client, "/municipios/torreon/?proceso=pel-2024")
    text_of(client, "/municipios/abejones/?proceso=pel-2024", 404)


def test_where_some_compete_the_others_are_said_in_words(
    client: Client, process: Process, make_candidacy: Any, superuser: Any
) -> None:
    make_candidacy(cvegeo="05033")
    process.entity_code = "05"
    process.save()
    office = ProcessOffice.objects.get(process=process, office__code="presidencia_municipal")
    office.process = process
    contests.take_municipalities(process_office=office, by=superuser)
    main = main_of(text_of(client, "/"))
    assert main.count("ninguna<span") == 37
    assert '<span>1<span class="visually-hidden"> candidatura</span></span>' in main


def test_an_election_of_two_municipalities_links_only_these_on_the_map(
    client: Client, make_candidacy: Any
) -> None:
    make_candidacy(cvegeo="05033")
    make_candidacy(cvegeo="05035")
    main = main_of(text_of(client, "/"))
    assert main.count('aria-label="San Pedro"') == 1
    assert main.count('class="map__elsewhere"') == 36


@pytest.fixture
def deputies(oaxaca: Process, superuser: Any) -> ProcessOffice:
    """Two districts elect their deputies; one of them says which municipalities it covers."""
    office = office_of(oaxaca, "diputacion_local", visible_from=PUBLISHED_ON)
    rows = [DistrictRow(5, "Asunción Nochixtlán", ("20001",)), DistrictRow(25)]
    districts.load_districts(process_office=office, rows=rows, by=superuser)
    return office


def test_a_process_of_districts_lists_them(client: Client, deputies: ProcessOffice) -> None:
    main = main_of(text_of(client, "/"))
    assert "Los 2 distritos" in main
    assert "¿En qué distrito votas?" in main
    assert '<option value="Distrito 25">' in main
    assert "<svg viewBox" not in main
    assert 'href="/municipios/distrito-5-asuncion-nochixtlan/"' in main
    assert client.get("/municipios/?municipio=distrito+5").headers["Location"] == (
        "/municipios/distrito-5-asuncion-nochixtlan/"
    )
    assert client.get("/municipios/?municipio=25").headers["Location"] == "/municipios/distrito-25/"
    ballot = main_of(text_of(client, "/municipios/distrito-5-asuncion-nochixtlan/"))
    assert "Aquí se elige la diputación local." in ballot
    assert "candidaturas publicadas para este distrito" in ballot
    assert '<a href="/municipios/abejones/">Abejones</a>' in ballot


def test_a_municipality_leads_to_its_districts(client: Client, deputies: ProcessOffice) -> None:
    ballot = main_of(text_of(client, "/municipios/abejones/"))
    assert "Distrito 5, Asunción Nochixtlán</a>" in ballot
    assert "no hay una elección propia de este municipio" in ballot
    assert "Distrito 25" not in ballot


def test_when_every_district_says_what_it_covers_home_asks_for_the_municipality(
    client: Client, deputies: ProcessOffice
) -> None:
    deputies.contests.filter(covers=[]).update(covers=["20002", "20001"])
    main = main_of(text_of(client, "/"))
    assert "¿En qué municipio votas?" in main
    assert "Los 2 municipios" in main
    assert main.count('class="map__elsewhere"') == 568
    assert client.get("/municipios/?municipio=abejones").headers["Location"] == (
        "/municipios/abejones/"
    )
    assert "Distrito 25</a>" in main_of(text_of(client, "/municipios/abejones/"))


def test_those_who_stand_in_a_district_are_on_its_ballot(
    client: Client, process: Process, actor: Any, superuser: Any
) -> None:
    from cms.candidacies.services import register_candidacy
    from cms.publication.services import write_published

    process.entity_code = "05"
    process.save()
    office = office_of(process, "diputacion_local", visible_from=timezone.now())
    districts.load_districts(process_office=office, rows=[DistrictRow(7, "Torreón")], by=superuser)
    candidacy = register_candidacy(
        process=process,
        territory=office.contests.get().territory,
        office=office.office,
        actor=actor,
        name="Graciela Cenizo Tepozán",
        seat_kind="propietaria",
        sex="mujer",
    )
    write_published(candidacy_ids=[candidacy.pk])
    ballot = main_of(text_of(client, "/municipios/distrito-7-torreon/"))
    assert "Graciela Cenizo Tepozán" in ballot
    assert "Compite una persona." in ballot
    assert "presidencia" not in ballot
    assert office.contests.count() == 1


def test_what_the_whole_entity_elects_has_a_home(
    client: Client, oaxaca: Process, superuser: Any
) -> None:
    office = office_of(oaxaca, "gubernatura", visible_from=PUBLISHED_ON)
    contests.take_statewide(process_office=office, by=superuser)
    main = main_of(text_of(client, "/"))
    assert "¿Quiénes piden tu voto?" in main
    assert 'href="/municipios/entidad-oaxaca/"' in main
    assert "Aquí se elige la gubernatura." in text_of(client, "/municipios/entidad-oaxaca/")


def test_mexico_city_has_boroughs(client: Client, oaxaca: Process, superuser: Any) -> None:
    oaxaca.entity_code = "09"
    oaxaca.save()
    office = office_of(oaxaca, "alcaldia")
    contests.take_municipalities(process_office=office, by=superuser)
    html = text_of(client, "/")
    assert "¿En qué alcaldía votas?" in html
    assert "Las 16 alcaldías" in html
    # Menu, foot of the page, and the ways back say the same.
    assert html.count(">Alcaldías</a>") == 2
    place = office.contests.select_related("territory").first()
    assert place is not None
    for address in ("/municipios/", f"/municipios/{place.territory.slug}/"):
        page = text_of(client, address)
        assert page.count(">Alcaldías</") == 3
        assert ">Municipios<" not in page


def test_the_site_map_lists_the_places_of_the_process_and_no_others(
    client: Client, oaxaca: Process, superuser: Any
) -> None:
    contests.take_municipalities(process_office=office_of(oaxaca, "regiduria"), by=superuser)
    contests.take_statewide(process_office=office_of(oaxaca, "gubernatura"), by=superuser)
    found = client.get("/sitemap.xml").content.decode().count("/municipios/")
    assert found == 1 + 570 + 1


def test_an_empty_process_has_a_home_without_a_box(client: Client, oaxaca: Process) -> None:
    main = main_of(text_of(client, "/"))
    assert "Las candidaturas aparecerán aquí cuando queden registradas." in main
    assert "<input" not in main
    text_of(client, "/municipios/")


def test_no_process_is_said(client: Client, db: None) -> None:
    for path in ("/", "/municipios/"):
        assert "Todavía no hay candidaturas" in main_of(text_of(client, path))


def test_a_contest_that_is_added_changed_or_removed_changes_what_is_shown(
    client: Client, councils: ProcessOffice, superuser: Any
) -> None:
    address = "/municipios/abejones/"
    text_of(client, address)
    contest = councils.contests.get(territory__slug="abejones")
    contests.set_seats(process_office=councils, seats={contest.pk: 3}, by=superuser)
    assert "Aquí se eligen 3 presidencias municipales." in text_of(client, address)
    assert "Los 570 municipios" in text_of(client, "/")
    contests.remove_contests(process_office=councils, contest_ids=[contest.pk], by=superuser)
    assert "Los 569 municipios" in text_of(client, "/")
    contests.take_municipalities(process_office=councils, by=superuser)
    assert "Los 570 municipios" in text_of(client, "/")


def test_a_home_with_570_municipalities_is_light(client: Client, councils: ProcessOffice) -> None:
    html = text_of(client, "/").encode()
    assert len(gzip.compress(html)) < 75_000


def test_the_ballot_of_a_small_municipality_does_not_carry_the_whole_map(
    client: Client, councils: ProcessOffice
) -> None:
    html = text_of(client, "/municipios/abejones/")
    assert 'class="is-here"' in html
    assert len(html) < 20_000
