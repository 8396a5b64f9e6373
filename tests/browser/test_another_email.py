"""Another e-mail of an account, confirmed on a phone with the link that arrives there."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.test_uploads import work
from tests.mail_server import Mailbox, serving

pytestmark = pytest.mark.browser
ANOTHER = "otra.direccion@partido.example"


def test_another_email_is_confirmed_with_its_link(visitor, site):
    person = visitor(390)
    person.expected_statuses = {410, 422}
    page = person.page
    person.go("/acceso/?next=/acceso/cuenta/")
    page.fill("#id_login", "enlace.alianza")
    page.fill("#id_password", site.passwords["enlace.alianza"])
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"^[^?]*/acceso/cuenta/$"))
    page.get_by_role("link", name=re.compile("mi correo$")).click()
    person.audit()
    page.fill("#id_email", "sin arroba")
    page.get_by_role("button", name="Guardar mi correo").click()
    expect(page.get_by_role("alert")).to_be_visible()
    person.audit()
    page.fill("#id_email", ANOTHER)
    with serving(Mailbox(), site.mail_port) as box:
        page.get_by_role("button", name="Guardar mi correo").click()
        expect(page.get_by_text("Enviamos un enlace a ese correo").first).to_be_visible()
        person.audit()
        work(site)
    said = "".join(letter.get_payload(decode=True).decode() for letter in box.messages)
    (link,) = set(re.findall(r"/acceso/correo/[^/\s]+/", said))
    person.go(link)
    person.audit()
    page.get_by_role("button", name="Confirmar mi correo").click()
    expect(page.get_by_role("button", name="Confirmar mi correo")).to_have_count(0)
    person.audit()
    person.go("/acceso/cuenta/")
    expect(page.get_by_text(f"Tu correo es {ANOTHER}.")).to_be_visible()
    person.go(link)
    person.audit()
