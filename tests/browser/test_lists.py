"""The lists of the admin: found with the keyboard, read on a telephone, right for axe."""

import os
import re

import pytest

pytestmark = pytest.mark.browser

# Where screenshots go, for whoever wants to look: SHOTS=folder.
SHOTS = os.environ.get("SHOTS", "")


def enter(staff, site, address):
    page = staff.page
    staff.go(f"/acceso/?next={address}")
    page.fill("#id_login", "administracion")
    page.fill("#id_password", site.passwords["administracion"])
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(rf"^[^?]*{address}$"))


def look(page, name):
    """Keep a picture of a page, light and dark, wide and narrow."""
    if not SHOTS:
        return
    for width in (1280, 390):
        for scheme in ("light", "dark"):
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme)
            page.screenshot(path=f"{SHOTS}/{name}-{width}-{scheme}.png", full_page=True)


def test_an_administrator_finds_a_candidacy_by_its_name_and_reads_it(visitor, site):
    staff = visitor()
    enter(staff, site, "/admin/candidaturas/")
    page = staff.page
    name = page.locator("#listing-results td a").first.inner_text()
    look(page, "candidaturas")
    staff.audit()

    page.locator("main input[name=q], header input[name=q]").last.fill(name.upper())
    page.wait_for_url(re.compile(r"[?&]q="))
    page.locator("#listing-results td a").first.press("Enter")

    page.wait_for_url(re.compile(r"/admin/candidaturas/\d+/$"))
    assert name in page.inner_text("main")
    staff.audit()
    look(page, "candidatura")


def test_the_tree_of_pages_shows_editorial_content_only(visitor, site):
    staff = visitor()
    enter(staff, site, "/admin/candidaturas/")
    page = staff.page
    staff.go("/admin/pages/")
    home = page.locator("#listing-results a", has_text="Conóceles").first.get_attribute("href")
    staff.go(f"/admin/pages/{re.search('[0-9]+', home)[0]}/")
    page.get_by_role("link", name="Noticias").first.wait_for()

    shown = page.locator("#listing-results").inner_text()
    assert "Noticias" in shown, shown
    assert "Proceso Electoral" not in shown


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("/admin/processoffice/", "cargo"),
        ("/admin/politicalactor/", "actor"),
        ("/admin/process/", "proceso"),
        ("/admin/territory/", "territorio"),
        ("/admin/synonymgroup/", "grupo"),
    ],
)
def test_a_list_says_how_many_it_has_and_is_read_on_a_telephone(visitor, site, address, counted):
    staff = visitor(390)
    enter(staff, site, address)

    assert counted in staff.page.locator("#listing-results [role=status]").inner_text()
    staff.audit()
    look(staff.page, address.split("/")[2])
