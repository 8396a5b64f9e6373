"""A citizen searches: suggestions by keyboard, results that change in place, one's answers."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import WIDTH

pytestmark = pytest.mark.browser
BOX = "Palabra, nombre o tema"


def suggested(page, typed):
    """Type into the search box, and wait for what is suggested."""
    box = page.get_by_role("combobox", name=BOX)
    box.fill("")
    box.press_sequentially(typed)
    expect(box).to_have_attribute("aria-expanded", "true")
    return box, page.get_by_role("listbox", name="Sugerencias").get_by_role("option")


def remember(page):
    """Mark the page, so that it can be told from a newly loaded one."""
    page.evaluate("window.sameDocument = true")


def hold(page, pattern):
    """Requests that wait until the test lets them continue, as on a slow network."""
    held = []

    def keep(route):
        held.append(route)

    page.route(pattern, keep)
    return held


def is_the_same(page):
    return page.evaluate("window.sameDocument === true")


def test_a_municipality_is_reached_from_the_search_box_by_keyboard(visitor):
    citizen = visitor()
    page = citizen.page
    citizen.go("/buscar/")
    box, options = suggested(page, "torreo")
    assert options.first.inner_text().split("\n")[0] == "Torreón"
    page.keyboard.press("ArrowDown")
    assert box.get_attribute("aria-activedescendant") == options.first.get_attribute("id")
    assert options.first.get_attribute("aria-selected") == "true"
    citizen.audit()
    page.keyboard.press("Escape")
    expect(box).to_have_attribute("aria-expanded", "false")
    assert box.input_value() == "torreo"
    suggested(page, "torreo")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/municipios/torreon/")


def test_a_topic_is_searched_in_place_and_a_typed_text_is_never_replaced(visitor):
    citizen = visitor(390)
    page = citizen.page
    citizen.go("/buscar/")
    remember(page)
    _box, options = suggested(page, "agua po")
    options.get_by_text("agua potable", exact=True).click()
    page.wait_for_url("**/buscar/?q=agua%20potable")
    expect(page.get_by_role("heading", level=1)).to_contain_text("«agua potable»")
    assert page.get_by_role("combobox", name=BOX).input_value() == "agua potable"
    suggested(page, "agua")
    page.keyboard.press("Enter")
    page.wait_for_url("**/buscar/?q=agua")
    assert is_the_same(page)
    expect(page).to_have_title(re.compile("«agua»"))


def test_a_misspelt_word_is_explained_and_the_meant_one_is_searched_in_place(visitor):
    citizen = visitor()
    page = citizen.page
    citizen.go("/buscar/?q=electrisidad")
    remember(page)
    heading = page.get_by_role("heading", level=1).inner_text()
    assert "«electricidad»" in heading
    assert "nadie escribe «electrisidad»" in page.get_by_text("¿Quisiste decir").inner_text()
    page.get_by_text("¿Quisiste decir").get_by_role("link", name="electricidad").click()
    page.wait_for_url("**/buscar/?q=electricidad")
    expect(page.get_by_text("¿Quisiste decir")).to_have_count(0)
    assert page.get_by_role("heading", level=1).inner_text() == heading
    assert page.get_by_role("combobox", name=BOX).input_value() == "electricidad"
    assert is_the_same(page)


def test_filters_change_the_results_in_place_and_keep_focus_scroll_and_address(visitor):
    citizen = visitor()
    page = citizen.page
    citizen.go("/buscar/?q=agua")
    remember(page)
    before = page.locator("#cuantas strong").inner_text()
    more = page.locator("#mas-municipio")
    more.locator("summary").click()
    women = page.get_by_role("checkbox", name=re.compile("^Mujeres"))
    women.scroll_into_view_if_needed()
    place = women.bounding_box()
    women.check()
    page.wait_for_url("**/buscar/?q=agua&sexo=mujer")
    expect(page.get_by_role("link", name="Quitar el filtro Mujeres")).to_be_visible()
    expect(page.locator("#cuantas")).not_to_contain_text(before)
    expect(women).to_be_focused()
    expect(women).to_be_checked()
    assert more.evaluate("details => details.open")
    assert women.bounding_box() == place
    citizen.audit()
    page.get_by_role("link", name="Quitar el filtro Mujeres").press("Enter")
    page.wait_for_url("**/buscar/?q=agua")
    expect(page.locator("#cuantas strong")).to_have_text(before)
    expect(women).not_to_be_checked()
    expect(page.locator("#resultados")).to_be_focused()
    assert is_the_same(page)


def test_the_address_of_results_in_place_is_a_page_and_going_back_shows_the_ones_before(visitor):
    citizen = visitor()
    page = citizen.page
    citizen.go("/buscar/?q=agua")
    first = page.locator(".result__name").first.inner_text()
    heading = page.get_by_role("heading", level=1).inner_text()
    page.get_by_role("link", name="Siguiente").click()
    page.wait_for_url("**/buscar/?q=agua&pagina=2")
    expect(page.locator("#resultados")).to_be_focused()
    expect(page.locator("[aria-current=page]").last).to_have_text("Página 2")
    second = page.locator(".result__name").first.inner_text()
    page.reload()
    assert page.locator(".result__name").first.inner_text() == second
    with page.expect_event("load"):
        page.go_back()
    assert page.locator(".result__name").first.inner_text() == first
    assert page.get_by_role("heading", level=1).inner_text() == heading
    with page.expect_event("load"):
        page.go_forward()
    assert page.locator(".result__name").first.inner_text() == second


def test_on_a_phone_the_sheet_of_filters_stays_open_until_it_is_applied(visitor):
    citizen = visitor(390)
    page = citizen.page
    citizen.go("/buscar/?q=agua")
    remember(page)
    page.get_by_role("button", name="Filtrar").click()
    sheet = page.locator("#filtros")
    page.get_by_role("checkbox", name=re.compile("^Mujeres")).check()
    page.wait_for_url("**/buscar/?q=agua&sexo=mujer")
    assert sheet.evaluate("sheet => sheet.matches(':popover-open')")
    page.get_by_role("button", name="Aplicar filtros").click()
    expect(sheet).to_be_hidden()
    expect(page.get_by_role("button", name="Filtrar, 1 activo")).to_be_visible()
    assert is_the_same(page)


def test_without_an_answer_nothing_is_lost_and_it_is_asked_again(visitor):
    citizen = visitor(390)
    citizen.failures_are_expected = True
    page = citizen.page
    citizen.go("/buscar/?q=agua")
    remember(page)
    heading = page.get_by_role("heading", level=1).inner_text()
    page.get_by_role("button", name="Filtrar").click()
    women = page.get_by_role("checkbox", name=re.compile("^Mujeres"))
    page.context.set_offline(True)
    women.check()
    trouble = page.get_by_role("alert")
    expect(trouble).to_contain_text("No hay conexión con el sitio.")
    assert (page.url.endswith("?q=agua"), women.is_checked()) == (True, True)
    assert page.get_by_role("heading", level=1).inner_text() == heading
    expect(page.locator("#busqueda")).to_have_attribute("aria-busy", "false")
    citizen.audit()
    again = trouble.get_by_role("link", name="Intentar otra vez")
    again.click()
    expect(again).to_be_focused()
    page.context.set_offline(False)
    again.click()
    page.wait_for_url("**/buscar/?q=agua&sexo=mujer")
    expect(trouble).to_be_hidden()
    expect(page.locator("#resultados")).to_be_focused()
    assert is_the_same(page)
    for status, said in ((429, "Hiciste muchas búsquedas"), (503, "El sitio está ocupado")):
        page.route("**/buscar/?*", lambda route, _asked, code=status: route.fulfill(status=code))
        page.get_by_role("link", name="Siguiente").click()
        expect(trouble).to_contain_text(said)
        page.unroute("**/buscar/?*")
    assert page.url.endswith("/buscar/?q=agua&sexo=mujer")


def test_suggestions_that_are_late_do_not_cover_the_results(visitor):
    citizen = visitor()
    page = citizen.page
    citizen.go("/buscar/")
    held = hold(page, "**/api/v1/sugerencias/*")
    box = page.get_by_role("combobox", name=BOX)
    with page.expect_request("**/api/v1/sugerencias/*"):
        box.fill("caminos")
    box.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("«caminos»")
    with page.expect_response("**/api/v1/sugerencias/*") as late:
        held[0].continue_()
    late.value.finished()
    expect(box).to_be_focused()
    expect(box).to_have_attribute("aria-expanded", "false")
    page.unroute("**/api/v1/sugerencias/*")
    box.press("ArrowDown")
    expect(page.get_by_role("option").first).to_have_attribute("aria-selected", "true")


def test_what_is_typed_while_the_results_are_on_their_way_stays(visitor):
    citizen = visitor()
    page = citizen.page
    citizen.go("/buscar/")
    held = hold(page, "**/buscar/?*")
    box = page.get_by_role("combobox", name=BOX)
    box.fill("caminos")
    with page.expect_request("**/buscar/?*"):
        box.press("Enter")
    box.press_sequentially(" rurales")
    held[0].continue_()
    expect(page.get_by_role("heading", level=1)).to_contain_text("«caminos»")
    assert box.input_value() == "caminos rurales"


def test_an_answer_that_is_an_error_is_shown_as_its_page(visitor):
    citizen = visitor()
    citizen.expected_statuses.add(400)
    page = citizen.page
    citizen.go("/buscar/?q=agua")
    women = page.get_by_role("checkbox", name=re.compile("^Mujeres"))
    women.evaluate("box => box.value = 'x'")
    women.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("No entendimos la búsqueda")
    assert page.url.endswith("/buscar/?q=agua&sexo=x")


def test_long_words_do_not_make_a_page_scroll_sideways(visitor):
    citizen = visitor(320)
    citizen.expected_statuses.add(400)
    word = "x" * 180
    citizen.go("/buscar/?q=agua")
    candidacy = citizen.page.locator(".result__name a").first.get_attribute("href")
    for path in ("/buscar/?q=", "/buscar/?q=agua&orden=", f"{candidacy}?q="):
        citizen.go(path + word)
        assert citizen.page.evaluate(WIDTH) == 320, path


def test_a_list_of_suggestions_that_would_open_below_the_window_is_brought_into_sight(visitor):
    citizen = visitor(390)
    page = citizen.page
    page.set_viewport_size({"width": 390, "height": 500})
    citizen.go("/")
    suggested(page, "mor")
    expect(page.get_by_role("listbox", name="Sugerencias")).to_be_in_viewport(ratio=0.99)
    expect(page.get_by_role("combobox", name=BOX)).to_be_in_viewport()


@pytest.mark.parametrize("java_script_enabled", [True, False])
def test_the_answers_of_one_candidacy_are_searched_by_question(visitor, java_script_enabled):
    citizen = visitor(390, java_script_enabled=java_script_enabled)
    page = citizen.page
    citizen.go("/buscar/?q=agua")
    page.locator(".result:has(.passage) .result__name a").first.click()
    page.get_by_role("searchbox", name="Buscar en sus respuestas").fill("propuestas sobre agua")
    page.locator("#dentro").get_by_role("button", name="Buscar").click()
    page.wait_for_url("**/?q=propuestas+sobre+agua#dentro")
    found = page.locator(".inside__found a").first
    assert "propuesta" in found.inner_text()
    if java_script_enabled:
        citizen.audit()
    found.click()
    anchor = page.url.split("#")[1]
    assert page.locator(f"[id='{anchor}'] mark").first.inner_text().lower().startswith("agua")
    page.get_by_role("link", name="Quitar la búsqueda").click()
    assert page.locator("mark").count() == 0
