"""The private side of a process set up from nothing: accounts on paper, activation, capture."""

import re
from typing import Any

from playwright.sync_api import expect

from tests.browser.conftest import Visitor
from tests.browser.test_candidate import answer_step
from tests.browser.test_second_factor import code
from tests.printed import pages_of

PASSWORD = "mezquite canto rodado 27"


def set_second_factor_up(person: Visitor) -> str:
    """From the page that asks staff for a second factor onwards; returns the secret."""
    page = person.page
    page.wait_for_url("**/acceso/segundo-paso/activar/**")
    page.get_by_role("link", name="Usar una aplicación de códigos").click()
    secret = str(page.get_attribute("[data-secret]", "data-secret"))
    page.fill("#id_code", code(secret))
    page.keyboard.press("Enter")
    page.wait_for_selector(".second-factor__codes")
    page.get_by_role("link", name="Continuar").click()
    return secret


def make_accounts(page: Any) -> None:
    """Make the accounts of every candidacy, and go back to their list."""
    page.get_by_role("button", name="Hacer las cuentas que faltan").click()
    expect(page.get_by_text("Terminó.")).to_be_visible(timeout=60_000)
    page.get_by_role("link", name="Volver a las cuentas").click()


def hand_out_on_paper(page: Any) -> list[str]:
    """Print the sheets of all accounts and confirm their delivery; what each sheet says."""
    _choose_all(page)
    page.get_by_role("button", name="Hacer las hojas").click()
    expect(page.get_by_text("Terminó.")).to_be_visible(timeout=60_000)
    page.reload()
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile(r"^Descargar \d+ hojas en PDF")).click()
    sheets = pages_of(download.value.path().read_bytes())
    page.get_by_role("link", name="Volver a las cuentas").click()
    _choose_all(page)
    page.get_by_role("button", name="Confirmar la entrega").click()
    page.get_by_label("Quién la recibió").fill("Representación de Partido Cardenche")
    page.get_by_role("button", name="Confirmar la entrega").click()
    expect(page.get_by_text(re.compile(r"Se registraron \d+ entregas"))).to_be_visible()
    return sheets


def _choose_all(page: Any) -> None:
    page.get_by_role("checkbox", name=re.compile("^Con las cuentas de los")).check()


def activate(person: Visitor, sheet: str) -> None:
    """Type what a sheet says, as whoever has no camera does; arrives at the home of capture."""
    page = person.page
    address = re.search(r"https?://\S+?(/acceso/activar/)", sheet)
    key = re.search(r"\b[0-9A-Z]{4}(?:-[0-9A-Z]{4}){4}\b", sheet)
    assert address is not None, sheet
    assert key is not None, sheet
    person.go(address[1])
    page.get_by_label(re.compile("lave")).first.fill(key[0])
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Recibir mi cuenta").click()
    page.get_by_label("Contraseña", exact=True).fill(PASSWORD)
    page.get_by_label("La misma contraseña, otra vez").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/captura/"))


def answer_and_send(person: Visitor) -> None:
    """Every step of the questionnaire, and the sending."""
    page = person.page
    page.get_by_role("link", name="Empezar").first.click()
    page.get_by_label(re.compile("He leído|Leí")).check()
    page.get_by_role("button", name="Continuar").click()
    while "/revisar/" not in page.url:
        answer_step(page)
        with page.expect_navigation():
            page.keyboard.press("Enter")
    page.get_by_label(re.compile("Confirmo|confirmo")).check()
    page.get_by_role("button", name="Enviar al Instituto").click()
    expect(page.get_by_role("heading", name="Acuse de envío")).to_be_visible()
