"""A questionnaire in Chromium: captured, returned, corrected, approved, found by a citizen."""

import json
import re
from pathlib import Path

import pytest

from tests.browser import planted
from tests.browser.public_side import leaks, read

pytestmark = pytest.mark.browser

UNSEEN = (*planted.ANSWERS, *planted.NEVER_PUBLIC, planted.CORRECTED)


def sign_in(visitor, site, username):
    visitor.page.fill("#id_login", username)
    visitor.page.fill("#id_password", site.passwords[username])
    visitor.page.click("main button[type=submit]")
    visitor.page.wait_for_load_state()


@pytest.fixture
def own_candidacy(site):
    """A candidacy of enlace.alianza without answers: its id, its public address and its name."""
    address = f"{site.base}/api/v1/candidaturas/?actor=PRI-PRD-UDC&cargo=presidencia_municipal"
    found = json.loads(read(f"{address}&por_pagina=100").content)["resultados"]
    empty = [candidacy for candidacy in found if candidacy["publicada"] is None]
    assert empty, "the demonstration leaves some without answers"
    return empty[0]


def photographs(site) -> set[str]:
    """The names of the files of all photographs, public and private."""
    folder = Path(site.env["CONOCELES_DATA_DIR"]) / "private" / "photographs"
    return {file.name for file in folder.iterdir()}


def capture(party, candidacy_id):
    page = party.page
    party.go(f"/captura/{candidacy_id}/")
    page.wait_for_url("**/aviso/**")
    party.audit()
    page.check("input[name=acepto]")
    page.click("main button[type=submit]")
    page.wait_for_url("**/foto_contacto/")
    party.audit()
    page.set_input_files("#fotografia_archivo", planted.photograph())
    page.click("button[name=quedarse]")
    page.wait_for_selector("img[alt^='Tu fotografía']")
    fill_contact(page)
    page.click("button[name=siguiente]")
    page.wait_for_url("**/estudios/")
    page.select_option("#grado_estudios", "licenciatura")
    page.select_option("#estatus_estudios", "titulo")
    page.fill("#cursos", planted.COURSE)
    page.click("button[name=siguiente]")
    page.wait_for_url("**/historia/")
    fill_texts(page)


def fill_contact(page):
    page.fill("#fotografia_texto_alternativo", planted.ALTERNATIVE)
    for key, address in planted.ACCOUNTS.items():
        page.check(f"input[name={key}_tiene][value=si]")
        page.fill(f"#{key}", address)
    for key, value in planted.CONTACT.items():
        page.locator(f"[name={key}]").first.fill(value)
    page.fill("#correo_aclaraciones", planted.CLARIFICATIONS)


def fill_texts(page):
    for section, keys, following in (
        ("historia", ["historia_profesional"], "trayectoria"),
        ("trayectoria", ["trayectoria_politica", "motivo_cargo"], "propuestas"),
        ("propuestas", ["propuesta_1", "propuesta_2", "propuesta_genero"], "revisar"),
    ):
        page.wait_for_url(f"**/{section}/")
        for key in keys:
            page.fill(f"#{key}", planted.answer(key))
        page.click("button[name=siguiente]")
        page.wait_for_url(f"**/{following}/")


def send(party):
    page = party.page
    page.check("input[name=confirmo]")
    page.click("main form button[type=submit]")
    page.wait_for_url("**/acuse/")
    assert re.search(r"[0-9a-f]{64}", page.inner_text("main"))


def correct(party, candidacy_id, question, word):
    """Change the text of an answer, and send the questionnaire again."""
    page = party.page
    party.go(f"/captura/{candidacy_id}/propuestas/")
    page.fill(f"#{question}", f"Palabra corregida {word}.{planted.LONG}")
    page.click("button[name=siguiente]")
    page.wait_for_url("**/revisar/")
    send(party)


def enter_the_desk(validator, site, name):
    """Go to the admin, sign in, and open the submission of the candidacy with this name."""
    page = validator.page
    validator.go("/admin/")
    page.wait_for_url("**/acceso/?next=/admin/")
    validator.audit()
    sign_in(validator, site, "revision")
    page.wait_for_url("**/admin/")
    validator.audit()
    open_record(validator, name, audit=True)


def open_record(validator, name, *, audit=False):
    page = validator.page
    validator.go("/admin/revision/")
    if audit:
        validator.audit()
    page.get_by_role("link", name=name).first.click()
    page.wait_for_url(re.compile(r"/admin/revision/\d+/"))


def observe_everything(page) -> list[str]:
    """Observe every answer; return the questions in their order."""
    seen = []
    for answer in page.locator("[data-review-answer]").all():
        key = answer.get_attribute("id").removeprefix("respuesta-")
        answer.locator("input[value=observar]").check()
        answer.locator("select").select_option("incompleto")
        answer.locator(f"#id_{key}-passage").fill(f"zopilotepasaje{key}")
        answer.locator(f"#id_{key}-text").fill(f"Di más. zopiloteobserva{key}")
        seen.append(key)
    return seen


def return_with_observations(validator):
    page = validator.page
    validator.audit()
    validator.expected_statuses.add(422)
    page.locator("[data-review-return]").click()
    page.wait_for_selector("text=marca «Observar» en al menos una respuesta")
    validator.audit()
    observed = observe_everything(page)
    choices = {"fotografia", "fotografia_texto_alternativo", "grado_estudios", "estatus_estudios"}
    assert sorted(observed) == sorted(
        {*planted.TEXTS, *planted.ACCOUNTS, *planted.CONTACT, *choices, "cursos"}
    )
    button = page.get_by_role("button", name=f"Devolver con {len(observed)} observaciones")
    validator.audit()
    record = re.sub(r"devolver/$", "", page.url)
    button.click()
    page.wait_for_selector("text=Se devolvió el envío")
    page.goto(record)
    page.wait_for_selector("text=ya no está en revisión")
    validator.audit()
    validator.go("/admin/revision/?state=observado")
    validator.audit()


def approve(validator):
    validator.page.get_by_role("button", name="Aprobar y publicar").click()
    validator.page.wait_for_selector("text=Se publicó el envío")


def test_from_capture_to_a_citizen(site, visitor, own_candidacy):
    party, validator = visitor(), visitor()
    candidacy, name = own_candidacy["id"], own_candidacy["nombre"]
    before = photographs(site)
    party.go("/acceso/")
    sign_in(party, site, "enlace.alianza")
    party.page.wait_for_url("**/captura/")
    party.audit()
    capture(party, candidacy)
    assert leaks(site.base, UNSEEN) == [], "a draft is public"
    party.audit()
    send(party)
    party.audit()
    private = photographs(site) - before
    nobody_sees_the_photograph(site, private, candidacy)

    enter_the_desk(validator, site, name)
    return_with_observations(validator)
    party.go(f"/captura/{candidacy}/")
    party.page.wait_for_url("**/foto_contacto/")
    assert "zopiloteobservax" in party.page.inner_text("#x-observaciones")
    party.audit()
    correct(party, candidacy, "propuesta_1", planted.CORRECTED)
    assert leaks(site.base, UNSEEN, candidacy=candidacy) == [], "what is under review is public"
    nobody_sees_the_photograph(site, private, candidacy)

    open_record(validator, name)
    assert "zopiloteobservapropuesta_1" in validator.page.inner_text("main")
    validator.audit()
    approve(validator)
    a_citizen_finds_it(site, visitor(390), own_candidacy)
    a_newer_version_is_reviewed_beside_it(site, party, validator, own_candidacy)


def nobody_sees_the_photograph(site, names, candidacy_id):
    """Its files are not served, even to somebody who guesses their names or knows the original."""
    small, large = sorted(names)
    own, desk = f"/captura/{candidacy_id}/fotografia", "/admin/revision/fotografia"
    nowhere = ("/fotos", "/media", "/media/photographs", "/static", "/documentos/1")
    expected: dict[str, tuple[int, str | None]] = {
        f"{folder}/{name}": (404, None)
        for folder in nowhere
        for name in (small, large, planted.PHOTO_NAME)
    }
    expected[f"{own}/{planted.PHOTO_NAME}"] = (404, None)
    for path in (f"{own}/{small}", f"{own}/{large}", f"{desk}/{large}"):
        expected[path] = (302, f"/acceso/?next={path}")
    # The desk has no small photographs, and the admin has everybody sign in who asks for more.
    for path in (f"{desk}/{small}", f"{desk}/{planted.PHOTO_NAME}"):
        expected[path] = (301, f"{path}/")
        expected[f"{path}/"] = (302, f"/admin/login/?next={path}/")
    answers = {path: read(site.base + path) for path in expected}

    assert {path: (answer.status, leads_to(answer)) for path, answer in answers.items()} == expected


def leads_to(answer):
    found = re.search(r"^location: (.*)$", answer.text, re.MULTILINE)
    return found and found.group(1)


def a_citizen_finds_it(site, citizen, own_candidacy):
    """What was approved is public at the next request."""
    citizen.go(f"/buscar/?q={planted.CORRECTED}")
    assert own_candidacy["nombre"] in citizen.page.inner_text("main")
    municipality = own_candidacy["municipio"]["slug"]
    citizen.go(f"/municipios/{municipality}/")
    card = citizen.page.locator("article", has_text=own_candidacy["nombre"])
    assert "Sin información" not in card.inner_text()
    for path in (
        "/",
        f"/buscar/?q={planted.CORRECTED}",
        f"/municipios/{municipality}/",
        own_candidacy["url"].removeprefix(site.base),
        "/municipios/",
        "/noticias/",
        "/preguntas/",
    ):
        citizen.go(path)
        citizen.audit(every_sight=path not in {"/municipios/", "/noticias/", "/preguntas/"})
    citizen.go(own_candidacy["url"].removeprefix(site.base))
    picture = citizen.page.locator(f"img[alt^='{planted.ALTERNATIVE}']")
    portrait = read(site.base + picture.get_attribute("src"))
    assert portrait.status == 200
    assert planted.METADATA not in portrait.text
    assert planted.PHOTO_NAME not in picture.get_attribute("src")
    assert citizen.page.context.cookies() == []


def a_newer_version_is_reviewed_beside_it(site, party, validator, own_candidacy):
    """The published version stays; what was not approved is not public."""
    correct(party, own_candidacy["id"], "propuesta_2", planted.NEXT)
    unseen = (*planted.NEVER_PUBLIC, planted.TEXTS["propuesta_1"], planted.NEXT)
    found = leaks(site.base, unseen, candidacy=own_candidacy["id"])
    assert found == [], "what was never approved is public"

    open_record(validator, own_candidacy["nombre"])
    second = validator.page.locator("#respuesta-propuesta_2")
    assert planted.TEXTS["propuesta_2"] in second.locator("del").inner_text()
    assert planted.NEXT in second.locator("ins").inner_text()
    validator.audit()
    approve(validator)
    published = read(own_candidacy["url"]).text
    assert planted.NEXT in published
    assert planted.TEXTS["propuesta_2"] not in published


def test_the_log_of_the_server_has_no_personal_data(site, visitor, own_candidacy):
    visitor().go(f"/buscar/?q={own_candidacy['nombre'].split()[-1]}")
    log = site.log.read_text(encoding="utf-8").lower()
    assert "buscar/" in log
    for word in (*UNSEEN, planted.NEXT, own_candidacy["nombre"].lower(), "enlace.alianza", "@"):
        assert word not in log, word


def test_without_javascript_a_step_is_saved_and_explained(site, visitor):
    party = visitor(390, java_script_enabled=False)
    party.expected_statuses.add(422)
    party.go("/acceso/")
    sign_in(party, site, "enlace.historia")
    page = party.page
    page.locator("table a").first.click()
    page.wait_for_url(re.compile(r"/captura/.+"))
    # Another test may have accepted the notice with this account already.
    if page.locator("input[name=acepto]").count():
        page.check("input[name=acepto]")
        page.click("main button[type=submit]")
    address = re.sub(r"[a-z_]+/$", "propuestas/", page.url)
    page.goto(address)
    page.fill("#propuesta_1", "Un mercado con cámara fría.")
    page.click("button[name=siguiente]")
    assert page.title().startswith("Error:")
    explained = "Escribe al menos 280 caracteres sin contar espacios; llevas 23."
    assert explained in page.inner_text("main")
    page.goto(address)
    assert page.input_value("#propuesta_1") == "Un mercado con cámara fría."
