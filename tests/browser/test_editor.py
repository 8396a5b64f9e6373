"""Comunicación Social uses the editor in Chromium: preview, accessibility checker, errors."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

NEW_NOTE = "/admin/pages/add/portal/newspage/{index}/"


@pytest.fixture
def press(visitor, site):
    """A visitor signed in to the admin as Comunicación Social."""
    editor = visitor()
    editor.go("/acceso/?next=/admin/")
    editor.page.fill("#id_login", "comunicacion")
    editor.page.fill("#id_password", site.passwords["comunicacion"])
    editor.page.click("main button[type=submit]")
    editor.page.wait_for_url("**/admin/")
    return editor


def number_of(link):
    return re.search(r"/pages/(\d+)/", link.get_attribute("href"))[1]


def open_list_of_news(press):
    """The id of the page that lists the news, and the address of the editor of its first note."""
    press.go("/admin/pages/")
    home = number_of(press.page.locator("main a[href$='/edit/']", has_text="Conóceles").first)
    press.go(f"/admin/pages/{home}/")
    index = number_of(press.page.locator("main a[href$='/edit/']", has_text="Noticias").first)
    press.go(f"/admin/pages/{index}/")
    addresses = press.page.eval_on_selector_all(
        "main a[href$='/edit/']", "links => links.map(link => link.getAttribute('href'))"
    )
    note = next(address for address in addresses if f"/{index}/" not in address)
    return index, note


def test_the_editor_shows_the_page_and_counts_its_problems(press):
    _index, note = open_list_of_news(press)
    page = press.page
    press.go(note)
    title = page.input_value("#id_title")

    page.click("[data-side-panel-toggle=preview]")
    shown = page.frame_locator("[data-side-panel=preview] iframe").first
    shown.locator("h1", has_text=title).wait_for()
    page.click("[data-side-panel-toggle=checks]")
    checks = page.locator("[data-side-panel=checks]")
    expect(checks).to_contain_text(re.compile(r"Problemas encontrados\s*0"))
    assert re.search(r"Palabras\s+[1-9]", checks.inner_text())


def test_public_pages_cannot_be_framed(press, site):
    policy = press.page.request.get(f"{site.base}/noticias/").headers["content-security-policy"]
    assert "frame-ancestors 'none'" in policy


@pytest.mark.parametrize("width", [1280, 390])
def test_an_error_under_another_tab_is_named_and_reached(press, width):
    index, note = open_list_of_news(press)
    page = press.page
    press.go(note)
    taken = page.input_value("#id_slug")
    press.expected_statuses = {400}
    page.set_viewport_size({"width": width, "height": 900})
    press.go(NEW_NOTE.format(index=index))
    page.fill("#id_title", "Nota de prueba")
    # The value is set by script: the editor would change a slug that is typed.
    page.eval_on_selector("#id_slug", "(field, taken) => { field.value = taken; }", taken)
    page.eval_on_selector("button[name=action-publish]", "button => button.click()")

    summary = page.locator(".admin-errors")
    summary.wait_for()
    assert page.title().startswith("Error: ")
    assert page.evaluate("document.activeElement.className") == "admin-errors"
    said = summary.locator("li").all_inner_texts()
    slug = next(number for number, line in enumerate(said) if "pestaña Buscadores" in line)
    summary.locator("button").nth(slug).click()
    expect(page.locator("#id_slug")).to_be_focused()
    expect(page.locator("#id_slug")).to_be_visible()
    date = next(number for number, line in enumerate(said) if line.startswith("Fecha: "))
    summary.locator("button").nth(date).click()
    expect(page.locator("#id_date")).to_be_focused()
    assert page.evaluate("document.documentElement.scrollWidth") == width
