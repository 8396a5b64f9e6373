"""The forms of a process and of its offices: what they propose, and what they refuse."""

from datetime import date, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cms.catalogs import contests, services
from cms.catalogs.models import Process, ProcessOffice
from cms.catalogs.spanish import sort_key

pytestmark = pytest.mark.django_db
NEW = {"name": "Proceso Electoral Local 2027", "entity_code": "20", "election_date": "2027-06-06"}


def midnight(day: date) -> datetime:
    return timezone.make_aware(datetime(day.year, day.month, day.day))  # noqa: DTZ001 (made aware)


def test_the_entity_is_chosen_by_name_in_spanish_order(admin: Client) -> None:
    form = admin.get(reverse("process:add")).context["form"]
    names = [name for code, name in form.fields["entity_code"].choices if code]
    assert len(names) == 32
    assert names[:2] == ["Aguascalientes", "Baja California"]
    assert names == sorted(names, key=sort_key)


def test_every_field_says_what_it_changes(admin: Client) -> None:
    for name in ("process", "processoffice", "politicalactor", "office"):
        form = admin.get(reverse(f"{name}:add")).context["form"]
        silent = [field.name for field in form.visible_fields() if not field.help_text]
        assert silent == [], name


def test_a_key_is_proposed_where_none_is_written_and_the_steps_come_next(
    admin: Client,
) -> None:
    answer = admin.post(reverse("process:add"), NEW)
    made = Process.objects.get()
    assert (made.slug, made.entity_code) == ("pel-2027", "20")
    assert answer["Location"] == reverse("setup:steps", args=[made.pk])


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Proceso Electoral Federal 2029-2030", "pef-2029-2030-2027"),
        ("Elección extraordinaria", "eleccion-extraordinaria-2027"),
        ("¡¿!?", "proceso-2027"),
        ("x" * 200, "x" * 26 + "-2027"),
    ],
)
def test_a_key_is_proposed_for_any_name(db: None, name: str, expected: str) -> None:
    given: dict[str, Any] = {"name": name, "election_date": date(2027, 6, 6)}
    assert services.free_process_slug(**given, entity_code="") == expected


def test_a_key_that_another_process_has_gets_the_entity_and_then_a_number(db: None) -> None:
    given: dict[str, Any] = {"name": NEW["name"], "election_date": None, "entity_code": "05"}
    found, stem = [], "pel-2027-coahuila-de-zaragoza"
    for _again in range(4):
        slug = services.free_process_slug(**given)
        Process.objects.create(slug=slug, name=slug)
        found.append(slug)
    assert found == ["pel-2027", stem, f"{stem}-2", f"{stem}-3"]


def test_a_form_that_is_sent_twice_makes_one_process(admin: Client) -> None:
    admin.post(reverse("process:add"), NEW)
    again = admin.post(reverse("process:add"), {**NEW, "name": " proceso  electoral local 2027 "})
    assert "con la clave «pel-2027»" in again.context["form"].errors["name"][0]
    assert Process.objects.count() == 1
    other = admin.post(reverse("process:add"), {**NEW, "entity_code": "05"})
    assert other.status_code == 302
    assert Process.objects.filter(entity_code="05", slug="pel-2027-coahuila-de-zaragoza").exists()


@pytest.mark.parametrize("name", ["", "  ", "\u200b\u202e"])
def test_a_name_of_nothing_that_can_be_read_is_refused(admin: Client, name: str) -> None:
    answer = admin.post(reverse("process:add"), {**NEW, "name": name})
    assert "name" in answer.context["form"].errors
    assert not Process.objects.exists()


def test_a_name_is_stored_without_what_cannot_be_seen(admin: Client) -> None:
    admin.post(reverse("process:add"), {**NEW, "name": "Proceso\u202e  Elec\u00adtoral\u200b 2027"})
    assert Process.objects.get().name == "Proceso Electoral 2027"


@pytest.mark.parametrize("code", ["33", "00", "5", "cinco"])
def test_an_entity_that_is_not_in_the_list_is_refused(admin: Client, code: str) -> None:
    answer = admin.post(reverse("process:add"), {**NEW, "entity_code": code})
    assert "entity_code" in answer.context["form"].errors
    assert answer.context["form"]["name"].value() == NEW["name"]


def edited(admin: Client, process: Process, **changes: str) -> Any:
    sent = {
        "name": process.name,
        "slug": process.slug,
        "entity_code": process.entity_code,
        "election_date": "2027-06-06",
    }
    return admin.post(reverse("process:edit", args=[process.pk]), {**sent, **changes})


def test_the_entity_changes_while_nothing_is_elected_and_then_stays(
    admin: Client, oaxaca: Process, elects: Any, superuser: Any
) -> None:
    assert edited(admin, oaxaca, entity_code="05").status_code == 302
    assert edited(admin, oaxaca, entity_code="20").status_code == 302
    contests.take_statewide(process_office=elects("gubernatura"), by=superuser)
    for code in ("05", ""):
        refused = edited(admin, oaxaca, entity_code=code)
        (said,) = refused.context["form"].errors["entity_code"]
        assert "ya tiene elecciones en Oaxaca" in said
    assert edited(admin, oaxaca, name="Otro nombre").status_code == 302
    oaxaca.refresh_from_db()
    assert (oaxaca.entity_code, oaxaca.name) == ("20", "Otro nombre")


def test_a_process_with_candidacies_gets_their_entity_and_no_other(
    admin: Client, process: Process, make_candidacy: Any
) -> None:
    make_candidacy()
    process.refresh_from_db()
    sent = {"election_date": "2024-06-02"}
    assert "entity_code" in edited(admin, process, **sent, entity_code="20").context["form"].errors
    assert edited(admin, process, **sent, name="Sin entidad todavía").status_code == 302
    assert edited(admin, process, **sent, entity_code="05").status_code == 302


def test_a_key_that_is_emptied_stays(admin: Client, oaxaca: Process) -> None:
    assert edited(admin, oaxaca, slug="").status_code == 302
    oaxaca.refresh_from_db()
    assert oaxaca.slug == "oaxaca-2027"


def test_who_edits_is_told_the_entity_by_name_when_somebody_else_changed_it(
    admin: Client, oaxaca: Process
) -> None:
    opened = admin.get(reverse("process:edit", args=[oaxaca.pk])).context["form"]
    Process.objects.filter(pk=oaxaca.pk).update(entity_code="05")
    answer = edited(admin, oaxaca, entity_code="14", as_opened=opened["as_opened"].value())
    assert "«Coahuila de Zaragoza»" in answer.context["form"].errors["entity_code"][0]


# -- offices of a process -------------------------------------------------------------------------


def test_a_new_office_begins_with_the_silence_that_the_law_proposes(
    admin: Client, oaxaca: Process
) -> None:
    page = admin.get(reverse("processoffice:add") + f"?process={oaxaca.pk}")
    form = page.context["form"]
    assert form["process"].value() == oaxaca.pk
    assert str(form["frozen_from"].value()) == "2027-06-03 00:00:00"
    assert str(form["frozen_until"].value()) == "2027-06-07 00:00:00"
    assert "desde las 0:00 h del 3 de junio de 2027" in form.fields["frozen_from"].help_text


@pytest.mark.parametrize("wanted", ["", "?process=0", "?process=999999999", "?process=x"])
def test_without_a_process_nothing_is_proposed(admin: Client, wanted: str) -> None:
    form = admin.get(reverse("processoffice:add") + wanted).context["form"]
    assert not form["frozen_from"].value()
    assert "Propuesta" not in form.fields["frozen_from"].help_text


def test_the_proposal_is_said_and_never_written_over_what_there_is(
    admin: Client, elects: Any
) -> None:
    office = elects("gubernatura")
    address = reverse("processoffice:edit", args=[office.pk])
    form = admin.get(address).context["form"]
    assert form["frozen_from"].value() is None
    assert "Propuesta, según la jornada del 6 de junio" in form.fields["frozen_from"].help_text
    office.frozen_from = midnight(date(2027, 5, 30))
    office.frozen_until = midnight(date(2027, 6, 8))
    office.save()
    form = admin.get(address).context["form"]
    assert str(form["frozen_from"].value()) == "2027-05-30 00:00:00"
    assert "Propuesta" not in form.fields["frozen_from"].help_text


@pytest.mark.parametrize(
    ("dates", "field", "said"),
    [
        ({"campaign_from": "2027-04-04"}, "campaign_until", "o ninguno"),
        (
            {"campaign_from": "2027-04-04", "campaign_until": "2027-06-03"},
            "campaign_until",
            "LGIPE, art. 251",
        ),
        ({"frozen_from": "2027-06-03 00:00"}, "frozen_until", "o ninguno"),
        (
            {"frozen_from": "2027-06-03 00:01", "frozen_until": "2027-06-07 00:00"},
            "frozen_from",
            "LGIPE, art. 251",
        ),
        (
            {"frozen_from": "2027-06-03 00:00", "frozen_until": "2027-06-06 23:59"},
            "frozen_until",
            "LGIPE, art. 251",
        ),
        ({"public_until": "2027-06-05 23:59"}, "public_until", "antes del cierre"),
    ],
)
def test_an_impossible_calendar_is_refused_beside_its_field_and_stays_as_typed(
    admin: Client, elects: Any, dates: dict[str, str], field: str, said: str
) -> None:
    office = elects("gubernatura")
    page = admin.post(reverse("processoffice:edit", args=[office.pk]), dates)
    assert said in page.context["form"].errors[field][0]
    assert {name: page.context["form"][name].value() for name in dates} == dates
    assert not ProcessOffice.objects.filter(frozen_from__isnull=False).exists()


def test_an_office_does_not_move_to_another_process(
    admin: Client, elects: Any, process: Process
) -> None:
    office = elects("gubernatura")
    sent = {"process": process.pk, "office": 1, "visible_from": "2027-04-04 08:00"}
    assert admin.post(reverse("processoffice:edit", args=[office.pk]), sent).status_code == 302
    moved = ProcessOffice.objects.get(pk=office.pk)
    assert (moved.process_id, moved.office_id) == (office.process_id, office.office_id)
    assert moved.visible_from is not None
