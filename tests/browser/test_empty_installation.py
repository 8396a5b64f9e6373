"""An institute sets a process up by itself, from an empty database, by reading the screen.

Nothing is called but `make run DEMO=0`: everything else is clicked and typed in Chromium. Each
screen of the admin has its own test that audits it.
"""

import re
import signal
import subprocess
import sys

import pytest
from playwright.sync_api import expect

from conoceles_site import serve
from tests import own_database
from tests.browser.conftest import Site
from tests.browser.handing_out import (
    activate,
    answer_and_send,
    hand_out_on_paper,
    make_accounts,
    set_second_factor_up,
)
from tests.imports.books import written, xlsx
from tests.waiting import free_port, wait_until

pytestmark = pytest.mark.browser
PROCESS = "Proceso Electoral Local 2026-2027"
OFFICES = ("Presidencia municipal", "Regiduría", "Diputación local")
COLUMNS = [
    *("nombre", "cargo", "principio", "tipo", "numero_lista", "actor"),
    *("municipio_clave", "distrito", "sexo", "fecha_nacimiento"),
]
PEOPLE = (
    ("Hortensia Mezquite Llano", "presidencia_municipal", "", "19039", "", "mujer"),
    ("Ramiro Ocotillo Peña", "regiduria", "1", "19039", "", "hombre"),
    ("Irene Sotol Vara", "presidencia_municipal", "", "19026", "", "mujer"),
    ("Casimiro Nogal Cantú", "diputacion_local", "", "", "2", "hombre"),
)
PASSWORD = "consejo-mira-y-no-toca-27"


@pytest.fixture(scope="module")
def site(tmp_path_factory, django_db_setup, django_db_blocker):
    """`make run DEMO=0` over a database without any table."""
    data_dir = tmp_path_factory.mktemp("vacia")
    port = free_port()
    extra = {"PORT": str(port), "DEMO": "0", "CONOCELES_SECOND_FACTOR": "on"}
    env = own_database.create_empty("vacia", data_dir) | extra
    log = data_dir / "run.log"
    with log.open("wb") as output:
        command = [sys.executable, "-m", serve.__name__]
        running = subprocess.Popen(
            command,
            cwd=own_database.ROOT,
            env=env,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        wait_until(
            lambda: "Listo" in log.read_text() or running.poll() is not None,
            seconds=180,
            what="it did not start",
        )
        printed = re.search(r"Cuenta creada: administracion / (\S+)", log.read_text())
        assert printed is not None, log.read_text()
        yield Site(f"http://localhost:{port}", {"administracion": printed.group(1)}, env, log)
    finally:
        running.send_signal(signal.SIGINT)
        running.wait(60)
        own_database.drop("vacia")


def field(page, label):
    """A field of the form that is open; the menu has words of its own."""
    return page.get_by_role("main").get_by_label(label)


def sign_in(person, username, password, arrives="/admin/"):
    """The first time: staff set their second factor up on the way."""
    person.go("/acceso/?next=/admin/")
    person.page.fill("#id_login", username)
    person.page.fill("#id_password", password)
    person.page.keyboard.press("Enter")
    set_second_factor_up(person)
    person.page.wait_for_url(re.compile(rf"^[^?]*{arrives}$"))


def step(page, name):
    """From the first page to the steps of the process, and one of them."""
    page.goto(site_of(page) + "/admin/")
    page.get_by_role("link", name="Preparar el proceso").first.click()
    page.get_by_role("link", name=name, exact=True).click()


def register(*changes):
    rows = []
    for (name, office, place, municipality, district, sex), change in zip(
        PEOPLE, changes, strict=True
    ):
        row = {
            "nombre": name,
            "cargo": office,
            "principio": "mr",
            "tipo": "propietaria",
            "numero_lista": place,
            "actor": "Partido Cardenche",
            "municipio_clave": municipality,
            "distrito": district,
            "sexo": sex,
            "fecha_nacimiento": "1983-05-20",
        }
        rows.append([(row | change)[column] for column in COLUMNS])
    return xlsx(rows=[COLUMNS, *rows])


def test_an_institute_sets_its_process_up_from_an_empty_database(visitor, site, tmp_path):
    staff = visitor()
    sign_in(staff, "administracion", site.passwords["administracion"])
    create_process(staff)
    add_offices_and_places(staff)
    add_an_actor(staff)
    ask_two_more_questions(staff)
    load_the_register(staff, tmp_path)
    nothing_is_public_yet(visitor())
    set_dates(staff)
    make_current(staff)
    the_council_looks(staff, visitor())
    a_citizen_reads(visitor())
    a_candidate_answers(staff, visitor(390))


def create_process(staff):
    page = staff.page
    page.get_by_role("link", name="Crear el proceso").click()
    field(page, "Nombre").fill(PROCESS)
    field(page, "Entidad federativa").select_option(label="Nuevo León")
    field(page, "Jornada electoral").fill("06/06/2027")
    field(page, "Cierre del proceso").fill("05/06/2027")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Crear").click()
    field(page, "Cierre del proceso").fill("30/09/2027")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Crear").click()
    expect(page.get_by_text("Faltan 9 pasos de 13.")).to_be_visible()


def add_offices_and_places(staff):
    page = staff.page
    step(page, "Agregar los cargos")
    page.get_by_role("link", name="Agregar cargos").click()
    for office in OFFICES:
        field(page, office).check()
    field(page, "Ponerles la veda que propone la ley").check()
    page.get_by_role("button", name="Agregar los marcados").click()
    for office in OFFICES[:2]:
        page.get_by_role("main").get_by_role("link", name=office, exact=True).click()
        page.get_by_role("button", name="Tomar los 51 municipios de Nuevo León").click()
        expect(page.get_by_text("Se agregaron 51 elecciones.")).to_be_visible()
        page.get_by_role("link", name="Ver todos los cargos del proceso").click()
    page.get_by_role("main").get_by_role("link", name=OFFICES[2], exact=True).click()
    page.get_by_role("link", name="Cargar los distritos").click()
    field(page, "Tabla de distritos").fill(
        "1\tMonterrey\tMonterrey\n2\tApodaca\tApodaca, Pesquería\n3\tGuadalupe\t19026"
    )
    page.get_by_role("button", name="Cargar los distritos").click()
    expect(page.get_by_text("Se agregaron 3 distritos.")).to_be_visible()


def add_an_actor(staff):
    page = staff.page
    step(page, "Ver los actores políticos")
    page.get_by_role("link", name="Agregar actor político").click()
    expect(field(page, "Proceso").locator("option:checked")).to_have_text(PROCESS)
    field(page, "Clave").fill("cardenche")
    field(page, "Nombre").fill("Partido Cardenche")
    field(page, "Siglas").fill("PCAR")
    field(page, "Tipo").select_option(label="partido político")
    field(page, "Color de referencia").fill("#4a2c82")
    page.get_by_role("button", name="Crear").click()
    expect(page.get_by_text("«Partido Cardenche»: se creó.")).to_be_visible()


def ask_two_more_questions(staff):
    page = staff.page
    step(page, "Ver y poner en vigor cuestionarios")
    field(page, "Partir de la versión").select_option(label="curricular-2024")
    page.get_by_role("button", name="Empezar un borrador").click()
    for label in ("¿Qué lenguas habla?", "¿Cómo se traslada?"):
        page.get_by_role("link", name="Agregar pregunta en «Propuestas»").click()
        page.fill("#id_label", label)
        page.select_option("#id_kind", label="Texto corto")
        page.fill("#id_max_length", "120")
        page.get_by_role("button", name="Guardar en el borrador").last.click()
        expect(page.get_by_role("main").get_by_text(label).first).to_be_visible()
    page.get_by_role("link", name="Revisar y poner en vigor").click()
    page.get_by_role("button", name="Poner en vigor").click()
    expect(page.get_by_role("heading", name=re.compile("Cuestionario"))).not_to_have_count(0)


def load_the_register(staff, tmp_path):
    page = staff.page
    wrong = register({"sexo": "M"}, {}, {"municipio_clave": "05030"}, {})
    send(page, written(tmp_path, wrong, "registro.xlsx"))
    errors = page.get_by_role("region", name="Errores (2)")
    errors.wait_for()
    assert [row.split("\t")[0] for row in errors.get_by_role("row").all_inner_texts()[1:]] == [
        "2",
        "4",
    ]
    send(page, written(tmp_path, register({}, {}, {}, {}), "registro.xlsx"))
    page.get_by_role("button", name="Aplicar").click()
    page.get_by_text("Aplicado.", exact=True).first.wait_for()


def send(page, path):
    step(page, "Subir el archivo de registro")
    field(page, "Registro de candidaturas del instituto").check()
    page.locator("#id_file").set_input_files(path)
    page.get_by_role("button", name="Subir y revisar").click()
    page.wait_for_url(re.compile(r"/admin/cargas/\d+/$"))


def nothing_is_public_yet(citizen):
    citizen.go("/")
    assert "Mezquite" not in citizen.page.inner_text("body")
    citizen.go("/buscar/?q=Hortensia")
    assert "Mezquite" not in citizen.page.inner_text("main")


def set_dates(staff):
    page = staff.page
    for office in OFFICES:
        step(page, "Escribir las fechas de publicación")
        page.get_by_role("main").get_by_role("link", name=office, exact=True).first.click()
        field(page, "Visible desde").fill("28/11/2026 00:00")
        field(page, "Campañas: desde").fill("05/04/2027")
        # Campaigns end before the three days of silence.
        field(page, "Campañas: hasta").fill("05/06/2027")
        page.keyboard.press("Escape")
        page.get_by_role("button", name="Guardar").click()
        expect(page.get_by_text("LGIPE").first).to_be_visible()
        field(page, "Campañas: hasta").fill("02/06/2027")
        page.keyboard.press("Escape")
        page.get_by_role("button", name="Guardar").click()
        expect(page.get_by_text("se guardó").first).to_be_visible()


def make_current(staff):
    page = staff.page
    page.goto(site_of(page) + "/admin/")
    page.get_by_role("link", name="Elegir el proceso").click()
    page.get_by_role("link", name="Ver los pasos").click()
    page.get_by_role("link", name="Hacerlo vigente", exact=True).click()
    expect(page.get_by_text("El mapa de sus municipios.")).to_be_visible()
    page.get_by_role("button", name="Hacerlo vigente").click()


def the_council_looks(staff, member):
    page = staff.page
    page.goto(site_of(page) + "/admin/users/")
    page.get_by_role("link", name="Agregar una cuenta").click()
    field(page, "Nombre de usuario").fill("consejo")
    field(page, "Consulta (Comisión y Consejo)").check()
    field(page, "Contraseña").first.fill(PASSWORD)
    field(page, "Confirmación de contraseña").fill(PASSWORD)
    page.get_by_role("button", name="Crear").click()
    account = page.get_by_role("main").get_by_role("row", name=re.compile("consejo"))
    expect(account).to_contain_text("Consulta (Comisión y Consejo)")
    sign_in(member, "consejo", PASSWORD, arrives="/admin/avance/")
    seen = member.page.get_by_role("main")
    expect(seen.get_by_text(PROCESS).first).to_be_visible()
    offices = seen.get_by_role("region", name="Por cargo").first
    expect(offices.get_by_role("row", name=re.compile("^Presidencia municipal 2"))).to_be_visible()
    expect(offices.get_by_role("row", name=re.compile("^Total 4"))).to_be_visible()
    assert "Hortensia" not in seen.inner_text()
    with member.page.expect_download() as downloading:
        member.page.get_by_role("button", name="Descargar XLSX").click()
    assert downloading.value.suggested_filename.endswith(".xlsx")


def site_of(page):
    return page.url.split("/admin/")[0]


def a_citizen_reads(citizen):
    page = citizen.page
    citizen.go("/")
    home = page.inner_text("body")
    assert f"{PROCESS}, 6 de junio de 2027" in home
    for said in ("Los 51 municipios", "Los 3 distritos"):
        assert said in home
    for elsewhere in ("Torreón", "Saltillo", "2024"):
        assert elsewhere not in home
    citizen.audit()
    page.get_by_label("¿En qué municipio votas?").fill("Monterrey")
    page.keyboard.press("Enter")
    page.wait_for_url("**/municipios/monterrey/")
    assert page.locator("svg[aria-label='Dónde está Monterrey']").count() == 1
    expect(page.get_by_role("heading", name="Hortensia Mezquite Llano")).to_be_visible()
    expect(page.get_by_text("Distrito 1, Monterrey").first).to_be_visible()
    citizen.audit()
    citizen.expected_statuses.add(404)
    citizen.go("/municipios/torreon/")
    assert page.get_by_text("Mezquite").count() == 0
    citizen.go("/buscar/?q=Hortensia")
    expect(page.get_by_role("heading", name="1 candidatura coincide")).to_be_visible()
    citizen.audit()


def a_candidate_answers(staff, candidate):
    page = staff.page
    page.goto(site_of(page) + "/admin/")
    page.get_by_role("link", name="Ver los pasos").first.click()
    page.get_by_role("link", name="Hacer y entregar cuentas", exact=True).click()
    make_accounts(page)
    sheets = hand_out_on_paper(page)
    assert len(sheets) == len(PEOPLE)
    activate(candidate, next(sheet for sheet in sheets if PEOPLE[0][0] in sheet))
    answer_and_send(candidate)
