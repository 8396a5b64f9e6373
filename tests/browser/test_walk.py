"""The whole way in Chromium: captured, returned, corrected, approved, found by a citizen."""

import io
import json
import re
import time
import urllib.error
import urllib.request

import pytest
from PIL import Image

pytestmark = pytest.mark.browser

LONG = " Beneficia a las familias del municipio y se cumple en dos años, con cuentas públicas." * 5
CANARIES = {
    "historia_profesional": "zopilotehistoria",
    "trayectoria_politica": "zopilotetrayectoria",
    "motivo_cargo": "zopilotemotivo",
    "propuesta_1": "zopiloteprimera",
    "propuesta_2": "zopilotesegunda",
    "propuesta_genero": "zopilotegenero",
    "cursos": "zopilotecurso",
    "fotografia_texto_alternativo": "zopilotealternativo",
}
PHOTO_NAME = "zopilotearchivo.jpg"
OBSERVATION = "zopiloteobservacion"
CLARIFICATIONS = "zopiloteaclaraciones@ejemplo.mx"
EVERY_CANARY = [*CANARIES.values(), "zopilotearchivo", OBSERVATION, "zopiloteaclaraciones"]


def photograph() -> dict[str, object]:
    """A JPEG with a place in its metadata."""
    picture = Image.new("RGB", (900, 1200), "#886644")
    exif = Image.Exif()
    exif[0x010E] = "zopilotemetadato"
    content = io.BytesIO()
    picture.save(content, "JPEG", exif=exif)
    return {"name": PHOTO_NAME, "mimeType": "image/jpeg", "buffer": content.getvalue()}


def sign_in(visitor, site, username):
    visitor.go("/acceso/")
    visitor.page.fill("#id_login", username)
    visitor.page.fill("#id_password", site.passwords[username])
    visitor.page.click("main button[type=submit]")


def read(address: str) -> tuple[int, bytes]:
    try:
        with urllib.request.urlopen(address, timeout=20) as response:
            return response.status, response.read()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read()


def public_addresses(base: str) -> list[str]:
    """Every public address that the site names, and the search and the API with every parameter."""
    _status, sitemap = read(f"{base}/sitemap.xml")
    found = re.findall(r"<loc>([^<]+)</loc>", sitemap.decode())
    found += [f"{base}/api/v1/{name}/" for name in json.loads(read(f"{base}/api/v1/")[1])]
    for word in EVERY_CANARY:
        found += [f"{base}/buscar/?q={word}", f"{base}/api/v1/candidaturas/?q={word}"]
    for query in ("orden=nombre&por_pagina=100", "sexo=mujer&por_pagina=100", "cargo=regiduria"):
        found += [f"{base}/buscar/?{query}", f"{base}/api/v1/candidaturas/?{query}"]
    identifiers = re.findall(r"/candidaturas/(\d+)/", sitemap.decode())
    return found + [f"{base}/api/v1/candidaturas/{one}/" for one in identifiers]


def leaks(base: str) -> list[str]:
    """Addresses whose answer holds a planted word that the address itself did not bring."""
    found = []
    for address in public_addresses(base):
        status, body = read(address)
        assert status in {200, 301, 302}, (status, address)
        text = body.decode("utf-8", "replace").lower()
        found += [
            f"{word} in {address}" for word in EVERY_CANARY if word in text and word not in address
        ]
        if "q=" in address and "candidaturas/?q=" in address:
            assert json.loads(body)["total"] == 0, address
    return found


@pytest.fixture
def own_candidacy(site):
    """A candidacy of enlace.alianza without answers: its id, its public address and its name."""
    address = f"{site.base}/api/v1/candidaturas/?actor=PRI-PRD-UDC&cargo=presidencia_municipal"
    _status, body = read(f"{address}&por_pagina=100")
    empty = [one for one in json.loads(body)["resultados"] if one["publicada"] is None]
    assert empty, "the demonstration leaves some without answers"
    return empty[0]


def capture(party, candidacy_id):
    page = party.page
    party.go(f"/captura/{candidacy_id}/")
    page.wait_for_url("**/aviso/**")
    party.audit()
    page.check("input[name=acepto]")
    page.click("main button[type=submit]")
    page.wait_for_url("**/foto_contacto/")
    party.audit()
    page.set_input_files("#fotografia_archivo", photograph())
    page.click("button[name=quedarse]")
    page.wait_for_selector("img[alt^='Tu fotografía']")
    alternative = CANARIES["fotografia_texto_alternativo"]
    page.fill("#fotografia_texto_alternativo", f"Retrato {alternative}")
    page.fill("#correo_aclaraciones", CLARIFICATIONS)
    page.click("button[name=siguiente]")
    page.wait_for_url("**/estudios/")
    page.select_option("#grado_estudios", "licenciatura")
    page.select_option("#estatus_estudios", "titulo")
    page.fill("#cursos", f"Curso de {CANARIES['cursos']}")
    page.click("button[name=siguiente]")
    page.wait_for_url("**/historia/")
    fill_texts(page)


def fill_texts(page):
    for section, keys, following in (
        ("historia", ["historia_profesional"], "trayectoria"),
        ("trayectoria", ["trayectoria_politica", "motivo_cargo"], "propuestas"),
        ("propuestas", ["propuesta_1", "propuesta_2", "propuesta_genero"], "revisar"),
    ):
        page.wait_for_url(f"**/{section}/")
        for key in keys:
            page.fill(f"#{key}", f"Palabra {CANARIES[key]}.{LONG}")
        page.click("button[name=siguiente]")
        page.wait_for_url(f"**/{following}/")


def send(party):
    page = party.page
    party.audit()
    page.check("input[name=confirmo]")
    page.click("main form button[type=submit]")
    page.wait_for_url("**/acuse/")
    assert re.search(r"[0-9a-f]{64}", page.inner_text("main"))
    party.audit()


def open_record(validator, name):
    page = validator.page
    validator.go("/admin/revision/")
    page.get_by_role("link", name=name).first.click()
    page.wait_for_url(re.compile(r"/admin/revision/\d+/"))


def test_from_capture_to_a_citizen(site, visitor, own_candidacy):
    party, validator = visitor(), visitor()
    sign_in(party, site, "enlace.alianza")
    party.page.wait_for_url("**/captura/")
    party.audit()
    capture(party, own_candidacy["id"])
    assert leaks(site.base) == [], "a draft is public"
    send(party)

    sign_in(validator, site, "revision")
    open_record(validator, own_candidacy["nombre"])
    return_with_observation(validator.page)
    assert leaks(site.base) == [], "what is under review is public"

    party.go(f"/captura/{own_candidacy['id']}/")
    party.page.wait_for_url("**/propuestas/")
    assert OBSERVATION in party.page.inner_text("#propuesta_1-observaciones")
    party.audit()
    party.page.fill("#propuesta_1", f"Palabra corregida zopilotecorregida.{LONG}")
    party.page.click("button[name=siguiente]")
    party.page.wait_for_url("**/revisar/")
    send(party)

    open_record(validator, own_candidacy["nombre"])
    validator.page.get_by_role("button", name="Aprobar y publicar").click()
    validator.page.wait_for_load_state()
    a_citizen_finds_it(site, visitor(390), own_candidacy)


def return_with_observation(page):
    answer = page.locator("#respuesta-propuesta_1")
    answer.locator("input[type=radio]").last.check()
    answer.locator("select").first.select_option("incompleto")
    answer.locator("textarea").last.fill(f"Di en qué fecha termina. {OBSERVATION}")
    page.locator("[data-review-return]").click()
    page.wait_for_load_state()


def a_citizen_finds_it(site, citizen, own_candidacy):
    since = time.monotonic()
    citizen.go("/buscar/?q=zopilotecorregida")
    assert own_candidacy["nombre"] in citizen.page.inner_text("main")
    municipality = own_candidacy["municipio"]["slug"]
    citizen.go(f"/municipios/{municipality}/")
    card = citizen.page.locator("article", has_text=own_candidacy["nombre"])
    assert "Sin información" not in card.inner_text()
    assert time.monotonic() - since < 2
    for path in (
        "/",
        "/buscar/?q=zopilotecorregida",
        f"/municipios/{municipality}/",
        own_candidacy["url"].removeprefix(site.base),
        "/municipios/",
        "/noticias/",
        "/preguntas/",
    ):
        citizen.go(path)
        citizen.audit()
    citizen.go(own_candidacy["url"].removeprefix(site.base))
    picture = citizen.page.locator("img[alt^='Retrato zopilotealternativo']")
    status, content = read(site.base + picture.get_attribute("src"))
    assert status == 200
    assert b"zopilotemetadato" not in content
    assert "zopilotearchivo" not in picture.get_attribute("src")
    assert citizen.page.context.cookies() == []
    everything = read(own_candidacy["url"])[1].decode()
    assert "zopiloteaclaraciones" not in everything
    assert OBSERVATION not in everything


def test_nothing_personal_is_in_the_servers_log(site, visitor, own_candidacy):
    visitor().go(f"/buscar/?q={own_candidacy['nombre'].split()[-1]}")
    log = site.log.read_text(encoding="utf-8").lower()
    assert "buscar/" in log
    for word in (*EVERY_CANARY, own_candidacy["nombre"].lower(), "enlace.alianza", "@"):
        assert word not in log, word


def test_without_javascript_a_step_is_saved_and_explained(site, visitor):
    party = visitor(390, java_script_enabled=False)
    party.expected_statuses.add(422)
    sign_in(party, site, "enlace.historia")
    page = party.page
    page.locator("table a").first.click()
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
