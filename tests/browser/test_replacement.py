"""A published candidacy is replaced in the admin; the new person gets an account, answers and is
approved; a citizen reads both pages on a telephone."""

import re

import pytest

from tests.browser.test_accounts import PASSWORD, mailed
from tests.browser.test_candidate import TEXT, answer_step
from tests.browser.test_uploads import work
from tests.browser.test_walk import approve, enter_the_desk

NEW_NAME = "Casilda Gobernadora Quiote"
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
    page.get_by_label("Nombre registrado").fill(NEW_NAME)
    page.get_by_label("Correo").fill("casilda@correo.example")
    page.get_by_label("Sexo o género").select_option(label="mujer")
    page.get_by_role("button", name="Registrar la sustitución").press("Enter")
    page.get_by_text("La sustitución está registrada.").wait_for()
    staff.audit()


def give_an_account(staff, site):
    """From the message of the replacement to the mail with the link; returns its path."""
    page = staff.page
    page.get_by_role("link", name="Entregar cuentas").click()
    page.get_by_role("button", name="Hacer las cuentas que faltan").click()
    page.wait_for_url(re.compile(r"/trabajo/\d+/$"))
    work(site)
    return mailed(staff, site, NEW_NAME)


def activate_and_send(person, link):
    """The new person receives the account, answers every step, and sends."""
    page = person.page
    person.go(link)
    page.get_by_role("button", name="Recibir mi cuenta").click()
    page.get_by_label("Contraseña", exact=True).fill(PASSWORD)
    page.get_by_label("La misma contraseña, otra vez").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/captura/$"))
    assert "Te quedan" in page.inner_text(".turn .clock"), "receiving the account began the term"
    page.get_by_role("link", name="Empezar", exact=True).click()
    page.check("input[name=acepto]")
    page.get_by_role("button", name="Continuar").click()
    for _step in range(10):
        page.wait_for_load_state()
        if "/revisar/" in page.url:
            break
        texts = [one.input_value() for one in page.locator("textarea").all()]
        assert not any(texts), "nothing is inherited"
        answer_step(page)
        with page.expect_navigation():
            page.click("button[name=siguiente]")
    page.check("input[name=confirmo]")
    page.get_by_role("button", name="Enviar al Instituto").click()
    page.wait_for_selector("h1:has-text('Acuse de envío')")


def read_both(citizen, number, old_name):
    """The page of who ended leads to that of who stands, which names the other."""
    citizen.go(f"/candidaturas/{number}/")
    said = citizen.page.inner_text("main")
    assert "Esta candidatura terminó por renuncia el 18 de abril de 2024." in said
    assert "Contacto público" not in said
    citizen.audit()
    citizen.page.get_by_role("link", name=NEW_NAME).first.click()
    citizen.page.get_by_role("heading", name=NEW_NAME, level=1).wait_for()
    said = citizen.page.inner_text("main")
    assert f"Sustituye a {old_name}." in said
    return said


def test_a_candidacy_is_replaced_and_both_pages_say_so(administrator, visitor, site):
    old_name = open_a_published_one(administrator)
    administrator.audit()
    number = re.search(r"/candidaturas/(\d+)/", administrator.page.url)[1]
    replace(administrator, number, old_name)
    citizen = visitor(390)
    assert "Sin información capturada" in read_both(citizen, number, old_name)
    citizen.audit()

    activate_and_send(visitor(390), give_an_account(administrator, site))
    assert "Sin información capturada" in read_both(citizen, number, old_name)
    validator = visitor()
    enter_the_desk(validator, site, NEW_NAME)
    approve(validator)

    assert TEXT.split(",")[0] in read_both(citizen, number, old_name)
    citizen.audit()
