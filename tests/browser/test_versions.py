"""A questionnaire is changed in Chromium by somebody who only reads the screen."""

import re

import pytest
from playwright.sync_api import expect

from cms.demo.roster import PROCESS_NAME

pytestmark = pytest.mark.browser


def begin(page):
    """Begin a draft of the demonstration; other tests may have made processes."""
    name = re.compile(f"Empezar un borrador.*{PROCESS_NAME}", re.DOTALL)
    page.get_by_role("button", name=name).first.click()


def add_question(page, label, kind):
    page.get_by_role("link", name="Agregar pregunta en «Propuestas»").click()
    page.fill("#id_label", label)
    page.select_option("#id_kind", label=kind)


def test_two_questions_are_added_previewed_put_in_force_and_informed(administrator):
    page = administrator.page
    administrator.expected_statuses = {422}
    administrator.go("/admin/cuestionarios/borradores/")
    administrator.audit()
    begin(page)
    page.wait_for_selector("h2:has-text('Qué cambia')")
    administrator.audit()

    add_question(page, "¿Qué lenguas habla?", "Texto corto")
    administrator.audit()
    page.get_by_role("button", name="Guardar en el borrador").last.click()
    expect(page.locator("#resumen")).to_be_focused()
    expect(page.locator("#resumen")).to_contain_text("Un texto lleva un máximo de caracteres.")
    expect(page.locator("#id_label")).to_have_value("¿Qué lenguas habla?")
    administrator.audit()
    page.fill("#id_max_length", "120")
    page.locator("#id_max_length").press("Enter")
    expect(page.locator("#pregunta-lenguas_habla")).to_contain_text("hasta 120 caracteres")

    add_question(page, "¿Cómo se traslada?", "Opción")
    page.get_by_label("Opción 1").fill("En bicicleta")
    page.get_by_label("Opción 2").fill("En camión")
    page.get_by_role("button", name="Bajar la opción 1").press("Enter")
    expect(page.get_by_label("Opción 1")).to_have_value("En camión")
    page.get_by_role("button", name="Guardar en el borrador").last.click()
    page.get_by_role("button", name="Subir «¿Cómo se traslada?»").press("Enter")
    expect(page.locator("#pregunta-traslada")).to_be_focused()
    expect(page.locator("[aria-labelledby=cambia]")).to_contain_text("«¿Cómo se traslada?»")

    look_at_the_previews(administrator)
    put_in_force_and_inform(administrator)


def look_at_the_previews(administrator):
    page = administrator.page
    page.get_by_role("link", name="Ver cómo se captura").click()
    page.get_by_role("link", name="Propuestas").first.click()
    expect(page.get_by_text("Nada de lo que escribas se guarda")).to_be_visible()
    expect(page.get_by_label("¿Qué lenguas habla?")).to_be_visible()
    administrator.audit()
    page.get_by_role("link", name="Volver al borrador").first.click()
    page.get_by_role("link", name="Ver cómo se lee").click()
    expect(page.get_by_role("heading", name="¿Qué lenguas habla?")).to_be_visible()
    administrator.audit()
    page.get_by_role("link", name="Volver al borrador").click()


def put_in_force_and_inform(administrator):
    page = administrator.page
    page.get_by_role("link", name="Revisar y poner en vigor").click()
    administrator.audit()
    page.get_by_role("button", name="Poner en vigor").click()
    expect(page.get_by_text("Quedan 3 días.")).to_be_visible()
    administrator.audit()
    page.get_by_role("link", name="Anotar que se informó al INE").click()
    page.wait_for_url("**/informar/")
    page.wait_for_load_state()
    administrator.audit()
    page.fill("#id_folio", "IEC/SE/1/2027")
    page.get_by_role("button", name="Anotar", exact=True).click()
    expect(page.get_by_text("IEC/SE/1/2027")).to_be_visible()
    administrator.go("/admin/definitionchange/")
    expect(page.get_by_text("Informado").first).to_be_visible()
    administrator.audit()


@pytest.fixture
def party(visitor, site):
    """A liaison who has begun a questionnaire and goes on writing in a step."""
    made = visitor()
    page = made.page
    made.expected_statuses = {409, 422}
    made.go("/acceso/?next=/captura/")
    page.fill("#id_login", "enlace.alianza")
    page.fill("#id_password", site.passwords["enlace.alianza"])
    page.click("main button[type=submit]")
    page.get_by_role("link", name=re.compile("^(Empezar|Continuar|Capturar)")).first.click()
    if page.locator("input[name=acepto]").count():
        page.check("input[name=acepto]")
        page.click("main button[type=submit]")
    page.get_by_role("link", name="Propuestas").first.click()
    page.fill("#propuesta_1", "Agua segura y diaria en los ejidos.")
    expect(page.locator("#estado-guardado")).to_contain_text("Guardado a las")
    return made


def test_who_is_writing_is_told_that_the_questionnaire_changed(administrator, party):
    admin, page = administrator.page, party.page
    administrator.go("/admin/cuestionarios/borradores/")
    begin(admin)
    add_question(admin, "¿Cómo cuidará el agua?", "Texto largo")
    admin.fill("#id_max_length", "900")
    admin.check("#id_required")
    admin.get_by_role("button", name="Guardar en el borrador").last.click()
    admin.get_by_role("link", name="Revisar y poner en vigor").click()
    admin.get_by_role("button", name="Poner en vigor").click()
    administrator.go("/admin/")
    expect(admin.locator(".next-actions")).to_contain_text("Quedan 3 días.")
    administrator.audit()

    page.fill("#propuesta_2", "Un mercado de productoras.")
    told = "El Instituto cambió este cuestionario mientras escribías"
    expect(page.locator("#estado-guardado")).to_contain_text(told)
    party.audit()
    page.get_by_role("button", name="Guardar y continuar").last.click()
    expect(page.locator("#resumen")).to_be_focused()
    expect(page.locator("#resumen")).to_contain_text(told)
    expect(page.locator("#propuesta_2")).to_have_value("Un mercado de productoras.")
    expect(page.locator("#cambio")).to_contain_text("te falta solo esto")
    party.audit()
    page.locator("#cambio").get_by_role("link", name="¿Cómo cuidará el agua?").press("Enter")
    expect(page.get_by_label("¿Cómo cuidará el agua?")).to_be_visible()
    page.locator("#cambio summary").press("Enter")
    expect(page.locator("#cambio")).to_contain_text("Pregunta nueva en «Propuestas»")
    party.audit()
    page.get_by_role("link", name="Revisar y enviar").first.click()
    expect(page.locator("#cambio")).to_be_visible()
    party.audit()
    party.go("/captura/")
    expect(page.get_by_text("El Instituto cambió el cuestionario").first).to_be_visible()
    party.audit()
