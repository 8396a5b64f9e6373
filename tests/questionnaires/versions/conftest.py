"""An administrator, and a draft of a new version of what the process asks."""

from typing import Any

import pytest
from django.test import Client

from cms.accounts.services import create_staff
from cms.questionnaires.kinds import CURRICULAR
from cms.questionnaires.models import DefinitionDraft
from cms.questionnaires.versions import editing, selectors, services
from cms.questionnaires.versions.written import as_typed


@pytest.fixture
def complete_answers(complete_answers: dict[str, Any]) -> dict[str, Any]:
    """With lists of several entries, and a question that depends on another."""
    return {
        **complete_answers,
        "facebook_tiene": "si",
        "facebook": "https://facebook.com/cenizo",
        "domicilio_campana": ["Calle de la Acequia 4", "Ejido La Paila, sin número"],
        "cursos": [*complete_answers["cursos"], "Taller de lengua kikapú"],
    }


@pytest.fixture
def administrator(db: None) -> Any:
    return create_staff(
        username="innova.uno", role="administracion", password="palabra-de-prueba-7"
    )


@pytest.fixture
def admin(client: Client, administrator: Any) -> Client:
    client.force_login(administrator)
    return client


@pytest.fixture
def draft(process: Any, administrator: Any) -> DefinitionDraft:
    return services.begin_draft(process=process, kind=CURRICULAR, user=administrator)


def now(draft: DefinitionDraft) -> DefinitionDraft:
    """The draft as it is stored."""
    return DefinitionDraft.objects.select_related("process").get(pk=draft.pk)


def opened(draft: DefinitionDraft, key: str) -> dict[str, Any]:
    """What a browser that opened the form of a question would send back, untouched."""
    content = now(draft).content
    question, holder = editing.question_of(content, key), editing.holder_of(content, key)
    assert question is not None
    assert holder is not None
    typed = as_typed(question, holder["key"])
    sent = {name: value for name, value in typed.items() if value not in (None, False)}
    return {
        **sent,
        "as_opened": selectors.question_mark(content, key),
        "opcion_clave": [one["value"] for one in question.get("options", [])],
        "opcion": [one["label"] for one in question.get("options", [])],
    }


def put_in_force(draft: DefinitionDraft, user: Any) -> Any:
    """Put in force what the draft says now."""
    fresh = now(draft)
    in_force = selectors.prospect_of(fresh).in_force
    return services.put_in_force(
        draft_id=fresh.pk,
        edition=fresh.edition,
        in_force=in_force.stored.pk if in_force else None,
        user=user,
    )
