"""An administrator sends a spreadsheet with two errors, reads them, mends it, and applies it."""

import re
import subprocess
import sys

import pytest

from cms.demo.roster import PROCESS_NAME
from tests import own_database
from tests.imports.books import HEADER, written, xlsx
from tests.imports.conftest import REGISTRY

pytestmark = pytest.mark.browser

PEOPLE = (
    {"nombre": "Hortensia Mezquite Llano", "numero_lista": "31"},
    {"nombre": "Ramiro Ocotillo Peña", "numero_lista": "32", "sexo": "hombre"},
    {"nombre": "Irene Sotol Vara", "numero_lista": "33"},
)


def register(*changes):
    """A register of three people, with these changes to each."""
    rows = [
        [*{**REGISTRY, **person, **change}.values()]
        for person, change in zip(PEOPLE, changes, strict=True)
    ]
    return xlsx(rows=[HEADER, *rows])


def work(site):
    """Have a worker do what waits."""
    command = [sys.executable, "manage.py", "procrastinate", "worker", "--one-shot"]
    subprocess.run(command, cwd=own_database.ROOT, env=site.env, check=True, capture_output=True)


def enter(staff, site):
    page = staff.page
    staff.go("/acceso/?next=/admin/cargas/")
    page.fill("#id_login", "administracion")
    page.fill("#id_password", site.passwords["administracion"])
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"^[^?]*/admin/cargas/$"))


def send(staff, path):
    """Send a file with the form, by the labels that a reader sees."""
    page = staff.page
    page.get_by_role("link", name="Subir un archivo").or_(
        page.get_by_role("link", name="Subir otro archivo")
    ).first.click()
    form = page.locator("main")
    form.get_by_label("Proceso").select_option(label=PROCESS_NAME)
    form.get_by_label("Registro de candidaturas del instituto").check()
    form.locator("#id_file").set_input_files(path)
    page.get_by_role("button", name="Subir y revisar").press("Enter")
    page.wait_for_url(re.compile(r"/admin/cargas/\d+/$"))


def test_errors_are_read_mended_and_the_file_is_applied(visitor, site, tmp_path):
    staff = visitor()
    enter(staff, site)
    page = staff.page
    staff.audit()

    wrong = register({"sexo": "M"}, {}, {"municipio_clave": "99999"})
    send(staff, written(tmp_path, wrong, "registro.xlsx"))
    page.get_by_role("status").get_by_text("Recibido.").wait_for()
    work(site)
    # The screen asks by itself, and shows the report when the worker is done.
    errors = page.get_by_role("region", name="Errores (2)")
    errors.wait_for()
    rows = errors.get_by_role("row").all_inner_texts()[1:]
    assert [row.split("\t")[:3] for row in rows] == [
        ["2", "sexo", "M"],
        ["4", "municipio_clave", "99999"],
    ]
    assert "Se conocen: mujer, hombre, no binario." in rows[0]
    assert page.get_by_role("button", name="Aplicar").count() == 0
    staff.audit()

    send(staff, written(tmp_path, register({}, {}, {}), "registro.xlsx"))
    staff.audit()
    work(site)
    page.get_by_text("Sin errores.").wait_for()
    assert "Candidaturas en el archivo: 3. Nuevas: 3." in page.inner_text("main")
    staff.audit()
    page.get_by_role("button", name="Aplicar").press("Enter")
    page.get_by_text("Se está aplicando.").wait_for()
    work(site)
    page.get_by_text("Aplicado.", exact=True).first.wait_for()
    assert "Nuevas: 3." in page.inner_text("main")
    page.get_by_role("link", name="Ver en el historial").click()
    assert "registro.xlsx" in page.inner_text("main")


def test_without_scripts_a_link_shows_how_it_goes(visitor, site, tmp_path):
    staff = visitor(java_script_enabled=False)
    enter(staff, site)
    page = staff.page
    send(staff, written(tmp_path, register({}, {}, {}), "registro.xlsx"))
    work(site)
    page.get_by_role("link", name="Actualizar").click()
    page.get_by_text("Sin errores.").wait_for()


def test_the_form_is_right_for_axe_and_says_what_is_wrong(visitor, site, tmp_path):
    staff = visitor(390)
    staff.expected_statuses.add(422)
    enter(staff, site)
    staff.go("/admin/cargas/nueva/")
    staff.audit()
    page = staff.page
    page.get_by_role("button", name="Subir y revisar").click()
    assert "El archivo no se recibió." in page.get_by_role("alert").inner_text()
    staff.audit()
