"""A citizen uses public pages with the keyboard and other preferences, with and without script."""

import itertools
import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def focused(page, expression="document.activeElement.textContent"):
    return page.evaluate(expression)


def test_a_municipality_is_chosen_with_the_keyboard_and_without_its_accent(visitor):
    citizen = visitor()
    citizen.go("/")
    box = citizen.page.get_by_role("combobox", name="¿En qué municipio votas?")
    box.press_sequentially("torre")
    assert box.get_attribute("aria-expanded") == "true"
    spoken = citizen.page.locator("[role=status]", has_text="1 municipio. Elige con las flechas.")
    spoken.wait_for(state="attached")
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


def test_the_sheet_of_filters_never_covers_what_has_the_focus(visitor):
    citizen = visitor(390)
    page = citizen.page
    citizen.go("/buscar/?q=agua")
    page.get_by_role("button", name="Filtrar").press("Enter")
    page.get_by_role("button", name="Cerrar").last.focus()
    page.keyboard.press("Tab")
    assert not page.evaluate("document.querySelector('#filtros').matches(':popover-open')")
    assert focused(page, "document.activeElement.id") == "orden"


def test_the_first_stop_of_tab_is_the_link_to_the_content(visitor):
    citizen = visitor()
    citizen.go("/municipios/san-pedro/")
    citizen.page.keyboard.press("Tab")
    assert focused(citizen.page) == "Saltar al contenido"
    citizen.page.keyboard.press("Enter")
    assert focused(citizen.page, "document.activeElement.id") == "contenido"


def test_without_script_a_wrong_password_moves_the_focus_to_the_summary_of_errors(visitor):
    party = visitor(java_script_enabled=False)
    party.go("/acceso/")
    party.page.fill("#id_login", "nadie")
    party.page.fill("#id_password", "equivocada")
    party.page.get_by_role("button", name="Entrar").click()
    expect(party.page).to_have_title(re.compile("^Error: "))
    expect(party.page.locator("#resumen")).to_be_focused()


def stops_until(page, selector, limit):
    """How many times Tab is pressed until the focus is inside an element."""
    for stop in range(1, limit + 1):
        page.keyboard.press("Tab")
        if page.evaluate("parent => Boolean(document.activeElement.closest(parent))", selector):
            return stop
    raise AssertionError(f"{limit} stops and no {selector}")


@pytest.mark.parametrize(("width", "stops"), [(1280, 18), (390, 16)])
def test_results_are_reached_with_few_stops_of_tab(visitor, width, stops):
    citizen = visitor(width)
    citizen.go("/buscar/?q=agua&sexo=mujer&sexo=hombre")
    # Two links that skip, the header, the path, the search, its help, filters in use, the order.
    assert stops_until(citizen.page, ".results", 30) == stops
    citizen.go("/buscar/?q=agua")
    assert stops_until(citizen.page, "[href='#resultados']", 3) == 2
    citizen.page.keyboard.press("Enter")
    assert focused(citizen.page, "document.activeElement.id") == "resultados"
    assert stops_until(citizen.page, ".result a", 1) == 1


def test_the_number_of_suggestions_is_announced_once(visitor):
    page = (citizen := visitor()).page
    citizen.go("/")
    spoken = page.get_by_role("search", name="Buscar tu municipio").get_by_role("status")
    spoken.evaluate(
        "spoken => { window.said = []; new MutationObserver(() => said.push(spoken.textContent))"
        ".observe(spoken, {childList: true}) }"
    )
    box = page.get_by_role("combobox", name="¿En qué municipio votas?")
    for typed, words in (
        ("san", r"\d+ municipios\. Elige con las flechas\."),
        ("sanx", r"Ningún municipio empieza así\."),
    ):
        box.fill("")
        box.press_sequentially(typed)
        expect(spoken).to_have_text(re.compile(f"^{words}$"))
    assert len([text for text in page.evaluate("said") if text]) == 2


# The words of the header that are cut, covered or outside the window.
LOST = """() => {
  const parts = '.site-header :is(a, button, .brand__name, .brand__owner)';
  const seen = [...document.querySelectorAll(parts)]
    .filter((part) => part.checkVisibility());
  const boxes = seen.map((part) => [part.textContent.trim(), part.getBoundingClientRect(), part]);
  const out = boxes.filter(([, box]) => box.left < -1 || box.right > innerWidth + 1
    || box.width < 2);
  const cut = boxes.filter(([, , part]) => getComputedStyle(part).overflow !== 'visible'
    && (part.scrollWidth > part.clientWidth + 1 || part.scrollHeight > part.clientHeight + 1));
  const covered = boxes.filter(([, a, part], n) => boxes.some(([, b, other], m) => m > n
    && !part.contains(other) && !other.contains(part)
    && Math.min(a.right, b.right) - Math.max(a.left, b.left) > 2
    && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 2));
  return [...out, ...cut, ...covered].map(([words]) => words);
}"""
# The spacing of WCAG 1.4.12, set through a constructed style sheet, which the page's policy allows.
SPACING = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync('* { line-height: 1.5 !important; letter-spacing: 0.12em !important;'
    + ' word-spacing: 0.16em !important } p { margin-block-end: 2em !important }');
  document.adoptedStyleSheets = [sheet];
}"""


@pytest.mark.parametrize("width", [1280, 960, 640, 390, 320])
def test_the_header_loses_nothing_with_large_letters_or_wide_spacing(visitor, width):
    citizen = visitor(width)
    page = citizen.page
    for enlarge in ("document.documentElement.style.fontSize = '200%'", f"({SPACING})()"):
        citizen.go("/municipios/torreon/")
        page.evaluate(enlarge)
        assert page.evaluate(LOST) == [], (width, enlarge)
        assert page.evaluate("document.documentElement.scrollWidth") == width
        assert page.get_by_text("Instituto Electoral de Coahuila").first.is_visible()


def colours(page, selector):
    return page.evaluate(
        "selector => { const seen = getComputedStyle(document.querySelector(selector));"
        " return [seen.backgroundColor, seen.borderBlockEndColor, seen.borderBlockEndWidth,"
        " seen.fill, seen.stroke] }",
        selector,
    )


def test_what_is_chosen_is_visible_with_forced_colours(visitor):
    citizen = visitor()
    page = citizen.page
    for scheme in ("light", "dark"):
        citizen.see({"forced_colors": "active", "color_scheme": scheme})
        citizen.go("/buscar/?q=agua&pagina=2&sexo=mujer")
        ground = colours(page, "body")[0]
        assert colours(page, ".pagination [aria-current]")[0] != ground
        assert colours(page, ".chip--on")[1] != colours(page, ".button--small")[1]
        current, other = ".site-nav a[aria-current]", ".site-nav a:not([aria-current])"
        assert colours(page, current)[1] not in {ground, colours(page, other)[1]}
        assert colours(page, "mark")[0] != ground
        citizen.go("/")
        fill, stroke = colours(page, ".map a path")[3:]
        assert fill == ground
        assert stroke != ground
        page.locator("#municipio").press_sequentially("san")
        page.keyboard.press("ArrowDown")
        assert colours(page, "[role=option][aria-selected=true]")[0] != ground
        citizen.go("/municipios/torreon/")
        assert colours(page, ".map--mini .is-here")[3] != colours(page, ".map--mini path")[3]
    citizen.see({"contrast": "more"})
    citizen.go("/")
    assert colours(page, ".map a path")[4] == page.evaluate("getComputedStyle(document.body).color")


def test_headings_of_public_pages_have_no_gaps(visitor):
    citizen = visitor()
    for path in ("/", "/buscar/?q=agua", "/municipios/torreon/", "/municipios/", "/accesibilidad/"):
        citizen.go(path)
        levels = citizen.page.evaluate(
            "[...document.querySelectorAll('h1, h2, h3, h4')]"
            ".filter(heading => heading.checkVisibility())"
            ".map(heading => Number(heading.tagName[1]))"
        )
        assert levels[0] == 1
        assert levels.count(1) == 1
        jumps = [pair for pair in itertools.pairwise(levels) if pair[1] - pair[0] > 1]
        assert jumps == [], path
    citizen.go("/municipios/torreon/")
    slates = citizen.page.locator("details.planilla > summary h3")
    assert slates.count() == citizen.page.locator("details.planilla").count() == 5
