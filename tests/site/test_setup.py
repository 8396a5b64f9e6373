"""A process is set up step by step in the admin, and made current by somebody who was told."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from wagtail.models import ModelLogEntry

from cms.accounts.services import create_staff
from cms.catalogs import contests
from cms.catalogs.current_process import CurrentMoved, make_current
from cms.catalogs.models import Office, PortalSettings, Process, ProcessOffice
from cms.imports.models import Kind, State, Upload
from conoceles_site.process_setup.prospect import prospect_of
from conoceles_site.process_setup.readings import standing_of
from conoceles_site.process_setup.steps import Step, missing, steps_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(db: None) -> Any:
    return create_staff(username="innovacion", role="administracion")


@pytest.fixture
def bare(db: None) -> Process:
    """A process with nothing but a name."""
    return Process.objects.create(slug="pel-2027", name="Proceso Electoral Local 2027")


@pytest.fixture
def councils(bare: Process, superuser: Any) -> Process:
    """The same with an entity, its dates, an office, and its contests."""
    bare.entity_code, bare.election_date = "01", date(2027, 6, 6)
    bare.closes_on = date(2027, 9, 30)
    bare.save()
    office = ProcessOffice.objects.create(
        process=bare,
        office=Office.objects.get(code="presidencia_municipal"),
        visible_from=timezone.now() + timedelta(days=30),
        campaign_from=date(2027, 4, 20),
        campaign_until=date(2027, 6, 2),
        frozen_from=timezone.now(),
        frozen_until=timezone.now() + timedelta(days=1),
    )
    contests.take_municipalities(process_office=office, by=superuser)
    return bare


def by_title(process: Process, user: Any) -> dict[str, Step]:
    return {step.title: step for step in steps_of(standing_of(process), user)}


def main_of(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return " ".join(answer.content.decode().partition("<main")[2].split())


def test_an_empty_process_says_what_the_public_loses_by_each_step(
    bare: Process, superuser: Any
) -> None:
    standing = replace(standing_of(bare), notice_from=None)
    found = {step.title: step for step in steps_of(standing, superuser)}
    lost = {
        "Nombre y entidad": "no tiene mapa",
        "Jornada y cierre": "no dicen cuándo se vota",
        "Cargos": "nada que mostrar",
        "Elecciones y lugares de cada cargo": "Primero agrega los cargos.",
        "Campañas y veda": "Primero agrega los cargos.",
        "Fechas de publicación": "Primero agrega los cargos.",
        "Actores políticos y coaliciones": "No hay actores políticos",
        "Cuestionarios en vigor": "no pueden capturarlo",
        "Aviso de privacidad": "nadie puede capturar",
        "Plazos": "",  # The usual ones count.
        "Registro de candidaturas": "No hay candidaturas registradas",
        "Cuentas que capturan": "Primero agrega los actores políticos",
        "Proceso vigente en el portal": "el de la elección más reciente",
    }
    assert list(found) == list(lost)
    for title, words in lost.items():
        assert words in " ".join(found[title].misses), title
    assert missing(found.values()) == 12


def test_what_is_done_is_told_and_what_is_missing_names_the_office(
    councils: Process, superuser: Any
) -> None:
    ProcessOffice.objects.create(process=councils, office=Office.objects.get(code="regiduria"))
    found = by_title(councils, superuser)
    assert found["Nombre y entidad"].is_done
    assert found["Jornada y cierre"].says == [
        "La jornada es el 6 de junio de 2027.",
        "El proceso cierra el 30 de septiembre de 2027.",
    ]
    assert found["Cargos"].says == ["Se eligen: presidencia municipal y regiduría."]
    elected = found["Elecciones y lugares de cada cargo"]
    assert "Presidencia municipal: 11 elecciones." in elected.says
    assert "Sin elecciones de regiduría" in elected.misses[0]
    assert "Faltan las campañas de regiduría" in found["Campañas y veda"].misses[0]
    shown = found["Fechas de publicación"]
    assert shown.misses == ["Sin «visible desde» no se ve ninguna candidatura de regiduría."]
    assert any("Presidencia municipal: se verá desde el" in line for line in shown.says)


def test_candidacies_actors_accounts_and_files_are_counted_of_this_process_only(
    process: Process,
    actor: Any,
    make_candidacy: Any,
    liaison: Any,
    councils: Process,
    superuser: Any,
) -> None:
    make_candidacy()
    Upload.objects.create(
        process=process,
        kind=Kind.REGISTER,
        name="a.xlsx",
        sha256="a" * 64,
        size=1,
        state=State.READY,
    )
    own, other = by_title(process, superuser), by_title(councils, superuser)
    assert "Hay 1 candidatura registrada." in own["Registro de candidaturas"].says
    assert own["Registro de candidaturas"].misses == [
        "1 archivo subido espera: revísalo y aplícalo."
    ]
    assert own["Actores políticos y coaliciones"].says == ["Hay 1 actor político."]
    assert own["Cuentas que capturan"].is_done
    assert own["Proceso vigente en el portal"].is_done
    assert "No hay candidaturas registradas" in other["Registro de candidaturas"].misses[0]
    assert other["Proceso vigente en el portal"].misses == [
        "El portal muestra «Proceso Electoral Local 2024»."
    ]


def test_every_step_leads_where_the_administrator_may_do_it(
    client: Client, councils: Process, administrator: Any
) -> None:
    client.force_login(administrator)
    found = by_title(councils, administrator)
    for step in found.values():
        assert step.links or step.title == "Cuentas que capturan", step.title
        for link in step.links:
            assert client.get(link.address).status_code == 200, link


def test_the_steps_cost_the_same_however_much_there_is(
    client: Client, councils: Process, superuser: Any, django_assert_num_queries: Any
) -> None:
    steps_of(standing_of(councils), superuser)
    with django_assert_num_queries(10):
        steps_of(standing_of(councils), superuser)


def test_the_steps_are_reached_from_the_list_the_form_and_the_first_page(
    client: Client, councils: Process, administrator: Any
) -> None:
    client.force_login(administrator)
    address = f"/admin/procesos/{councils.pk}/preparar/"
    for page in ("/admin/", "/admin/process/", f"/admin/process/edit/{councils.pk}/"):
        assert f'href="{address}"' in client.get(page).content.decode(), page
    main = main_of(client, address)
    assert "Faltan 5 pasos de 13." in main
    assert "Hacerlo vigente" in main


def test_who_does_not_administer_does_not_see_the_steps(client: Client, councils: Process) -> None:
    for role in ("comunicacion", "consulta", "instancia_interna", "revision_curricular"):
        client.force_login(create_staff(username=role, role=role))
        for page in ("preparar", "vigente"):
            address = f"/admin/procesos/{councils.pk}/{page}/"
            assert client.get(address).headers["Location"] == "/admin/"
            assert client.post(address, {"instead_of": ""}).status_code == 403
    assert PortalSettings.load().current_process is None


# -- the current process --------------------------------------------------------------------------


def test_before_confirming_it_is_said_what_citizens_will_see_and_what_is_missing(
    client: Client, process: Process, councils: Process, administrator: Any
) -> None:
    client.force_login(administrator)
    main = main_of(client, f"/admin/procesos/{councils.pk}/vigente/")
    assert "Hoy el portal muestra «Proceso Electoral Local 2024»." in main
    assert "Dónde se vota: 11 municipios." in main
    assert "El mapa de sus municipios." in main
    assert "La jornada electoral: 6 de junio de 2027." in main
    assert "Hoy no hay candidaturas a la vista" in main
    assert "Desde el" in main


def test_an_empty_process_may_be_made_current_and_its_consequences_are_said(
    bare: Process, superuser: Any
) -> None:
    found = prospect_of(standing_of(bare))
    assert "La portada y las boletas no dirán cuándo se vota." in found.lacks
    assert any("no tendrá lista, mapa ni buscador" in line for line in found.lacks)


def test_candidacies_that_are_not_visible_yet_are_counted_apart(
    process: Process, make_candidacy: Any
) -> None:
    make_candidacy()
    make_candidacy(cvegeo="05035", office="regiduria", list_number=1)
    ProcessOffice.objects.filter(office__code="regiduria").update(visible_from=None)
    found = prospect_of(standing_of(process))
    assert "1 candidatura a la vista hoy." in found.shows
    assert found.lacks[-1] == (
        "1 candidatura registrada todavía no se ve, por la fecha de su cargo."
    )


def test_confirming_makes_it_current_at_once_and_notes_who_did_it(
    client: Client, process: Process, councils: Process, administrator: Any
) -> None:
    assert "Proceso Electoral Local 2024" in client.get("/").content.decode()
    client.force_login(administrator)
    address = f"/admin/procesos/{councils.pk}/vigente/"
    for _twice in range(2):
        sent = client.post(address, {"instead_of": process.pk})
        assert sent.headers["Location"] == f"/admin/procesos/{councils.pk}/preparar/"
    home = Client().get("/").content.decode()
    assert "Proceso Electoral Local 2027" in home
    assert "Proceso Electoral Local 2024" not in home
    entry = ModelLogEntry.objects.get(action="catalogs.make_current")
    assert (entry.object_id, entry.user) == (str(councils.pk), administrator)
    said = client.get(f"/admin/process/history/{councils.pk}/").content.decode()
    assert "en lugar de «Proceso Electoral Local 2024»" in said


def test_whoever_confirms_over_a_choice_that_moved_is_told_and_nothing_changes(
    client: Client, process: Process, councils: Process, bare: Process, administrator: Any
) -> None:
    other = Process.objects.create(slug="otro", name="Otro proceso")
    client.force_login(administrator)
    address = f"/admin/procesos/{councils.pk}/vigente/"
    make_current(process=other, instead_of=process.pk, by=administrator)
    sent = client.post(address, {"instead_of": process.pk})
    assert sent.status_code == 409
    assert "otra persona hizo vigente otro proceso" in sent.content.decode()
    assert PortalSettings.load().current_process == other
    with pytest.raises(CurrentMoved):
        make_current(process=councils, instead_of=None, by=administrator)
    odd = client.post(address, {"instead_of": "\u202e²"})
    assert odd.status_code == 409


def test_the_settings_of_the_portal_lead_to_the_steps_and_leave_the_choice_alone(
    client: Client, process: Process, administrator: Any
) -> None:
    client.force_login(administrator)
    address = f"/admin/settings/catalogs/portalsettings/{PortalSettings.load().pk}/"
    assert "El portal muestra «Proceso Electoral Local 2024»." in main_of(client, address)
    client.post(address, {"institute_name": "IEC", "contact_area": "UT", "current_process": ""})
    portal = PortalSettings.load()
    assert (portal.current_process, portal.institute_name) == (process, "IEC")
