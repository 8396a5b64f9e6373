"""The second factor in Chromium: codes, recovery codes and a passkey."""

import dataclasses
import re
import time
from collections.abc import Iterator

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

from tests.browser.conftest import Site
from tests.site.servers import gunicorn

pytestmark = pytest.mark.browser
USERNAME = "revision"
IN_THE_ADMIN = re.compile(r"^[^?]*/admin/$")
A_KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture(scope="module")
def site(site: Site) -> Iterator[Site]:
    """The same site, on a server that asks staff for the second factor. Keys need a name, no IP."""
    with gunicorn(site.env | {"CONOCELES_SECOND_FACTOR": "on"}) as (_process, port):
        yield dataclasses.replace(site, base=f"http://localhost:{port}")


def code(secret: str, *, later: int = 0) -> str:
    """What an application shows now, or some half minutes later."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + later))


def sign_in(staff, site):
    staff.go("/acceso/?next=/admin/")
    staff.page.fill("#id_login", USERNAME)
    staff.page.fill("#id_password", site.passwords[USERNAME])
    staff.page.click("main button[type=submit]")


def sign_out(staff):
    staff.go("/acceso/salir/")
    staff.page.click("main button[type=submit]")
    staff.page.wait_for_url("**/acceso/")


def set_codes_up(staff):
    """From the page that asks for a second factor to the admin; returns the secret."""
    page = staff.page
    staff.audit()
    page.get_by_role("link", name="Usar una aplicación de códigos").click()
    secret = page.get_attribute("[data-secret]", "data-secret")
    staff.audit()
    page.fill("#id_code", "123")
    page.keyboard.press("Enter")
    page.wait_for_selector("#resumen")
    assert page.title().startswith("Error:")
    staff.audit()
    page.fill("#id_code", code(secret))
    page.keyboard.press("Enter")
    page.wait_for_selector(".second-factor__codes")
    staff.audit()
    assert len(page.locator(".second-factor__codes li").all_inner_texts()) == 10
    page.reload()
    assert page.locator(".second-factor__codes").count() == 0
    page.get_by_role("link", name="Continuar").click()
    page.wait_for_url(IN_THE_ADMIN)
    return secret


def add_a_key(staff):
    page = staff.page
    staff.go("/acceso/cuenta/")
    staff.audit(every_sight=True)
    page.get_by_role("link", name="Agregar una llave de acceso").click()
    staff.audit()
    page.fill("#id_name", "Mi teléfono, niño 📱")
    page.get_by_role("button", name="Crear mi llave de acceso").click()
    page.wait_for_url("**/acceso/cuenta/respaldo/")
    staff.audit()
    staff.go("/acceso/cuenta/")
    assert "Mi teléfono, niño 📱" in page.inner_text("main")


def test_staff_enter_with_codes_and_then_with_a_passkey(visitor, site):
    staff = visitor()
    page = staff.page
    keys = page.context.new_cdp_session(page)
    keys.send("WebAuthn.enable")
    keys.send("WebAuthn.addVirtualAuthenticator", {"options": A_KEY})

    sign_in(staff, site)
    page.wait_for_url("**/acceso/segundo-paso/activar/**")
    secret = set_codes_up(staff)
    sign_out(staff)

    sign_in(staff, site)
    page.wait_for_url("**/acceso/segundo-paso/")
    staff.audit()
    # The password alone opens nothing: it is asked again.
    staff.go("/admin/")
    assert page.url.endswith("/acceso/segundo-paso/")
    page.get_by_role("link", name="Entrar con otra cuenta").click()
    sign_in(staff, site)
    page.fill("#id_code", code(secret, later=1))
    page.keyboard.press("Enter")
    page.wait_for_url(IN_THE_ADMIN)

    add_a_key(staff)
    sign_out(staff)
    sign_in(staff, site)
    page.wait_for_url("**/acceso/segundo-paso/")
    staff.audit()
    page.get_by_role("button", name="Usar mi llave de acceso").click()
    page.wait_for_url(IN_THE_ADMIN)

    staff.go("/acceso/cuenta/contrasena/")
    page.click("main button[type=submit]")
    page.wait_for_selector("#resumen")
    staff.audit()
    for path in (
        "/acceso/segundo-paso/confirmar/",
        "/acceso/cuenta/correo/",
        "/acceso/contrasena/",
    ):
        staff.go(path)
        staff.audit()
