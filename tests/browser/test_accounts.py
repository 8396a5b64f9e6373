"""Accounts of a process in Chromium: made, mailed, opened on a phone, activated, captured."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.test_setup import enter
from tests.browser.test_uploads import work
from tests.mail_server import Mailbox, serving

pytestmark = pytest.mark.browser
PASSWORD = "nube trigo cobre lago"


def made(staff: Any, site: Any) -> None:
    """Make the accounts of the process that the portal shows."""
    page = staff.page
    staff.go("/admin/cuentas/")
    staff.audit(every_sight=True)
    page.get_by_role("button", name="Hacer las cuentas que faltan").press("Enter")
    page.wait_for_url(re.compile(r"/trabajo/\d+/$"))
    expect(page.get_by_text("Está en curso.")).to_be_visible()
    staff.audit()
    work(site)
    expect(page.get_by_text("Terminó.")).to_be_visible()


def with_mail(site: Any) -> str:
    """Give the person of a candidacy an e-mail, as the register does; says whose it is."""
    import psycopg

    with psycopg.connect(site.env["DATABASE_URL"], autocommit=True) as connection:
        row = connection.execute(
            "update candidacies_person set email = 'persona@correo.example' where id ="
            " (select c.person_id from candidacies_candidacypage c"
            "  join candidacies_candidateaccount a on a.candidacy_id = c.page_ptr_id"
            "  join accounts_user u on u.id = a.user_id"
            "  where u.password like '!%' and c.state = 'activa' order by c.page_ptr_id limit 1)"
            " returning name"
        ).fetchone()
    assert row is not None
    return str(row[0])


def mailed(staff: Any, site: Any, name: str) -> str:
    """Mail the account of somebody; returns the path of the link that arrived."""
    page = staff.page
    staff.go("/admin/cuentas/")
    page.get_by_label("Nombre").fill(name)
    page.get_by_role("button", name="Filtrar").press("Enter")
    page.get_by_label(f"Elegir la cuenta de {name}").first.check()
    staff.audit()
    with serving(Mailbox(), site.mail_port) as box:
        page.get_by_role("button", name="Enviar por correo").press("Enter")
        page.wait_for_url(re.compile(r"/trabajo/\d+/$"))
        work(site)
        work(site)
    # Other mail may have waited for a server, such as that which tells of an end.
    said = "".join(letter.get_payload(decode=True).decode() for letter in box.messages)
    (link,) = set(re.findall(r"/acceso/activar/[0-9A-Z]{20}/", said))
    return str(link)


def activated(visitor: Any, link: str, name: str) -> None:
    """Open the link on a phone, receive the account, choose a password, and be in capture."""
    person = visitor(width=390)
    person.expected_statuses = {410, 422}
    page = person.page
    person.go(link)
    page.wait_for_url(re.compile(r"/acceso/activar/recibir/$"))
    expect(page.get_by_role("heading", level=1)).to_contain_text(name)
    person.audit()
    page.get_by_role("button", name="Recibir mi cuenta").press("Enter")
    page.wait_for_url(re.compile(r"/acceso/activar/contrasena/$"))
    person.audit()
    page.get_by_label("Contraseña", exact=True).fill("corta")
    page.get_by_label("La misma contraseña, otra vez").fill("corta")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_focused()
    person.audit()
    page.get_by_label("Contraseña", exact=True).fill(PASSWORD)
    page.get_by_label("La misma contraseña, otra vez").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/captura/"))
    other = visitor(width=390)
    other.expected_statuses = {410}
    other.go(link)
    expect(other.page.get_by_role("heading", name="Este enlace ya se usó")).to_be_visible()
    other.audit()
    other.go("/acceso/activar/")
    other.audit()


def test_accounts_are_made_mailed_activated_and_delivered_on_paper(visitor, site):
    staff = visitor()
    staff.expected_statuses = {422}
    page = staff.page
    enter(staff, site)
    made(staff, site)
    name = with_mail(site)
    link = mailed(staff, site, name)
    activated(visitor, link, name)
    staff.go("/admin/cuentas/?estado=activada")
    expect(page.get_by_role("rowheader", name=re.compile(re.escape(name))).first).to_be_visible()

    staff.go("/admin/cuentas/?estado=sin_entregar")
    page.get_by_label(re.compile("^Elegir la cuenta de")).first.check()
    page.get_by_role("button", name="Hacer las hojas").press("Enter")
    page.wait_for_url(re.compile(r"/trabajo/\d+/$"))
    work(site)
    with page.expect_download() as download:
        page.get_by_role("link", name="Descargar 1 hoja en PDF").click()
    assert download.value.path().read_bytes().startswith(b"%PDF")
    staff.go("/admin/cuentas/?estado=impresa")
    page.get_by_label(re.compile("^Elegir la cuenta de")).first.check()
    page.get_by_role("button", name="Confirmar la entrega").press("Enter")
    page.get_by_role("button", name="Confirmar la entrega").press("Enter")
    expect(page.get_by_text("Escribe quién la recibió.")).to_be_visible()
    staff.audit()
    page.get_by_label("Quién la recibió").fill("Ñandú Pérez, representación")
    page.get_by_role("button", name="Confirmar la entrega").press("Enter")
    expect(page.get_by_text("Se registró 1 entrega con su acuse.")).to_be_visible()
    page.get_by_role("link", name=re.compile(r"^AC-\d+$")).first.wait_for()

    staff.go("/admin/cuentas/")
    page.get_by_role("link", name="Enlaces de actores políticos").click()
    staff.audit()
    page.get_by_role("link", name="Agregar enlaces").click()
    page.get_by_label("Personas").fill("XX;Ana;ana@pan.example")
    page.get_by_role("button", name="Hacer las cuentas").press("Enter")
    expect(page.get_by_text("Renglón 1:")).to_be_visible()
    staff.audit()
