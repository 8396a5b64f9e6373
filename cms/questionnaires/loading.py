"""Loads the versions of the questionnaires that come with the product, after each migration."""

import json
from pathlib import Path
from typing import Any

from cms.questionnaires.definitions import Definition
from cms.questionnaires.models import QuestionnaireDefinition

DATA = Path(__file__).parent / "definitions_data"


def shipped_definitions() -> list[dict[str, Any]]:
    """The contents of the definition files, by version."""
    return [json.loads(path.read_text(encoding="utf-8")) for path in sorted(DATA.glob("*.json"))]


def load_definitions(sender: Any = None, **kwargs: Any) -> None:
    """Receiver of post_migrate: add the versions that are missing, never touch one that is there.

    A version that answers refer to must not change under them: a change is a new version.
    """
    known = set(QuestionnaireDefinition.objects.values_list("version", flat=True))
    for content in shipped_definitions():
        definition = Definition.from_content(content)
        if definition.version not in known:
            QuestionnaireDefinition.objects.create(
                kind=definition.kind,
                version=definition.version,
                title=definition.title,
                content=content,
            )
