"""Administrators say in the admin what a process elects, where, and who postulates."""

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from wagtail.models import ModelLogEntry

from cms.catalogs import contests
from cms.catalogs.models import Contest, Office, Process, ProcessOffice, Territory
from tests.catalogs.screens import at, said, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def councils(elects: Any, superuser: Any) -> ProcessOffice:
    """The councillors of the 570 municipalities of Oaxaca, whose number is not known."""
    office: ProcessOffice = elects("regiduria")
    contests.take_municipalities(process_office=office, by=superuser)
    return office


# -- the way there --------------------------------------------------------------------------------


def test_processes_are_listed_with_what_they_elect(
    admin: Client, councils: ProcessOffice, make_candidacy: Any
) -> None:
    make_candidacy()
    page = text(admin.get(at("index")))
    assert "1 cargo, 570 elecciones, 0 actores políticos" in page
    assert "3 cargos, 1 elección, 1 actor político" in page


def test_the_page_of_a_process_tells_of_its_own_offices_only(
    admin: Client, councils: ProcessOffice, make_candidacy: Any
) -> None:
    make_candidacy()
    page = text(admin.get(at("process", councils.process_id)))
    assert "570 elecciones; 570 sin número de lugares" in page
    assert "Presidencia municipal" not in page
    assert "nada de este cargo es público" in page
    assert "Todavía no hay partidos" in page


@pytest.mark.parametrize(
    "name", ["index", "process", "add_offices", "copy_actors", "office", "districts", "remove"]
)
@pytest.mark.parametrize("account", ["validator", "liaison"])
def test_who_may_not_change_contests_sees_none_of_it(
    client: Client, elects: Any, account: str, name: str, request: pytest.FixtureRequest
) -> None:
    office = elects("diputacion_local")
    client.force_login(request.getfixturevalue(account))
    ids = [] if name == "index" else [office.pk]
    if name in {"process", "add_offices", "copy_actors"}:
        ids = [office.process_id]
    assert client.get(at(name, *ids)).status_code in {302, 403}
    assert client.post(at(name, *ids)).status_code in {302, 403}


@pytest.mark.parametrize("name", ["process", "add_offices", "copy_actors", "office", "districts"])
def test_what_is_gone_is_not_found_and_a_form_sent_to_it_says_so(admin: Client, name: str) -> None:
    assert admin.get(at(name, 987654)).status_code == 404
    answer = admin.post(at(name, 987654))
    assert (answer.status_code, answer["Location"]) == (302, at("index"))
    assert said(answer) == ["Lo que editabas ya no está; no se guardó nada."]


# -- offices --------------------------------------------------------------------------------------


def test_several_offices_are_added_at_once_with_the_silence_of_the_law(
    admin: Client, oaxaca: Process
) -> None:
    chosen = list(Office.objects.filter(code__in=["regiduria", "diputacion_local"]))
    sent = {"offices": [office.pk for office in chosen], "with_silence": "on"}
    answer = admin.post(at("add_offices", oaxaca.pk), sent)
    assert said(answer) == ["Se agregaron 2 cargos."]
    made = oaxaca.offices.get(office__code="regiduria")
    assert f"{made.frozen_from:%Y-%m-%d %H:%M}" == "2027-06-03 06:00"
    assert made.visible_from is None
    assert ModelLogEntry.objects.get(action="catalogs.offices_added").data["cuantos"] == 2
    offered = admin.get(at("add_offices", oaxaca.pk)).context["form"].fields["offices"].queryset
    assert not offered.filter(code="regiduria").exists()


def test_offices_without_their_silence_and_of_a_process_without_a_day(
    admin: Client, oaxaca: Process, process: Process
) -> None:
    office = Office.objects.get(code="gubernatura")
    admin.post(at("add_offices", oaxaca.pk), {"offices": [office.pk]})
    assert oaxaca.offices.get().frozen_from is None
    Process.objects.filter(pk=process.pk).update(election_date=None)
    page = admin.get(at("add_offices", process.pk))
    assert "with_silence" not in page.context["form"].fields


@pytest.mark.parametrize("sent", [{}, {"offices": ["x"]}, {"offices": ["999999"]}])
def test_offices_that_cannot_be_are_refused(
    admin: Client, oaxaca: Process, sent: dict[str, Any]
) -> None:
    answer = admin.post(at("add_offices", oaxaca.pk), sent)
    assert answer.status_code == 422
    assert "offices" in answer.context["form"].errors
    assert not oaxaca.offices.exists()


def test_a_form_of_offices_that_is_sent_twice_adds_them_once(
    admin: Client, oaxaca: Process
) -> None:
    sent = {"offices": [Office.objects.get(code="gubernatura").pk]}
    admin.post(at("add_offices", oaxaca.pk), sent)
    assert admin.post(at("add_offices", oaxaca.pk), sent).status_code == 422
    assert oaxaca.offices.count() == 1


def test_an_office_goes_while_it_has_no_contests(
    admin: Client, elects: Any, councils: ProcessOffice
) -> None:
    wrong = elects("gubernatura")
    assert "¿Quitar Gubernatura de Oaxaca 2027?" in text(admin.get(at("remove_office", wrong.pk)))
    admin.post(at("remove_office", wrong.pk))
    answer = admin.post(at("remove_office", councils.pk))
    assert said(answer)[-1] == "Regiduría ya tiene elecciones: quítalas primero."
    assert list(wrong.process.offices.values_list("pk", flat=True)) == [councils.pk]


# -- contests -------------------------------------------------------------------------------------


def test_the_municipalities_are_taken_with_one_button_and_twice_is_once(
    admin: Client, elects: Any
) -> None:
    office = elects("presidencia_municipal")
    page = text(admin.get(at("office", office.pk)))
    assert "Tomar los 570 municipios de Oaxaca" in page
    assert said(admin.post(at("take", office.pk))) == ["Se agregaron 570 elecciones."]
    assert said(admin.post(at("take", office.pk)))[-1] == "Ya estaban todas: no cambió nada."
    page = text(admin.get(at("office", office.pk)))
    assert "570 elecciones</strong>; 570 lugares por actor. Están los 570 municipios" in page
    Contest.objects.filter(territory__cvegeo__in=["20001", "20002"]).delete()
    page = text(admin.get(at("office", office.pk)))
    assert "De los 570 municipios de Oaxaca faltan 2." in page
    assert "Tomar los municipios que faltan" in page


def test_the_city_of_mexico_has_boroughs(admin: Client, oaxaca: Process, elects: Any) -> None:
    Process.objects.filter(pk=oaxaca.pk).update(entity_code="09")
    office = elects("alcaldia")
    assert "Tomar las 16 alcaldías de Ciudad de México" in text(admin.get(at("office", office.pk)))
    admin.post(at("take", office.pk))
    contest = office.contests.first()
    assert contest is not None
    contest.delete()
    page = text(admin.get(at("office", office.pk)))
    assert "De las 16 alcaldías de Ciudad de México falta 1." in page


def test_the_whole_entity_is_taken(admin: Client, elects: Any) -> None:
    office = elects("gubernatura")
    page = text(admin.get(at("office", office.pk)))
    assert "Tomar la elección de toda la entidad: Oaxaca" in page
    assert said(admin.post(at("take", office.pk))) == ["Se agregó 1 elección."]


def test_without_an_entity_the_screen_says_what_to_do_first(
    admin: Client, oaxaca: Process, elects: Any
) -> None:
    Process.objects.filter(pk=oaxaca.pk).update(entity_code="")
    office = elects("regiduria")
    page = text(admin.get(at("office", office.pk)))
    assert "elige primero la entidad del proceso" in page
    assert reverse("process:edit", args=[oaxaca.pk]) in page
    answer = admin.post(at("take", office.pk))
    assert said(answer) == ["Elige primero la entidad del proceso."]
    assert not office.contests.exists()


def test_districts_are_not_taken_from_the_catalogue(admin: Client, elects: Any) -> None:
    office = elects("diputacion_local")
    answer = admin.post(at("take", office.pk))
    assert said(answer) == ["Diputación local no se elige por municipio."]
    assert admin.get(at("take", office.pk)).status_code == 405


# -- seats ----------------------------------------------------------------------------------------


def form_of(admin: Client, office: ProcessOffice) -> dict[str, str]:
    """The form of seats as the browser would send it untouched."""
    seats = admin.get(at("office", office.pk)).context["seats"]
    return {"as_opened": seats.as_opened, **{row.name: row.typed for row in seats.rows}}


def name_of(office: ProcessOffice, cvegeo: str) -> str:
    return f"seats-{office.contests.get(territory__cvegeo=cvegeo).pk}"


def seats_of(office: ProcessOffice, *keys: str) -> list[int | None]:
    found = dict(office.contests.values_list("territory__cvegeo", "seats"))
    return [found[key] for key in keys]


def test_seats_are_saved_together(admin: Client, councils: ProcessOffice) -> None:
    sent = form_of(admin, councils)
    sent[name_of(councils, "20001")], sent[name_of(councils, "20002")] = " 7 ", "500"
    answer = admin.post(at("office", councils.pk), sent)
    assert said(answer) == ["Se guardaron los lugares de 2 elecciones."]
    assert seats_of(councils, "20001", "20002", "20003") == [7, 500, None]
    again = admin.post(at("office", councils.pk), sent)
    assert said(again)[-1] == "No había nada que guardar: los lugares ya eran esos."
    kept = ModelLogEntry.objects.get(action="catalogs.seats_changed")
    assert kept.data["lugares"]["Abejones"] == [None, 7]


def test_one_number_fills_those_that_are_empty(admin: Client, councils: ProcessOffice) -> None:
    sent = form_of(admin, councils)
    sent[name_of(councils, "20001")], sent["fill"] = "9", "5"
    admin.post(at("office", councils.pk), sent)
    assert seats_of(councils, "20001", "20002") == [9, 5]
    assert councils.contests.filter(seats=5).count() == 569


@pytest.mark.parametrize(
    "typed", ["0", "501", "-1", "1.5", "siete", "٧", "1e2", "9" * 5000, "7\u202e8x"]
)
def test_a_number_that_cannot_be_is_told_in_its_row_and_nothing_is_lost(
    admin: Client, councils: ProcessOffice, typed: str
) -> None:
    wrong, right = name_of(councils, "20001"), name_of(councils, "20002")
    sent = {**form_of(admin, councils), wrong: typed, right: "6"}
    answer = admin.post(at("office", councils.pk), sent)
    assert answer.status_code == 422
    rows = {row.name: row for row in answer.context["seats"].rows}
    assert rows[wrong].error == "Escribe un número de 1 a 500, o deja vacío."
    assert rows[right].typed == "6"
    assert f'href="#{wrong}">Abejones</a>' in text(answer)
    assert seats_of(councils, "20002") == [None]


def test_a_wrong_number_for_the_empty_ones_is_told(admin: Client, councils: ProcessOffice) -> None:
    answer = admin.post(at("office", councils.pk), {**form_of(admin, councils), "fill": "cinco"})
    assert answer.status_code == 422
    assert 'id="fill-error">Escribe un número de 1 a 500' in text(answer)


def test_who_saves_does_not_write_over_what_somebody_else_saved(
    admin: Client, councils: ProcessOffice, superuser: Any
) -> None:
    mine = form_of(admin, councils)
    first, second = name_of(councils, "20001"), name_of(councils, "20002")
    theirs = {int(first.partition("-")[2]): 3, int(second.partition("-")[2]): 4}
    contests.set_seats(process_office=councils, seats=theirs, by=superuser)

    answer = admin.post(at("office", councils.pk), {**mine, first: "9"})
    assert answer.status_code == 409
    assert "ahora dice «3»" in text(answer)
    assert seats_of(councils, "20001", "20002") == [3, 4]

    shown = answer.context["seats"]
    again = {"as_opened": shown.as_opened, **{row.name: row.typed for row in shown.rows}}
    assert again[first] == "9"
    admin.post(at("office", councils.pk), again)
    assert seats_of(councils, "20001") == [9]


def test_what_was_not_touched_stays_as_somebody_else_left_it(
    admin: Client, councils: ProcessOffice, superuser: Any
) -> None:
    mine = form_of(admin, councils)
    key = int(name_of(councils, "20002").partition("-")[2])
    contests.set_seats(process_office=councils, seats={key: 4}, by=superuser)
    admin.post(at("office", councils.pk), {**mine, name_of(councils, "20001"): "9"})
    assert seats_of(councils, "20001", "20002") == [9, 4]


@pytest.mark.parametrize("opened", ["", "[]", "{", "null", '{"x": 1}', "[" * 9000, '{"1": "a"}'])
def test_a_form_that_does_not_say_what_it_was_opened_with_still_writes_over_nothing(
    admin: Client, councils: ProcessOffice, superuser: Any, opened: str
) -> None:
    name = name_of(councils, "20001")
    key = int(name.partition("-")[2])
    contests.set_seats(process_office=councils, seats={key: 4}, by=superuser)
    answer = admin.post(at("office", councils.pk), {"as_opened": opened, name: "9"})
    assert answer.status_code == 409
    assert seats_of(councils, "20001") == [4]


def test_a_contest_that_somebody_removed_meanwhile_does_not_stop_the_others(
    admin: Client, councils: ProcessOffice
) -> None:
    sent = form_of(admin, councils)
    sent[name_of(councils, "20001")], sent[name_of(councils, "20002")] = "7", "8"
    councils.contests.get(territory__cvegeo="20001").delete()
    admin.post(at("office", councils.pk), sent)
    assert seats_of(councils, "20002") == [8]


def test_seats_of_another_process_cannot_be_sent_here(
    admin: Client, councils: ProcessOffice, make_candidacy: Any
) -> None:
    make_candidacy(office="regiduria", list_number=1)
    other = Contest.objects.exclude(process_office=councils).get()
    sent = {"as_opened": json.dumps({other.pk: 9}), f"seats-{other.pk}": "3"}
    admin.post(at("office", councils.pk), sent)
    other.refresh_from_db()
    assert other.seats == 9


def test_570_rows_are_shown_and_saved_in_a_bounded_number_of_queries(
    admin: Client, councils: ProcessOffice, django_assert_num_queries: Any
) -> None:
    sent = {**form_of(admin, councils), "fill": "5"}
    with django_assert_num_queries(QUERIES_TO_SHOW):
        admin.get(at("office", councils.pk))
    with django_assert_num_queries(QUERIES_TO_SAVE):
        admin.post(at("office", councils.pk), sent)
    assert councils.contests.filter(seats=5).count() == 570


QUERIES_TO_SHOW = 13
QUERIES_TO_SAVE = 16


# -- districts ------------------------------------------------------------------------------------


def test_a_pasted_table_makes_the_districts_and_comes_back_to_be_changed(
    admin: Client, elects: Any
) -> None:
    office = elects("diputacion_local")
    table = "1\tHuajuapan\tAbejones, 20002\n2\tTuxtepec\tÁnimas Trujano"
    answer = admin.post(at("districts", office.pk), {"table": table})
    assert said(answer) == ["Se agregaron 2 distritos."]
    assert "2 elecciones" in text(admin.get(at("office", office.pk)))
    shown = admin.get(at("districts", office.pk)).context["form"]["table"].value()
    assert shown == (
        "1\tHuajuapan\tAbejones; Acatlán de Pérez Figueroa\n2\tTuxtepec\tÁnimas Trujano"
    )
    assert said(admin.post(at("districts", office.pk), {"table": shown}))[-1] == (
        "Los distritos de la tabla ya estaban."
    )
    changed = shown.replace("Ánimas Trujano", "Abejones").replace("Tuxtepec", "Tuxtepec de Oaxaca")
    answer = admin.post(at("districts", office.pk), {"table": changed})
    assert said(answer)[-1] == "Cambiaron los municipios de 1 distrito."
    assert Territory.objects.filter(name="Distrito 2, Tuxtepec de Oaxaca").exists()


def test_a_table_with_errors_is_shown_again_with_all_of_them(admin: Client, elects: Any) -> None:
    office = elects("diputacion_local")
    table = "1\tHuajuapan\tAbejonez\nx\tTuxtepec"
    answer = admin.post(at("districts", office.pk), {"table": table})
    assert answer.status_code == 422
    assert "¿Es «Abejones»?" in text(answer)
    assert "«x» no es el número de un distrito" in text(answer)
    assert answer.context["form"]["table"].value() == table
    assert not office.contests.exists()


def test_a_file_with_errors_is_shown_as_text_to_be_mended(admin: Client, elects: Any) -> None:
    office = elects("diputacion_local")
    file = SimpleUploadedFile("d.csv", "Distrito;Cabecera\n1;Peñón\ny;Z".encode("cp1252"))
    answer = admin.post(at("districts", office.pk), {"file": file})
    assert "Fila 3: «y» no es el número" in text(answer)
    table = answer.context["form"]["table"].value()
    assert "1;Peñón" in table
    admin.post(at("districts", office.pk), {"table": table.replace("y;Z", "2;Z")})
    assert office.contests.count() == 2


def test_a_file_that_is_no_table_is_refused(admin: Client, elects: Any) -> None:
    office = elects("diputacion_local")
    book = SimpleUploadedFile("d.xlsx", b"PK\x03\x04" + b"x" * 100)
    assert "copia las celdas" in text(admin.post(at("districts", office.pk), {"file": book}))
    large = SimpleUploadedFile("d.csv", b"1\n" * 200_000)
    assert "pesa más de 200 kB" in text(admin.post(at("districts", office.pk), {"file": large}))
    empty = SimpleUploadedFile("d.csv", b"")
    assert "Pega la tabla" in text(admin.post(at("districts", office.pk), {"file": empty}))


def test_a_district_that_another_process_has_keeps_its_name_and_its_municipalities_there(
    admin: Client, elects: Any
) -> None:
    before = Process.objects.create(slug="oaxaca-2024", name="Oaxaca 2024", entity_code="20")
    old, new = elects("diputacion_local", before), elects("diputacion_local")
    admin.post(at("districts", old.pk), {"table": "1\tHuajuapan\tAbejones"})
    answer = admin.post(at("districts", new.pk), {"table": "1\tTuxtepec\tÁnimas Trujano"})
    assert "«Distrito 1, Huajuapan» conserva su nombre" in said(answer)[-1]
    assert (old.contests.get().covers, new.contests.get().covers) == (["20001"], ["20174"])


# -- removing -------------------------------------------------------------------------------------


def test_contests_are_removed_after_a_question(admin: Client, councils: ProcessOffice) -> None:
    chosen = list(councils.contests.filter(territory__cvegeo__in=["20001", "20002"]))
    sent: dict[str, Any] = {"contest": [one.pk for one in chosen]}
    asked = admin.post(at("remove", councils.pk), sent)
    assert "¿Quitar estas 2 elecciones de Regiduría?" in text(asked)
    assert councils.contests.count() == 570
    done = admin.post(at("remove", councils.pk), {**sent, "confirmed": "yes"})
    assert said(done) == ["Se quitaron 2 elecciones."]
    assert councils.contests.count() == 568
    again = admin.post(at("remove", councils.pk), {**sent, "confirmed": "yes"})
    assert said(again)[-1] == "Marca primero las elecciones que quieres quitar."


def test_all_570_can_be_marked(admin: Client, councils: ProcessOffice) -> None:
    ids = list(councils.contests.values_list("pk", flat=True))
    admin.post(at("remove", councils.pk), {"contest": ids, "confirmed": "yes"})
    assert not councils.contests.exists()


def test_where_somebody_stands_all_of_it_is_told_and_the_rest_is_offered(
    admin: Client, process: Process, make_candidacy: Any, superuser: Any
) -> None:
    make_candidacy()
    make_candidacy(cvegeo="05001")
    Process.objects.filter(pk=process.pk).update(entity_code="05")
    office = process.offices.get(office__code="presidencia_municipal")
    contests.take_municipalities(process_office=office, by=superuser)
    ids = list(
        office.contests.filter(territory__cvegeo__in=["05001", "05002", "05033"]).values_list(
            "pk", flat=True
        )
    )
    page = admin.post(at("remove", office.pk), {"contest": ids, "confirmed": "yes"})
    assert page.status_code == 409
    assert "Estas 2 no se pueden quitar" in text(page)
    assert "San Pedro tiene una candidatura registrada" in text(page)
    assert [one.territory.name for one in page.context["free"]] == ["Acuña"]
    assert office.contests.count() == 38


def test_contests_of_another_process_are_not_removed_from_here(
    admin: Client, councils: ProcessOffice, process: Process, elects: Any, superuser: Any
) -> None:
    Process.objects.filter(pk=process.pk).update(entity_code="05")
    other = elects("gubernatura", process)
    contests.take_statewide(process_office=other, by=superuser)
    sent = {"contest": [other.contests.get().pk, "x", "٣", "9" * 40], "confirmed": "yes"}
    admin.post(at("remove", councils.pk), sent)
    assert other.contests.count() == 1
    assert councils.contests.count() == 570
