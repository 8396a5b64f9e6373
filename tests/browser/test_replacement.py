"""A published candidacy is replaced in the admin; a citizen reads both pages on a telephone."""

import re

import pytest

pytestmark = pytest.mark.browser


def open_a_published_one(staff):
    """Open the record of a published candidacy that no other test asks for; gives its name."""
    page = staff.page
    staff.go("/admin/candidaturas/?questionnaire=publicado")
    link = page.locator("#listing-results td.title a").last
    name = link.inner_text().strip()
    link.click()
    page.wait_for_url(re.compile(r"/admin/candidaturas/\d+/$"))
    return name


def replace(staff, number, old_name):
    """Fill the form in, first without a date, and look at every screen of the register."""
    page = staff.page
    for action in ("Dar de baja", "Retirar la planilla", "Corregir datos"):
        staff.go(f"/admin/candidaturas/{number}/")
        page.get_by_role("link", name=action, exact=True).click()
        page.locator("main form[method=post]").wait_for()
        assert old_name in page.inner_text("main")
        staff.audit()
    staff.go(f"/admin/candidaturas/{number}/")
    page.get_by_role("link", name="Sustituir", exact=True).click()
    page.get_by_label("Causa").select_option(label="renuncia")
    staff.expected_statuses.add(422)
    page.get_by_role("button", name="Registrar la sustitución").click()
    page.get_by_text("Escribe la fecha.").wait_for()
    assert page.get_by_label("Causa").input_value() == "renuncia"
    staff.audit()
    page.get_by_label("Fecha de la baja").fill("2024-04-18")
    page.get_by_label("Nombre registrado").fill("Casilda Gobernadora Quiote")
    page.get_by_label("Sexo o género").select_option(label="mujer")
    page.get_by_role("button", name="Registrar la sustitución").press("Enter")
    page.get_by_text("La sustitución está registrada.").wait_for()
    staff.audit()


def test_a_candidacy_is_replaced_and_both_pages_say_so(administrator, visitor):
    old_name = open_a_published_one(administrator)
    administrator.audit()
    number = re.search(r"/candidaturas/(\d+)/", administrator.page.url)[1]
    replace(administrator, number, old_name)

    citizen = visitor(390)
    citizen.go(f"/candidaturas/{number}/")
    said = citizen.page.inner_text("main")
    assert "Esta candidatura terminó por renuncia el 18 de abril de 2024." in said
    assert "Contacto público" not in said
    citizen.audit()
    citizen.page.get_by_role("link", name="Casilda Gobernadora Quiote").first.click()
    citizen.page.get_by_role("heading", name="Casilda Gobernadora Quiote", level=1).wait_for()
    said = citizen.page.inner_text("main")
    assert f"Sustituye a {old_name}." in said
    assert "Sin información capturada" in said
    citizen.audit()
