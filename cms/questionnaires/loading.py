"""Loads the versions of the questionnaires that come with the product, after each migration."""

import json
from pathlib import Path
from typing import Any

from cms.catalogs.first_data import when_migrated
from cms.questionnaires.definitions import Definition, asked_part
from cms.questionnaires.kinds import kinds
from cms.questionnaires.models import QuestionnaireDefinition, Submission
from cms.questionnaires.selectors import forget_parsed

DATA = Path(__file__).parent / "definitions_data"


def shipped_definitions() -> list[dict[str, Any]]:
    """The contents of the definition files, in the order of their names."""
    return [json.loads(path.read_text(encoding="utf-8")) for path in sorted(DATA.glob("*.json"))]


def has_answers(definition_id: int) -> bool:
    """Whether there are answers, submitted or imported, under a stored version."""
    return Submission.objects.filter(definition_id=definition_id).exists() or any(
        kind.page_model.objects.filter(definition_id=definition_id).exists() for kind in kinds()
    )


def changed_under_answers() -> list[str]:
    """Versions whose file is not any more what people answered under; checks.py refuses them."""
    shipped = {content["version"]: content for content in shipped_definitions()}
    # Only the columns that matter: the check runs before a migration that may add others.
    stored = QuestionnaireDefinition.objects.values_list("pk", "version", "content")
    return [
        version
        for pk, version, content in stored.filter(version__in=shipped)
        if asked_part(content) != asked_part(shipped[version]) and has_answers(pk)
    ]


@when_migrated("questionnaires.QuestionnaireDefinition")
def load_definitions(sender: Any = None, **kwargs: Any) -> None:
    """Receiver of post_migrate: add the versions that are missing.

    What a version asks follows its file only while nobody has answered under it; after that such a
    change is a new version. How its answers are read always follows the file.
    """
    known = {stored.version: stored for stored in QuestionnaireDefinition.objects.all()}
    for content in shipped_definitions():
        definition = Definition.from_content(content)
        stored = known.get(definition.version)
        if stored is None:
            QuestionnaireDefinition.objects.create(
                kind=definition.kind,
                version=definition.version,
                title=definition.title,
                content=content,
            )
        elif stored.content != content and (
            asked_part(stored.content) == asked_part(content) or not has_answers(stored.pk)
        ):
            QuestionnaireDefinition.objects.filter(pk=stored.pk).update(
                title=definition.title, content=content
            )
            forget_parsed()
