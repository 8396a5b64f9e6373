"""Staff write the terms of a process and its holidays, see who is due, and reopen a term."""

import os
import re
from pathlib import Path

import pytest

from cms.demo.roster import PROCESS_NAME, PROCESS_SLUG
from tests import own_database

pytestmark = pytest.mark.browser
# Delivers the accounts of the demonstration long ago. Other tests may have made processes.
DELIVERED = f"""
from datetime import timedelta
from django.utils import timezone
from cms.candidacies import terms
from cms.candidacies.models import CandidacyPage
own = CandidacyPage.objects.filter(process__slug="{PROCESS_SLUG}", state="activa")
ids = list(own.values_list("pk", flat=True))
for days, some in ((40, ids[:200]), (10, ids[200:])):
    at = timezone.now() - timedelta(days=days)
    terms.begin(some, event=terms.StartEvent.ACCOUNT_DELIVERED, at=at, by=None)
"""


def seen(person, name):
    """Audit a page; with SHOTS, keep a picture of it at both widths."""
    person.audit()
    folder = os.environ.get("SHOTS")
    for width in (390, 1280) if folder else ():
        person.page.set_viewport_size({"width": width, "height": 900})
        person.page.screenshot(path=Path(folder) / f"{name}-{width}.png", full_page=True)


def test_terms_from_their_rules_to_a_reopening(administrator, site):
    own_database.run("shell", "-v", "0", "-c", DELIVERED, env=site.env)
    page = administrator.page
    administrator.expected_statuses |= {422}
    write_the_rules(administrator)
    write_holidays(administrator)

    administrator.go(f"/admin/avance/plazos/?proceso={PROCESS_SLUG}&plazo=vencidos&envio=falta")
    assert "Qué día vencen" in page.inner_text("main")
    seen(administrator, "plazos")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Descargar CSV").press("Enter")
    assert re.fullmatch(r"plazos-[\w-]+\.csv", waiting.value.suggested_filename)

    name = page.locator("#nombres ~ .progress-table tbody tr td:nth-child(4)").first.inner_text()
    reopen(administrator, name)


def write_the_rules(administrator):
    page = administrator.page
    administrator.go("/admin/process/")
    named = page.get_by_role("link", name=PROCESS_NAME, exact=True)
    page.locator("tr", has=named).get_by_role("link", name="Ver los pasos").click()
    page.get_by_role("link", name="Escribir los plazos").click()
    page.get_by_label("Plazo de captura", exact=False).first.fill("0")
    page.get_by_role("button", name="Guardar los plazos").press("Enter")
    page.get_by_text("de 1 a 365").wait_for()
    seen(administrator, "reglas-error")
    page.get_by_label("Plazo de captura", exact=False).first.fill("20")
    page.get_by_role("button", name="Guardar los plazos").press("Enter")
    page.get_by_text("Se guardaron los plazos").wait_for()
    seen(administrator, "reglas")
    if page.get_by_role("link", name="Ver cuáles").count():
        page.get_by_role("link", name="Ver cuáles").click()
        seen(administrator, "contar")
        page.get_by_role("button", name="Alargar estos plazos").press("Enter")
        page.get_by_text(re.compile("Se alarg")).first.wait_for()


def write_holidays(administrator):
    page = administrator.page
    administrator.go("/admin/dias-inhabiles/varios/")
    page.get_by_label("Año").fill("2027")
    page.get_by_role("button", name="Proponer los de la ley").press("Enter")
    page.wait_for_url(re.compile("ley=1"))
    text = page.get_by_label("Días", exact=False).last
    text.fill(text.input_value() + "\nmañana")
    page.get_by_role("button", name="Agregar a la lista").press("Enter")
    page.get_by_text("Renglón 8").wait_for()
    seen(administrator, "inhabiles")
    text = page.get_by_label("Días", exact=False).last
    text.fill(text.input_value().replace("\nmañana", ""))
    page.get_by_role("button", name="Agregar a la lista").press("Enter")
    page.get_by_text("Se agregaron 7 días inhábiles.").wait_for()
    seen(administrator, "lista-inhabiles")


def reopen(administrator, name):
    page = administrator.page
    administrator.go(f"/admin/candidaturas/?q={name}")
    page.get_by_role("link", name=name).first.click()
    page.get_by_role("link", name="Reabrir el plazo").click()
    page.get_by_role("button", name="Reabrir el plazo").press("Enter")
    page.wait_for_selector('[role="alert"]')
    seen(administrator, "reabrir")
    page.get_by_label("Último día").fill("2030-01-15")
    page.get_by_label("Quién lo autorizó").fill("IEC/CG/045/2027")
    page.get_by_label("Por qué").fill("Falla del sistema")
    page.get_by_role("button", name="Reabrir el plazo").press("Enter")
    page.get_by_text("Lo autorizó: IEC/CG/045/2027").wait_for()
    seen(administrator, "candidatura")
