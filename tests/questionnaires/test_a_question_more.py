"""A definition with three more questions works from the admin to the API without new code.

The first is a long text, the second an option that is a facet, and the third an option that is not.
"""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cms.accounts.services import create_staff
from cms.catalogs.models import Process
from cms.published.models import PublishedCandidacy
from cms.questionnaires.models import (
    ProcessQuestionnaire,
    QuestionnaireDefinition,
    Submission,
)
from tests.moderation.samples import a_portrait, accept_notice_in_force
from tests.questionnaires.conftest import shipped

pytestmark = pytest.mark.django_db

WATER: dict[str, Any] = {
    "key": "cuidado_del_agua",
    "label": "¿Cómo cuidará el agua del municipio?",
    "kind": "texto_largo",
    "required": True,
    "min_length": 40,
    "max_length": 900,
    "weight": "alto",
    "reading_order": 1,
    "where_found": "En cómo cuidará el agua",
}
LANGUAGE = {
    "key": "lengua_materna",
    "label": "¿Cuál es su lengua materna?",
    "kind": "opcion",
    "required": True,
    "facet": "lengua",
    "facet_label": "Lengua materna",
    "options": [
        {"value": "kikapu", "label": "Kikapú"},
        {"value": "espanol", "label": "Español"},
        {"value": "otra", "label": "Otra lengua"},
    ],
}
TRANSPORT: dict[str, Any] = {
    "key": "como_se_traslada",
    "label": "¿Cómo se traslada?",
    "kind": "opcion",
    "options": [
        {"value": "bici", "label": "En bicicleta"},
        {"value": "camion", "label": "En camión"},
    ],
}
ANSWERS = {
    "cuidado_del_agua": "Con aljibes de cantera en cada ejido y un padrón público de pozos.",
    "lengua_materna": "kikapu",
    "como_se_traslada": "bici",
}


def content() -> dict[str, Any]:
    """The curricular questionnaire with the three questions; the last has a section of its own."""
    found = shipped("curricular-2024")
    found["version"] = "curricular-2027"
    sections = {section["key"]: section for section in found["sections"]}
    sections["propuestas"]["questions"].append(WATER)
    sections["estudios"]["questions"].insert(0, LANGUAGE)
    found["sections"].append(
        {"key": "vida_diaria", "title": "Vida diaria", "questions": [TRANSPORT]}
    )
    return found


@pytest.fixture
def process(process: Process, client: Client, superuser: Any) -> Process:
    """A process for which an administrator put in force a version that was written as JSON."""
    client.force_login(superuser)
    written = client.post(
        reverse("questionnairedefinition:add"), {"content": json.dumps(content())}
    )
    assert written.status_code == 302
    administrator = create_staff(
        username="innova.uno", role="administracion", password="palabra-de-prueba-7"
    )
    client.force_login(administrator)
    version = QuestionnaireDefinition.objects.get(version="curricular-2027")
    asked = ProcessQuestionnaire.objects.get(process=process)
    chosen = client.post(
        reverse("processquestionnaire:edit", args=[asked.pk]),
        {"process": process.pk, "kind": "curricular", "definition": version.pk},
    )
    assert chosen.status_code == 302
    page = client.get(reverse("questionnairedefinition:inspect", args=[version.pk]))
    for text in ("Lengua materna", "<code>lengua</code>", "En cómo cuidará el agua", "Vida diaria"):
        assert text in page.content.decode()
    client.logout()
    return process


@pytest.fixture
def sent(
    client: Client,
    liaison: Any,
    make_candidacy: Callable[..., Any],
    complete_answers: dict[str, Any],
) -> Submission:
    """A submission that was captured and sent through the pages of capture."""
    candidacy = make_candidacy()
    accept_notice_in_force(liaison)
    client.force_login(liaison, backend="django.contrib.auth.backends.ModelBackend")
    answers = {**complete_answers, **ANSWERS}
    for section in content()["sections"]:
        address = reverse("capture:section", args=[candidacy.pk, section["key"]])
        page = client.get(address).content.decode()
        assert all(question["label"] in page for question in section["questions"])
        keys = {question["key"] for question in section["questions"]}
        typed = {key: value for key, value in answers.items() if key in keys}
        if any(question["kind"] == "fotografia" for question in section["questions"]):
            portrait = a_portrait()
            portrait.name = "retrato.jpg"
            typed["fotografia_archivo"] = portrait
        saved = client.post(address, {**typed, "siguiente": "1"})
        assert saved.status_code == 302, section["key"]
    review = reverse("capture:review", args=[candidacy.pk])
    page = client.get(review).content.decode()
    for text in (ANSWERS["cuidado_del_agua"], "Kikapú", "En bicicleta"):
        assert text in page
    assert client.post(review, {"confirmo": "si"}).status_code == 302
    client.logout()
    return Submission.objects.get(questionnaire__candidacy=candidacy)


@pytest.fixture
def published(client: Client, sent: Submission, validator: Any) -> PublishedCandidacy:
    """The public row of the submission, which a validator read and approved."""
    client.force_login(validator, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(reverse("moderation:review", args=[sent.pk])).content.decode()
    for text in (WATER["label"], "aljibes", "Kikapú", TRANSPORT["label"], "En bicicleta"):
        assert text in page
    client.post(reverse("moderation:approve", args=[sent.pk]), {"seal": sent.seal})
    client.logout()
    return PublishedCandidacy.objects.get(candidacy_id=sent.questionnaire.candidacy_id)


def test_questions_unknown_to_the_code_are_asked_reviewed_published_found_and_filtered(
    client: Client, published: PublishedCandidacy, make_candidacy: Callable[..., Any]
) -> None:
    make_candidacy(name="Homero Junco Nogal", sex="hombre", office="sindicatura")

    _they_are_on_the_page(client.get(published.get_absolute_url()).content.decode())
    _they_are_found(client)
    _they_are_filtered(client)
    _they_are_in_the_api(client, published)


def _they_are_on_the_page(page: str) -> None:
    water = page.index(WATER["label"])
    assert page.index('id="propuestas"') < water < page.index("¿Cuál es su primera propuesta?")
    assert ANSWERS["cuidado_del_agua"] in page
    assert "<dt>¿Cuál es su lengua materna?</dt><dd>Kikapú</dd>" in page
    assert "<dt>Lengua materna</dt><dd>Kikapú</dd>" in page
    last = page.index('id="vida_diaria"')
    assert page.index('id="estudios"') < last
    assert page.index("<dt>¿Cómo se traslada?</dt><dd>En bicicleta</dd>") > last


def _they_are_found(client: Client) -> None:
    page = client.get("/buscar/", {"q": "aljibes"}).content.decode()
    assert "1 candidatura habla de «aljibes»" in page
    assert '<span class="passage__where">En cómo cuidará el agua</span>' in page
    assert "<mark>aljibes</mark>" in page
    # A phrase that the definition leaves out is derived from the label of the question.
    assert "En «¿Cómo se traslada?»" in client.get("/buscar/", {"q": "bicicleta"}).content.decode()


def _they_are_filtered(client: Client) -> None:
    page = client.get("/buscar/", {"lengua": "kikapu"}).content.decode()
    assert "<h1>1 candidatura</h1>" in page
    assert "<legend>Lengua materna</legend>" in page
    assert page.index(">Kikapú") < page.index(">Español") < page.index(">Otra lengua")
    assert '<span class="visually-hidden">Quitar el filtro </span>Kikapú' in page
    assert "¿Cómo se traslada?" not in page
    assert "Ninguna candidatura" in client.get("/buscar/", {"lengua": "otra"}).content.decode()


def _they_are_in_the_api(client: Client, published: PublishedCandidacy) -> None:
    found = client.get("/api/v1/candidaturas/", {"lengua": "Kikapú"}).json()
    assert found["facetas"]["lengua"] == [
        {"valor": "kikapu", "etiqueta": "Kikapú", "total": 1},
        {"valor": "espanol", "etiqueta": "Español", "total": 0},
        {"valor": "otra", "etiqueta": "Otra lengua", "total": 0},
    ]
    assert [result["lengua_materna"] for result in found["resultados"]] == ["kikapu"]
    everybody = client.get("/api/v1/candidaturas/").json()["resultados"]
    assert {(result["lengua_materna"], result["grado_estudios"]) for result in everybody} == {
        ("kikapu", "licenciatura"),
        (None, None),
    }
    refused = client.get("/api/v1/candidaturas/", {"lengua": "klingon"})
    assert refused.status_code == 400
    assert refused.json()["errores"][0]["remedio"] == "Usa kikapu, espanol, otra."

    detail = client.get(f"/api/v1/candidaturas/{published.pk}/").json()
    assert detail["lengua_materna"] == "kikapu"
    answers = {answer["pregunta"]: answer["respuesta"] for answer in detail["respuestas"]}
    assert answers["cuidado_del_agua"] == ANSWERS["cuidado_del_agua"]
    assert (answers["lengua_materna"], answers["como_se_traslada"]) == ("Kikapú", "En bicicleta")

    described = client.get("/api/v1/esquema/").json()
    search = described["paths"]["/api/v1/candidaturas/"]["get"]["parameters"]
    [language] = [parameter for parameter in search if parameter["name"] == "lengua"]
    assert language["schema"]["items"]["enum"] == ["kikapu", "espanol", "otra"]
    schemas = described["components"]["schemas"]
    for name in ("Candidacy", "CandidacyDetail"):
        assert schemas[name]["properties"]["lengua_materna"]["type"] == ["string", "null"]
    assert schemas["Facets"]["properties"]["lengua"] == schemas["Facets"]["properties"]["cargo"]
