"""The second factor in Chromium: codes, recovery codes and a passkey."""

import dataclasses
import re
import time
from collections.abc import Iterator

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

from tests import own_database
from tests.browser.conftest import Site
from tests.browser.test_uploads import work
from tests.site.servers import gunicorn

pytestmark = pytest.mark.browser
USERNAME = "revision"
IN_THE_ADMIN = re.compile(r"^[^?]*/admin/$")
PASSWORD = "nube trigo cobre lago"
# Two accounts of this file alone: an administrator, and whoever forgets the password.
ACCOUNTS = f"""
from cms.accounts.models import Role, User
from cms.accounts.services import create_staff
create_staff(username="administra.dos", role=Role.ADMINISTRATOR, password="{PASSWORD}")
create_staff(username="consulta.dos", role=Role.OBSERVER, password="{PASSWORD}")
User.objects.filter(username="consulta.dos").update(email="consulta.dos@instituto.example")
"""
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
    """The same site, on a server that asks staff for the second factor. Keys need a name, no IP.

    It is a training copy, so that its mail is read on a screen.
    """
    env = site.env | {"CONOCELES_SECOND_FACTOR": "on", "CONOCELES_TRAINING": "1"}
    with gunicorn(env) as (_process, port):
        yield dataclasses.replace(site, base=f"http://localhost:{port}", env=env)


def code(secret: str, *, later: int = 0) -> str:
    """What an application shows now, or some half minutes later."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + later))


def sign_in(staff, site, username=USERNAME):
    staff.go("/acceso/?next=/admin/")
    staff.page.fill("#id_login", username)
    staff.page.fill("#id_password", site.passwords.get(username, PASSWORD))
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
    staff.audit()
    for link in ("Quitar Mi teléfono, niño 📱", "Hacer otros"):
        staff.go("/acceso/cuenta/")
        page.get_by_role("link", name=link).click()
        page.wait_for_load_state()
        staff.audit()


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


def see_another_session(visitor, site, staff, secret):
    """The same account enters elsewhere; its page lists that session, and ends it."""
    elsewhere, page = visitor(), staff.page
    sign_in(elsewhere, site, "administra.dos")
    elsewhere.page.fill("#id_code", code(secret, later=1))
    elsewhere.page.keyboard.press("Enter")
    elsewhere.page.wait_for_url(IN_THE_ADMIN)
    staff.go("/acceso/cuenta/")
    staff.audit()
    page.get_by_role("button", name="Terminarla").press("Enter")
    page.wait_for_selector("#hecho")
    assert page.get_by_role("button", name="Terminarla").count() == 0


def forget_the_password(person):
    """Ask for a link, first without saying for whom."""
    page = person.page
    person.go("/acceso/contrasena/")
    page.click("main button[type=submit]")
    page.wait_for_selector("#resumen")
    person.audit()
    page.fill("#id_typed", "consulta.dos")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Revisa tu correo").wait_for()
    person.audit()


def read_the_mail(staff):
    """The path of the link in the newest mail that the training copy kept."""
    page = staff.page
    staff.go("/admin/capacitacion/correos/?q=consulta.dos")
    page.locator("summary").first.press("Enter")
    staff.audit()
    link = page.locator(".training-body a").first.get_attribute("href")
    staff.go("/admin/capacitacion/correos/?q=nadie")
    staff.audit()
    return link[link.index("/acceso/") :]


def choose_another(person, link):
    page = person.page
    person.go(link)
    page.fill("#id_password1", "corta")
    page.fill("#id_password2", "otra")
    page.keyboard.press("Enter")
    page.wait_for_selector("#resumen")
    person.audit()
    page.fill("#id_password1", PASSWORD * 2)
    page.fill("#id_password2", PASSWORD * 2)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Cambiaste tu contraseña").wait_for()
    person.audit()
    person.go(link)
    page.get_by_role("heading", name="El enlace ya no sirve").wait_for()
    person.audit()


def test_a_forgotten_password_is_chosen_anew_with_the_mail_of_a_training_copy(visitor, site):
    own_database.run("shell", "-v", "0", "-c", ACCOUNTS, env=site.env)
    person, staff = visitor(390), visitor()
    person.expected_statuses |= {410}
    forget_the_password(person)
    work(site)

    page = staff.page
    sign_in(staff, site, "administra.dos")
    page.get_by_role("link", name="Usar una aplicación de códigos").click()
    secret = page.get_attribute("[data-secret]", "data-secret")
    page.fill("#id_code", code(secret))
    page.keyboard.press("Enter")
    page.wait_for_selector(".second-factor__codes")
    see_another_session(visitor, site, staff, secret)
    choose_another(person, read_the_mail(staff))
