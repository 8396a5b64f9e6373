"""A draft is seen as it will be captured and read; nothing of the preview is stored."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cms.questionnaires.kinds import CURRICULAR
from cms.questionnaires.models import (
    DefinitionDraft,
    Draft,
    Photograph,
    Questionnaire,
    QuestionnaireDefinition,
)
from cms.questionnaires.versions import services
from tests.questionnaires.versions.conftest import now

pytestmark = pytest.mark.django_db


def at(name: str, *arguments: Any) -> str:
    return reverse(f"version_preview:{name}", args=arguments)


@pytest.fixture
def with_question(draft: DefinitionDraft, administrator: Any) -> DefinitionDraft:
    services.write_question(
        draft_id=draft.pk,
        key="",
        said={
            "label": "¿Qué lenguas habla?",
            "kind": "texto_largo",
            "max_length": 300,
            "min_length": 40,
            "required": True,
        },
        section="propuestas",
        opened="",
        user=administrator,
    )
    return now(draft)


def test_every_step_is_shown_as_candidates_will_see_it(
    admin: Client, with_question: DefinitionDraft
) -> None:
    first = admin.get(at("form", with_question.pk))
    assert first["Location"] == at("section", with_question.pk, "foto_contacto")
    for section in with_question.content["sections"]:
        page = admin.get(at("section", with_question.pk, section["key"]))
        text = page.content.decode()
        assert page["Cache-Control"] == "private, no-store"
        assert "Nada de lo que escribas se guarda" in text
        assert all(question["label"] in text for question in section["questions"])
        assert "hx-post" not in text
        assert "Pregunta nueva en «Propuestas»: «¿Qué lenguas habla?»" in text
    assert "de 40 a 300" in text


def test_what_is_typed_is_judged_and_forgotten(
    admin: Client, with_question: DefinitionDraft
) -> None:
    address = at("section", with_question.pk, "propuestas")
    page = admin.post(address, {"lenguas_habla": "Kikapú y español."})
    assert page.status_code == 422
    text = page.content.decode()
    assert "Kikapú y español." in text
    assert "Escribe al menos 40 caracteres sin contar espacios; llevas 15." in text

    last = admin.post(address, {"lenguas_habla": "palabra " * 8, "propuesta_1": "palabra " * 60})
    assert last["Location"] == at("reading", with_question.pk)
    for model in (Questionnaire, Draft, Photograph):
        assert not model.objects.exists()


def test_the_public_page_is_shown_with_made_up_answers(
    admin: Client, with_question: DefinitionDraft
) -> None:
    page = admin.get(at("reading", with_question.pk))

    assert page["Cache-Control"] == "private, no-store"
    text = page.content.decode()
    assert "así se leerá" in text
    assert "Pregunta nueva en «Propuestas»: «¿Qué lenguas habla?»" in text
    assert '<meta name="robots" content="noindex' in text
    assert text.index("¿Cuál es su primera propuesta?") < text.rindex("¿Qué lenguas habla?")
    assert "No respondió" not in text


@pytest.mark.parametrize("version", ["curricular-2024", "iecm-2024", "ine-2021", "ine-2022"])
def test_every_shipped_version_can_be_previewed(
    admin: Client, process: Any, administrator: Any, version: str
) -> None:
    stored = QuestionnaireDefinition.objects.get(version=version)
    process.questionnaires.all().delete()
    draft = services.begin_draft(process=process, kind=CURRICULAR, user=administrator, base=stored)

    assert admin.get(at("reading", draft.pk)).status_code == 200
    for section in draft.content["sections"]:
        assert admin.get(at("section", draft.pk, section["key"])).status_code == 200


def test_an_incomplete_draft_has_no_preview(
    admin: Client, draft: DefinitionDraft, administrator: Any
) -> None:
    services.write_section(
        draft_id=draft.pk, key="", said={"title": "Vacío"}, opened="", user=administrator
    )
    assert admin.get(at("form", draft.pk)).status_code == 404


@pytest.mark.parametrize("account", ["validator", "liaison"])
def test_other_accounts_see_no_preview(
    client: Client, draft: DefinitionDraft, account: str, request: pytest.FixtureRequest
) -> None:
    client.force_login(request.getfixturevalue(account))
    for name, arguments in (("form", []), ("section", ["propuestas"]), ("reading", [])):
        assert client.get(at(name, draft.pk, *arguments)).status_code != 200


def test_leaving_the_preview_leads_to_the_draft_and_signs_nobody_out(
    admin: Client, with_question: DefinitionDraft
) -> None:
    page = admin.get(at("section", with_question.pk, "propuestas")).content.decode()
    draft = reverse("version_drafts:draft", args=[with_question.pk])

    assert f'<a class="tool" href="{draft}">Salir de la vista previa</a>' in page
    assert "/acceso/salir/" not in page
    assert 'href="/captura/' not in page
    assert admin.get(draft).status_code == 200
