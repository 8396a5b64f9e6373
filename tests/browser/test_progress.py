"""An account of the Council reads the progress, looks at the preview, and downloads the tables."""

import re

import pytest

pytestmark = pytest.mark.browser


def enter(council, site):
    page = council.page
    council.go("/acceso/?next=/admin/")
    page.fill("#id_login", "consulta")
    page.fill("#id_password", site.passwords["consulta"])
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"^[^?]*/admin/avance/$"))


def test_the_council_reads_the_progress_and_downloads_it_with_the_keyboard(visitor, site):
    council = visitor()
    enter(council, site)
    page = council.page
    council.audit()

    assert "Corte al" in page.inner_text("main")
    by_actor = page.get_by_role("region", name="Por actor político").first
    assert by_actor.get_by_role("row").count() > 2
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Descargar XLSX").press("Enter")
    assert re.fullmatch(
        r"avance-[\w-]+-\d{4}-\d\d-\d\d-\d{4}\.xlsx", waiting.value.suggested_filename
    )


def test_a_wide_table_is_scrolled_with_the_keyboard_on_a_narrow_screen(visitor, site):
    council = visitor(390)
    enter(council, site)
    page = council.page

    table = page.get_by_role("region", name="Por municipio").first
    table.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("element => element.scrollLeft > 0", arg=table.element_handle())


def test_the_preview_leads_to_each_ballot(visitor, site):
    council = visitor()
    enter(council, site)
    page = council.page
    page.get_by_role("link", name="Vista previa de lo que se verá").press("Enter")
    page.wait_for_url(re.compile(r"/vista-previa/\?proceso="))
    council.audit()

    page.locator(".progress-places a").first.press("Enter")
    page.wait_for_url(re.compile(r"/vista-previa/[\w-]+/"))
    assert "Vista previa: así se ve hoy" in page.inner_text("main")
    council.audit()
