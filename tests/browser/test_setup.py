"""A process is set up, rehearsed and made current in Chromium by somebody who only reads."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.test_uploads import work

pytestmark = pytest.mark.browser
SETUP = re.compile(r"/admin/procesos/\d+/preparar/$")


def enter(staff, site):
    page = staff.page
    staff.go("/acceso/?next=/admin/")
    page.fill("#id_login", "administracion")
    page.fill("#id_password", site.passwords["administracion"])
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"^[^?]*/admin/$"))


def test_the_steps_and_a_rehearsal_from_its_making_to_its_removal(visitor, site):
    staff = visitor()
    staff.expected_statuses = {409, 422}
    page = staff.page
    enter(staff, site)
    staff.go("/admin/process/")
    page.get_by_role("link", name="Ver los pasos").first.click()
    page.wait_for_url(SETUP)
    expect(page.get_by_role("heading", name="Fechas de publicación")).to_be_visible()
    staff.audit(every_sight=True)

    page.get_by_role("link", name="Hacer un ensayo").press("Enter")
    page.wait_for_url(re.compile(r"/admin/ensayos/\d+/nuevo/$"))
    staff.audit()
    page.get_by_label("Personas por elección").fill("999")
    page.get_by_role("button", name="Hacer el ensayo").press("Enter")
    page.wait_for_load_state()
    expect(page.get_by_label("Personas por elección")).to_have_value("999")
    staff.audit()
    page.get_by_label("Personas por elección").fill("2")
    page.get_by_role("button", name="Hacer el ensayo").press("Enter")
    page.wait_for_url(re.compile(r"/admin/ensayos/\d+/$"))
    expect(page.get_by_text("Se está haciendo.")).to_be_visible()
    staff.audit()
    work(site)
    expect(page.get_by_text(re.compile(r"^Tiene \d+ candidaturas\.$"))).to_be_visible()
    staff.audit()

    page.get_by_role("link", name="Hacerlo vigente").click()
    page.wait_for_url(re.compile(r"/vigente/$"))
    expect(page.get_by_text("En cada página, arriba, que es un ensayo")).to_be_visible()
    staff.audit()
    page.get_by_role("button", name="Hacerlo vigente").press("Enter")
    page.wait_for_url(SETUP)
    citizen = visitor(width=390)
    citizen.go("/")
    expect(citizen.page.get_by_text("Nada de esto es una elección")).to_be_visible()
    citizen.audit()

    remove(staff, site)
    citizen.go("/")
    expect(citizen.page.get_by_text("Nada de esto es una elección")).to_have_count(0)


def remove(staff, site):
    """Make another process the current one, and remove the rehearsal by its name."""
    page = staff.page
    page.get_by_role("link", name="Ver el ensayo").click()
    page.get_by_role("link", name="Quitar el ensayo").click()
    page.wait_for_url(re.compile(r"/quitar/$"))
    staff.audit()
    page.get_by_role("link", name=re.compile("^Hacer vigente")).click()
    page.get_by_role("button", name="Hacerlo vigente").press("Enter")
    page.wait_for_url(SETUP)
    page.get_by_role("link", name="Ver el ensayo").click()
    page.get_by_role("link", name="Quitar el ensayo").click()
    name = page.locator("form strong").inner_text()
    page.get_by_label("Escribe el nombre del ensayo").fill(name)
    page.get_by_role("button", name="Quitar el ensayo").press("Enter")
    page.wait_for_url(SETUP)
    work(site)
    page.reload()
    expect(page.get_by_role("link", name="Hacer un ensayo")).to_be_visible()
