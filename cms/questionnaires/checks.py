"""Django's system checks of this room: they run before the system starts or migrates."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections

from cms.questionnaires.definitions import Definition, DefinitionError
from cms.questionnaires.kinds import Kind, kinds
from cms.questionnaires.loading import changed_under_answers, shipped_definitions
from cms.questionnaires.models import QuestionnaireDefinition, QuestionnairePage


@register
def shipped_definitions_are_usable(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[CheckMessage]:
    """Every definition file can be read, and no two of them have the same version."""
    found: list[CheckMessage] = []
    versions: set[str] = set()
    for content in shipped_definitions():
        try:
            definition = Definition.from_content(content)
        except DefinitionError as error:
            found.append(Error(str(error), id="questionnaires.E001"))
            continue
        if definition.version in versions:
            found.append(
                Error(
                    f"Dos archivos dicen ser la versión «{definition.version}».",
                    id="questionnaires.E002",
                )
            )
        versions.add(definition.version)
    return found


@register
def kinds_are_complete(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[CheckMessage]:
    """What each kind names by its label or path exists; otherwise a review would fail halfway."""
    return [
        Error(f"El cuestionario «{kind.key}»: {problem}", id="questionnaires.E004")
        for kind in kinds()
        for problem in _what_is_missing(kind)
    ]


def _what_is_missing(kind: Kind) -> Iterator[str]:
    for name in ("page_model", "task_model", "publish"):
        try:
            getattr(kind, name)
        except (LookupError, ImportError, ValueError) as error:
            yield f"no existe su «{name}» ({error})."
            return
    if not issubclass(kind.page_model, QuestionnairePage):
        yield f"«{kind.page_type}» no es un QuestionnairePage."


@register(Tags.database)
def versions_with_answers_are_unchanged(
    app_configs: Sequence[AppConfig] | None, *, databases: Sequence[str] | None, **kwargs: Any
) -> list[CheckMessage]:
    """No definition file differs from a stored version under which there are answers."""
    if "default" not in (databases or ()) or not _tables_exist():
        return []
    return [
        Error(
            f"El archivo de la versión «{version}» cambió, y ya hay respuestas dadas con ella.",
            hint="Deja el archivo como estaba y guarda el cambio como una versión nueva.",
            id="questionnaires.E003",
        )
        for version in changed_under_answers()
    ]


def _tables_exist() -> bool:
    models = [QuestionnaireDefinition, *(kind.page_model for kind in kinds())]
    needed = {model._meta.db_table for model in models}
    return needed <= set(connections["default"].introspection.table_names())
