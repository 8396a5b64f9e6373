"""The validators' desk with the keyboard alone and on a telephone: shortcuts and refusals."""

import re

import pytest

pytestmark = pytest.mark.browser

ACTIVE = "document.activeElement"
SEEN_WHOLE = """selector => {
  const box = document.querySelector(selector).getBoundingClientRect();
  return box.top >= 0 && box.left >= 0 && box.right <= innerWidth && box.bottom <= innerHeight;
}"""


def enter(validator, site, username="revision"):
    page = validator.page
    validator.go("/acceso/?next=/admin/revision/")
    page.fill("#id_login", username)
    page.fill("#id_password", site.passwords[username])
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"^[^?]*/admin/revision/$"))


def open_the_first(validator, query=""):
    """Open the first submission of the queue by its link."""
    page = validator.page
    validator.go(f"/admin/revision/{query}")
    page.locator("#listing-results td a").first.press("Enter")
    page.wait_for_url(re.compile(r"/admin/revision/\d+/"))
    page.wait_for_selector("[data-review-steps]:not([hidden])")


def focused(page, what="textContent"):
    return page.evaluate(f"{ACTIVE}.{what}").strip()


def dialogs(page):
    return page.get_by_role("dialog").count()


def test_shortcuts_ask_before_they_decide(visitor, site):
    validator = visitor()
    # No other test uses this account: its shortcuts are off at the end.
    enter(validator, site, "instancia")
    page = validator.page
    page.keyboard.press("Control+Alt+a")
    assert dialogs(page) == 0, "the queue decides nothing"

    open_the_first(validator)
    record = page.url
    for keys in ("a", "Control+a", "Alt+a", "Control+Alt+Shift+a", "Shift+o", "Control+o"):
        page.keyboard.press(keys)
        assert dialogs(page) == 0, keys
    page.keyboard.press("n")
    page.keyboard.press("n")
    page.keyboard.press("o")
    assert focused(page, "value") == "observar"
    text = page.locator("textarea[name$='-text']:visible")
    text.focus()
    page.keyboard.type("npo")
    page.keyboard.press("Control+Alt+a")
    assert dialogs(page) == 0, "inside a text"
    assert text.input_value() == "npo"

    page.locator("[data-review-answer]").nth(1).focus()
    page.keyboard.press("Control+Alt+a")
    assert page.get_by_role("dialog", name="¿Aprobar y publicar?").is_visible()
    assert focused(page) == "Seguir revisando"
    page.keyboard.press("p")
    page.keyboard.press("Control+Alt+d")
    assert dialogs(page) == 1, "one question at a time"
    page.keyboard.press("Tab")
    assert focused(page) == "Aprobar y publicar"
    page.keyboard.press("Escape")
    assert dialogs(page) == 0
    assert page.url == record, "nothing was decided"

    page.keyboard.press("?")
    assert "Aprobar el envío (pregunta antes)" in page.get_by_role("dialog").inner_text()
    page.keyboard.press("Control+Alt+a")
    assert dialogs(page) == 1
    keys_turned_off(validator)


def keys_turned_off(validator):
    """Turn shortcuts off in the account, as «?» explains: no key does anything (WCAG 2.1.4)."""
    page = validator.page
    validator.go("/admin/account/")
    page.locator("input[name$='first_name']").fill("Persona")
    page.locator("input[name$='last_name']").fill("Revisora")
    page.locator("input[name$='keyboard_shortcuts']").uncheck(force=True)
    with page.expect_navigation():
        page.locator("main form button[type=submit]").last.click()
    open_the_first(validator)
    for keys in ("Control+Alt+a", "Control+Alt+d", "o", "?"):
        page.keyboard.press(keys)
    assert dialogs(page) == 0
    assert page.locator("input[value=observar]:checked").count() == 0


def test_after_a_refused_return_the_keyboard_reaches_what_is_wrong(visitor, site):
    validator = visitor()
    validator.expected_statuses.add(422)
    enter(validator, site)
    open_the_first(validator, "?ordering=-submitted_at")
    page = validator.page
    answer = page.locator("[data-review-answer]").filter(has=page.locator("input")).last
    answer.locator("input[value=observar]").focus()
    page.keyboard.press("Space")
    written = "línea\n" * 333 + "dos"
    answer.locator("textarea[name$='-text']").fill(written)
    assert "2,001 de 2,000 caracteres; sobra 1" in answer.inner_text()
    page.locator("[data-review-return]").press("Enter")
    page.wait_for_url("**/devolver/**")

    assert page.title().startswith("Error: ")
    assert focused(page, "id") == "resumen"
    links = page.locator("#resumen a")
    assert links.count() == 2
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert focused(page, "name").endswith("-reason")
    said = page.evaluate(
        f"{ACTIVE}.getAttribute('aria-describedby').split(' ')"
        ".map(id => document.getElementById(id).innerText).join(' ')"
    )
    assert "Elige el motivo" in said
    assert page.locator("[aria-invalid=true]").count() == 2
    assert answer.locator("textarea[name$='-text']").input_value() == written
    page.set_viewport_size({"width": 390, "height": 844})
    with page.expect_navigation():
        page.locator("[data-review-return]").press("Enter")
    assert focused(page, "id") == "resumen"
    page.wait_for_function(SEEN_WHOLE, arg="#resumen h2")
    validator.audit(every_sight=True)

    answer.locator("select").select_option("otro")
    answer.locator("textarea[name$='-text']").fill(written[:-1])
    page.locator("[data-review-return]").press("Enter")
    page.wait_for_selector("text=Se devolvió el envío")


def test_tab_does_not_stop_at_links_that_are_hidden_on_a_telephone(visitor, site):
    validator = visitor(390)
    enter(validator, site)
    page = validator.page
    for _press in range(40):
        page.keyboard.press("Tab")
        hidden = page.evaluate(
            f"(() => {{ const box = {ACTIVE}.getBoundingClientRect();"
            f" return {ACTIVE} !== document.body && (box.width < 2 || box.height < 2) }})()"
        )
        assert not hidden, page.evaluate(f"{ACTIVE}.outerHTML")
        if page.evaluate(f"Boolean({ACTIVE}.closest('#listing-results tbody'))"):
            return
    raise AssertionError("the queue was not reached")
