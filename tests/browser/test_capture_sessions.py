"""Capture in Chromium when things go wrong: a session that ends, a wrong file, an unticked box."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cms.catalogs.spanish import WITH_BLANKS, WITHOUT_BLANKS, count
from tests import own_database

pytestmark = pytest.mark.browser

COUNTING = Path(__file__).parents[2] / "conoceles_site" / "static" / "js" / "counting.js"
AGE = """
from datetime import timedelta
from django.contrib.sessions.models import Session
for session in Session.objects.all():
    kept = session.get_decoded()
    if "renovada" in kept:
        kept["renovada"] -= {seconds}
        session.session_data = Session.get_session_store_class()().encode(kept)
        session.expire_date -= timedelta(seconds={seconds})
        session.save()
"""
WORDS = "Un taller de encuadernación para zopilotes."
# Texts at the edges of the rule, so that these are tried more often than any other character.
PASTED = [
    *("\r\n", "\n", "\r", "\t", " ", "\u00a0", "\u2003", "\u200b", "\u2028", "\u0085", "\x0b"),
    *("\u00ad", "\u200d", "\u200c", "\ufeff", "\u2060", "\u202e", "\ufe0f", "\u180e", "\u3164"),
    *("e\u0301", "n\u0303", "\u0301" * 9, "👩\u200d🔬", "🇲🇽", "𝒜", "\x00", "\x7f"),
    *("\ufffc", "\ufdd0", "\u0344", "\u2028\u0301", "<br>", "&nbsp;"),
    *("ﬁ", "한", "각", "क्षि", "Ω", "Å", "\u115f", "\u2800", "\U000e0061", "\U0001fffe"),
]
# Unassigned characters are left out: the browser and Python have different versions of Unicode.
TEXTS = st.lists(
    st.one_of(
        st.sampled_from(PASTED), st.text(st.characters(exclude_categories=["Cs", "Cn"]), max_size=9)
    ),
    max_size=12,
).map("".join)


def sign_in(page, site, username="enlace.historia"):
    page.fill("#id_login", username)
    page.fill("#id_password", site.passwords[username])
    page.click("main form button[type=submit]")
    page.wait_for_load_state()


def focused(page):
    return page.evaluate("document.activeElement.id || document.activeElement.name")


def in_view(page, selector):
    """Whether the whole element is in the window and nothing covers it."""
    return page.evaluate(
        """selector => {
            const element = document.querySelector(selector), [box] = element.getClientRects();
            const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
            return box.top >= 0 && box.bottom <= innerHeight && element.contains(top);
        }""",
        selector,
    )


def enter_capture(visitor, site, width):
    """A party that opened the first candidacy of its list with the keyboard alone."""
    party = visitor(width)
    party.expected_statuses |= {401, 403, 422}
    page = party.page
    party.go("/acceso/")
    page.focus("#id_login")
    page.keyboard.type("enlace.historia")
    page.keyboard.press("Tab")
    page.keyboard.type(site.passwords["enlace.historia"])
    page.keyboard.press("Enter")
    page.wait_for_url("**/captura/")
    page.locator("table a").first.press("Enter")
    page.wait_for_load_state()
    return party


def read_the_notice(party):
    """After an unticked box, the summary of errors has the focus and its link leads to the box."""
    page = party.page
    if "/aviso/" not in page.url:
        return
    page.locator("main button[type=submit]").press("Enter")
    page.wait_for_selector("#acepto-error")
    assert page.title().startswith("Error: ")
    assert focused(page) == "resumen"
    party.audit()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert focused(page) == "acepto"
    assert page.get_attribute("#acepto", "aria-describedby") == "acepto-error"
    page.keyboard.press("Space")
    page.locator("main button[type=submit]").press("Enter")
    page.wait_for_load_state()


def a_wrong_photograph(party, step):
    page = party.page
    party.go(step("foto_contacto"))
    page.fill("#pagina_web", "https://encuadernacion.example/")
    wrong = {"name": "retrato.jpg", "mimeType": "image/jpeg", "buffer": b"PK\x03\x04" + b"\0" * 99}
    page.set_input_files("#fotografia_archivo", wrong)
    page.locator("#pagina_web").press("Enter")
    page.wait_for_selector("#fotografia-rechazo")
    assert page.title().startswith("Error: ")
    assert focused(page) == "resumen"
    party.audit(every_sight=True)
    assert page.locator("[aria-invalid=true]").count() == 1
    assert "fotografia-rechazo" in page.get_attribute("#fotografia_archivo", "aria-describedby")
    assert page.input_value("#pagina_web") == "https://encuadernacion.example/"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert focused(page) == "fotografia_archivo"


def a_wrong_confirmation(party, step):
    page = party.page
    party.go(step("revisar"))
    page.locator("main form button[type=submit]").press("Enter")
    page.wait_for_selector("#confirmo-error")
    assert page.title().startswith("Error: ")
    assert focused(page) == "resumen"
    party.audit()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert focused(page) == "confirmo"


def lost_while_writing(party, site, step):
    """The page says that the session ended; after signing in in another tab, the text is saved."""
    page, context = party.page, party.page.context
    party.go(step("propuestas"))
    page.fill("#propuesta_1", "Empieza.")
    page.wait_for_selector("#aviso-guardado:text('Se guardó.')", state="attached")
    said = page.inner_text("#aviso-guardado")
    with page.expect_response("**/guardar/"):
        page.locator("#propuesta_1").press_sequentially(" Sigue.")
    assert page.inner_text("#aviso-guardado") == said, "saving is said once"

    context.clear_cookies(name="sessionid")
    page.locator("#propuesta_1").press_sequentially(" Termina.")
    page.wait_for_selector("#estado-guardado a")
    assert focused(page) == "propuesta_1", "whoever writes is left where they are"
    assert in_view(page, "#estado-guardado a")
    assert page.inner_text("#aviso-guardado").startswith("Tu sesión terminó")
    with context.expect_page() as opened:
        page.locator("#estado-guardado a").press("Enter")
    opened.value.wait_for_load_state()
    sign_in(opened.value, site)
    assert opened.value.inner_text("h1") == "Ya entraste"
    opened.value.close()
    page.bring_to_front()
    page.evaluate("dispatchEvent(new Event('focus'))")
    page.wait_for_selector("#estado-guardado:has-text('Guardado a las')")
    page.reload()
    assert page.input_value("#propuesta_1") == "Empieza. Sigue. Termina."


def lost_when_sent(party, site, step):
    """A form sent without the script after the session ended comes back after signing in."""
    page, context = party.page, party.page.context
    party.go(step("propuestas"))
    context.clear_cookies()
    page.evaluate("document.querySelector('[data-capture]').removeAttribute('hx-post')")
    page.fill("#propuesta_2", WORDS)
    page.locator(".form-foot button").press("Enter")
    page.wait_for_selector("h1:has-text('Tu sesión terminó')")
    assert WORDS not in page.content()
    party.audit()
    page.fill("#id_login", "enlace.historia")
    page.fill("#id_password", "no es esta clave")
    page.keyboard.press("Enter")
    page.wait_for_selector("#resumen")
    assert page.title().startswith("Error: ")
    assert focused(page) == "resumen"
    sign_in(page, site)
    assert re.search(r"/propuestas/\?retomar=[0-9a-f]{16}$", page.url)
    assert page.input_value("#propuesta_2") == WORDS
    assert focused(page) == "retomado"
    party.audit()
    page.reload()
    assert page.input_value("#propuesta_2") == WORDS
    page.locator(".form-foot button").press("Enter")
    page.wait_for_load_state()
    party.go(step("propuestas"))
    assert page.input_value("#propuesta_2") == WORDS


@pytest.mark.parametrize("width", [390, 1280])
def test_capture_when_things_go_wrong(site, visitor, width):
    party = enter_capture(visitor, site, width)
    read_the_notice(party)
    number = re.search(r"/captura/(\d+)/", party.page.url)[1]

    def step(name):
        return f"/captura/{number}/{name}/"

    a_wrong_photograph(party, step)
    a_wrong_confirmation(party, step)
    lost_while_writing(party, site, step)
    lost_when_sent(party, site, step)


def test_the_browser_counts_characters_as_the_server_does(site, visitor):
    """The script is a copy of the server's rule: both must agree on any text."""
    page = visitor().page
    page.evaluate(f"() => {{ {COUNTING.read_text(encoding='utf-8')} }}")

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(TEXTS, min_size=20, max_size=20))
    def agree(texts):
        found = page.evaluate(
            "texts => texts.map(text =>"
            " [countCharacters(text, false), countCharacters(text, true)])",
            texts,
        )
        for text, counted in zip(texts, found, strict=True):
            expected = [count(text, WITH_BLANKS), count(text, WITHOUT_BLANKS)]
            assert counted == expected, json.dumps(text)

    agree()
    assert page.evaluate("countCharacters('ab\\u{1F469}\\u200D\\u{1F52C}', false)") == 4


def pass_time(site, seconds):
    """Make every session so many seconds older, as if nobody had used it since."""
    own_database.run("shell", "-v", "0", "-c", AGE.format(seconds=seconds), env=site.env)


def test_the_end_of_a_session_is_announced_and_does_not_interrupt_typing(site, visitor):
    party = enter_capture(visitor, site, 390)
    page = party.page
    page.clock.install()
    party.go("/captura/")
    assert page.is_hidden("[data-session]")
    nearly = 8 * 60 * 60 - 200
    pass_time(site, nearly)
    page.clock.fast_forward(nearly * 1000)
    page.wait_for_selector("h2:text('Tu sesión está por terminar')")
    assert page.evaluate("document.activeElement.textContent") == "Seguir conectado"
    assert in_view(page, "[data-session-stay]")
    party.audit()
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-session]", state="hidden")

    # The focus stays in the field of somebody who types; a screen reader announces the end.
    page.focus("#municipio")
    pass_time(site, nearly)
    page.clock.fast_forward(nearly * 1000)
    page.wait_for_selector(
        "[data-session-said]:text('Tu sesión está por terminar')", state="attached"
    )
    assert focused(page) == "municipio"

    # After the end the page says so by itself, and notices when the party has signed in again.
    pass_time(site, 9 * 60 * 60)
    page.clock.fast_forward(600_000)
    page.wait_for_selector("h2:text('Tu sesión terminó')")
    assert page.get_attribute("[data-session-enter]", "href") == "/acceso/?next=/acceso/listo/"
    with page.context.expect_page() as opened:
        page.locator("[data-session-enter]").press("Enter")
    sign_in(opened.value, site)
    opened.value.close()
    page.clock.fast_forward(60_000)
    page.wait_for_selector("[data-session]", state="hidden")
