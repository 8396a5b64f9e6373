"""A process with two kinds of questionnaire, and the accounts that capture and review them."""

from typing import Any

import pytest

from tests.moderation.samples import *  # noqa: F403

TESTIMONY_CONTENT = {
    "kind": "testimonio",
    "version": "testimonio-2024",
    "title": "Testimonio",
    "counting_rule": "sin_espacios",
    "sections": [
        {
            "key": "relato",
            "title": "Relato",
            "questions": [
                {
                    "key": "relato",
                    "label": "¿Qué viviste?",
                    "kind": "texto_largo",
                    "required": True,
                    "min_length": 10,
                    "max_length": 500,
                },
                {
                    "key": "lugar",
                    "label": "¿Dónde?",
                    "kind": "opcion",
                    "required": True,
                    "options": [
                        {"value": "ejido", "label": "En un ejido"},
                        {"value": "ciudad", "label": "En la ciudad"},
                    ],
                },
            ],
        }
    ],
}


@pytest.fixture
def testimony(process: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The second kind, registered and in force for the process."""
    from cms.questionnaires.kinds import REGISTRY, register
    from cms.questionnaires.models import ProcessQuestionnaire, QuestionnaireDefinition
    from tests.second_kind.models import TESTIMONY

    monkeypatch.setattr("cms.questionnaires.kinds.REGISTRY", dict(REGISTRY))
    register(TESTIMONY)
    definition = QuestionnaireDefinition(content=TESTIMONY_CONTENT)
    definition.full_clean(exclude=["kind", "version", "title"])
    definition.save()
    ProcessQuestionnaire.objects.create(process=process, kind=TESTIMONY.key, definition=definition)
    return TESTIMONY
