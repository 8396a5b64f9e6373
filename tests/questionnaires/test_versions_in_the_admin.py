"""Who operates the platform may write a new version as JSON, checked before it is stored.

Everybody else makes versions in forms: see `tests.questionnaires.versions`.
"""

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cms.questionnaires import selectors, services
from cms.questionnaires.kinds import CURRICULAR
from cms.questionnaires.loading import shipped_definitions
from cms.questionnaires.models import ProcessQuestionnaire, QuestionnaireDefinition
from tests.questionnaires.conftest import shipped

SHIPPED = len(shipped_definitions())
pytestmark = pytest.mark.django_db

NEW_QUESTION = {
    "key": "lenguas",
    "label": "¿Qué lenguas habla?",
    "kind": "texto_corto",
    "max_length": 120,
}


@pytest.fixture
def administrator(db: None) -> Any:
    from cms.accounts.services import create_staff

    return create_staff(
        username="innova.uno", role="administracion", password="palabra-de-prueba-7"
    )


@pytest.fixture
def admin(client: Client, superuser: Any) -> Client:
    client.force_login(superuser)
    return client


def url(name: str, *arguments: int) -> str:
    return reverse(f"questionnairedefinition:{name}", args=arguments)


def original() -> QuestionnaireDefinition:
    return QuestionnaireDefinition.objects.get(version="curricular-2024")


def next_version() -> dict[str, Any]:
    content = shipped("curricular-2024")
    content["version"] = "curricular-2026"
    content["sections"][1]["questions"].append(NEW_QUESTION)
    return content


def test_a_question_added_in_the_admin_is_asked_answered_and_sent(
    admin: Client, captured: Any, party: Any
) -> None:
    answer = admin.post(url("add"), {"content": json.dumps(next_version())})
    assert answer.status_code == 302

    made = QuestionnaireDefinition.objects.get(version="curricular-2026")
    assert (made.kind, made.title) == ("curricular", "Cuestionario curricular")
    chosen = ProcessQuestionnaire.objects.get(process=captured.process)
    edited = admin.post(
        reverse("processquestionnaire:edit", args=[chosen.pk]),
        {
            "process": captured.process_id,
            "kind": "curricular",
            "definition": made.pk,
            "counting_rule": "",
        },
    )
    assert edited.status_code == 302
    services.save_draft(
        candidacy=captured, kind=CURRICULAR, changes={"lenguas": "kikapú"}, version=None, user=party
    )
    sent = services.submit_questionnaire(
        candidacy=captured, kind=CURRICULAR, user=party, version=None
    )

    assert sent.definition == made
    assert selectors.submission_answers(sent)["lenguas"] == "kikapú"


def test_the_form_begins_with_the_version_that_was_chosen(admin: Client) -> None:
    page = admin.get(url("copy", original().pk))

    assert page.status_code == 200
    written = page.context["form"]["content"].value()
    assert json.loads(written) == original().content
    names = ["kind", "version", "title", "counting_rule", "chapters", "sections"]
    assert list(json.loads(written)) == names
    assert "¿Cuál es su primera propuesta?" in written


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ('{"kind": "curricular",\n  "version" "2"}', "no se entiende en la línea 2, columna 13"),
        ('{"kind": "curricular"}', "falta «version»"),
        ('["curricular"]', "no es un objeto de JSON"),
        ("", "obligatorio"),
    ],
)
def test_a_text_that_is_not_a_questionnaire_is_refused_and_the_message_says_where(
    admin: Client, written: str, message: str
) -> None:
    page = admin.post(url("add"), {"content": written})

    assert page.status_code == 200
    errors = page.context["form"].errors["content"]
    assert len(errors) == 1
    assert message in errors[0]
    assert QuestionnaireDefinition.objects.count() == SHIPPED


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"version": "curricular-2024"}, "ya existe y no se modifica"),
        ({"kind": "patrimonial"}, "«patrimonial» no es un cuestionario"),
    ],
)
def test_a_version_has_a_new_key_and_a_known_kind(
    admin: Client, change: dict[str, str], message: str
) -> None:
    page = admin.post(url("add"), {"content": json.dumps({**next_version(), **change})})

    assert message in page.context["form"].errors["content"][0]
    assert QuestionnaireDefinition.objects.count() == SHIPPED


def test_the_key_of_a_section_is_not_a_word_of_the_addresses_of_capture(admin: Client) -> None:
    content = next_version()
    content["sections"][0]["key"] = "revisar"
    page = admin.post(url("add"), {"content": json.dumps(content)})

    assert "«revisar» no puede tener esa clave" in page.context["form"].errors["content"][0]
    assert QuestionnaireDefinition.objects.count() == SHIPPED


def test_the_key_of_a_question_is_not_given_to_another_type(admin: Client) -> None:
    content = next_version()
    content["sections"][1]["questions"][0] |= {"key": "motivo_cargo"}
    content["sections"][3]["questions"][1] |= {"key": "otro_motivo"}
    content["sections"][1]["questions"][1].pop("condition")
    page = admin.post(url("add"), {"content": json.dumps(content)})

    error = page.context["form"].errors["content"][0]
    assert "«motivo_cargo» fue de otro tipo en otra versión" in error
    assert QuestionnaireDefinition.objects.count() == SHIPPED


def test_the_form_of_a_process_starts_with_the_only_kind(admin: Client) -> None:
    page = admin.get(reverse("processquestionnaire:add"))

    assert page.context["form"]["kind"].value() == "curricular"


def test_posting_to_the_copy_makes_a_version_and_leaves_the_original(admin: Client) -> None:
    admin.post(url("copy", original().pk), {"content": json.dumps(next_version())})

    assert original().content == shipped("curricular-2024")
    assert QuestionnaireDefinition.objects.count() == SHIPPED + 1


@pytest.mark.parametrize("name", ["edit", "delete"])
def test_a_version_is_neither_edited_nor_deleted_by_anyone(
    client: Client, superuser: Any, name: str
) -> None:
    client.force_login(superuser)
    content = {**shipped("curricular-2024"), "title": "Otro título"}
    client.post(url(name, original().pk), {"content": json.dumps(content)})

    assert original().content == shipped("curricular-2024")


def test_a_version_is_shown_as_its_questions_are_asked(admin: Client) -> None:
    page = admin.get(url("inspect", original().pk)).content.decode()

    assert "¿Cuál es su primera propuesta?" in page
    assert "De 280 a 1,600 caracteres." in page
    assert "Carta de pasante" in page


@pytest.mark.parametrize("account", ["validator", "liaison", "administrator"])
def test_other_accounts_cannot_write_versions(
    client: Client, account: str, request: pytest.FixtureRequest
) -> None:
    client.force_login(request.getfixturevalue(account))
    client.post(url("add"), {"content": json.dumps(next_version())})

    assert QuestionnaireDefinition.objects.count() == SHIPPED


def test_the_lists_are_in_spanish_and_in_the_menu(admin: Client, process: Any) -> None:
    page = admin.get(url("index")).content.decode()
    assert "curricular-2024" in page
    assert "Cuestionarios" in page
    assert admin.get(reverse("processquestionnaire:index")).status_code == 200
