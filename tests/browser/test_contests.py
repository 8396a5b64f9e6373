"""What a process elects is set up in Chromium by somebody who only reads the screen."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_a_process_of_another_entity_is_set_up_without_a_code_typed(administrator):
    page = administrator.page
    administrator.expected_statuses = {422, 409}
    administrator.go("/admin/elecciones/")
    administrator.audit()
    administrator.go("/admin/process/new/")
    page.get_by_label("Nombre").fill("Proceso Electoral Local 2027")
    page.get_by_label("Entidad federativa").select_option(label="Durango")
    page.get_by_label("Jornada electoral").fill("2027-06-06")
    page.keyboard.press("Escape")
    administrator.audit()
    page.get_by_role("button", name="Crear").click()
    page.get_by_role("link", name="Agregar los cargos").click()
    expect(page.get_by_role("heading", name="Qué se elige")).to_be_visible()
    administrator.audit()

    page.get_by_role("link", name="Agregar cargos").click()
    page.get_by_role("button", name="Agregar los marcados").click()
    expect(page.locator("#resumen")).to_be_focused()
    expect(page.get_by_text("desde las 0:00 h del 3 de junio de 2027")).to_be_visible()
    administrator.audit()
    page.get_by_label("Regiduría (por municipio)").check()
    page.get_by_label("Diputación local (por distrito)").check()
    page.get_by_role("button", name="Agregar los marcados").press("Enter")

    take_municipalities_and_say_their_seats(administrator)
    load_districts(administrator)
    copy_actors(administrator)


def take_municipalities_and_say_their_seats(administrator):
    page = administrator.page
    page.get_by_role("link", name="Regiduría", exact=True).click()
    page.get_by_role("button", name="Tomar los 39 municipios de Durango").click()
    expect(page.get_by_text("39 elecciones", exact=True)).to_be_visible()
    administrator.audit()

    page.get_by_role("textbox", name="Canatlán").fill("nueve")
    page.get_by_role("textbox", name="Canatlán").press("Enter")
    expect(page.locator("#resumen")).to_be_focused()
    page.locator("#resumen").get_by_role("link", name="Canatlán").press("Enter")
    expect(page.get_by_role("textbox", name="Canatlán")).to_be_focused()
    expect(page.get_by_role("textbox", name="Canatlán")).to_have_value("nueve")
    administrator.audit()
    page.get_by_role("textbox", name="Canatlán").fill("9")
    page.get_by_label("Lugares de las vacías").fill("7")
    page.get_by_role("button", name="Guardar los lugares").last.click()
    expect(page.get_by_text("Se guardaron los lugares de 39 elecciones.")).to_be_visible()
    expect(page.get_by_text("275 lugares por actor")).to_be_visible()

    page.get_by_label("Quitar Canatlán").check()
    page.get_by_role("button", name="Quitar las marcadas").click()
    administrator.audit()
    page.get_by_role("button", name="Quitar 1 elección").click()
    expect(page.get_by_text("De los 39 municipios de Durango falta 1.")).to_be_visible()
    page.get_by_role("button", name="Tomar los municipios que faltan").click()
    expect(page.get_by_text("Están los 39 municipios de Durango.")).to_be_visible()


def load_districts(administrator):
    page = administrator.page
    page.get_by_role("link", name="Ver todos los cargos del proceso").click()
    page.get_by_role("link", name="Diputación local", exact=True).click()
    page.get_by_role("link", name="Cargar los distritos").click()
    page.get_by_label("Tabla de distritos").fill("1\tDurango\tCanatlan, Durrango\nII\tNazas")
    page.get_by_role("button", name="Cargar los distritos").click()
    expect(page.locator("#resumen")).to_contain_text("Fila 1: «Durrango» no es un municipio")
    expect(page.locator("#resumen")).to_contain_text(
        "Fila 2: «ii» no es el número", ignore_case=True
    )
    administrator.audit()
    page.get_by_label("Tabla de distritos").fill("1\tDurango\tCanatlan, Durango\n2\tNazas")
    page.get_by_role("button", name="Cargar los distritos").click()
    expect(page.get_by_text("Se agregaron 2 distritos.")).to_be_visible()
    administrator.audit()


def copy_actors(administrator):
    page = administrator.page
    page.get_by_role("link", name="Ver todos los cargos del proceso").click()
    page.get_by_role("link", name="Copiar de otro proceso").click()
    page.get_by_role("button", name="Ver sus actores").click()
    administrator.audit()
    page.get_by_role("button", name="Copiar los marcados").click()
    expect(page.get_by_role("link", name="Ver la lista")).to_be_visible()
    administrator.audit()
