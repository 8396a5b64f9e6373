"""What a citizen's keyboard and browser do on public pages, with script and without."""

import re

import pytest

pytestmark = pytest.mark.browser


def focused(page, expression="document.activeElement.textContent"):
    return page.evaluate(expression)


def test_a_municipality_is_chosen_by_keys_without_its_accent(visitor):
    citizen = visitor()
    citizen.go("/")
    box = citizen.page.get_by_role("combobox", name="¿En qué municipio votas?")
    box.press_sequentially("torre")
    assert box.get_attribute("aria-expanded") == "true"
    citizen.page.keyboard.press("ArrowDown")
    chosen = box.get_attribute("aria-activedescendant")
    assert citizen.page.inner_text(f"#{chosen}") == "Torreón"
    citizen.page.keyboard.press("Enter")
    citizen.page.wait_for_url("**/municipios/torreon/")


def test_without_script_the_box_the_menu_and_the_filters_work(visitor):
    citizen = visitor(390, java_script_enabled=False)
    page = citizen.page
    citizen.go("/")
    page.fill("#municipio", "torreon")
    page.get_by_role("button", name="Ver mi boleta").click()
    page.wait_for_url("**/municipios/torreon/")
    page.get_by_role("button", name="Menú").click()
    page.get_by_role("link", name="Candidaturas", exact=True).click()
    page.wait_for_url("**/buscar/")
    page.get_by_role("button", name="Filtrar").click()
    page.get_by_role("checkbox", name=re.compile("^Mujeres")).check()
    page.get_by_role("button", name="Aplicar filtros").click()
    page.wait_for_url("**/buscar/?**")
    page.get_by_role("link", name="Quitar el filtro Mujeres").click()
    assert page.get_by_role("link", name="Quitar el filtro Mujeres").count() == 0


def test_a_sheet_never_covers_what_has_the_focus(visitor):
    citizen = visitor(390)
    page = citizen.page
    citizen.go("/buscar/?q=agua")
    page.get_by_role("button", name="Filtrar").press("Enter")
    page.get_by_role("button", name="Cerrar").last.focus()
    page.keyboard.press("Tab")
    assert not page.evaluate("document.querySelector('#filtros').matches(':popover-open')")
    assert focused(page, "document.activeElement.id") == "orden"


def test_the_first_key_skips_to_the_content(visitor):
    citizen = visitor()
    citizen.go("/municipios/san-pedro/")
    citizen.page.keyboard.press("Tab")
    assert focused(citizen.page) == "Saltar al contenido"
    citizen.page.keyboard.press("Enter")
    assert focused(citizen.page, "document.activeElement.id") == "contenido"


def test_a_wrong_password_takes_the_focus_to_what_happened_without_script(visitor):
    party = visitor(java_script_enabled=False)
    party.go("/acceso/")
    party.page.fill("#id_login", "nadie")
    party.page.fill("#id_password", "equivocada")
    party.page.get_by_role("button", name="Entrar").click()
    assert party.page.title().startswith("Error: ")
    assert party.page.locator("#resumen:focus").count() == 1
