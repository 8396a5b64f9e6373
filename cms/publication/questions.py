"""Publishes the questions: a row for each version under which a process asks or has answers."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from cms.catalogs.models import Process
from cms.published.models import PublishedQuestionnaire
from cms.questionnaires.answers import public_questions
from cms.questionnaires.models import QuestionnaireDefinition
from cms.questionnaires.selectors import asked_in, parsed


@transaction.atomic
def publish_questions(
    *, process: Process, answered_under: Iterable[QuestionnaireDefinition] = ()
) -> None:
    """Publish what a process asks, so that the public side needs no definition.

    A row whose content would not change is not written.

    Args:
        answered_under: versions under which answers are published, whether in use or not.
    """
    current = {kind.key: in_use.stored for kind, in_use in asked_in(process)}
    versions = {stored.version: stored for stored in (*answered_under, *current.values())}
    known = {row.version: row for row in PublishedQuestionnaire.objects.filter(process=process)}
    stale = [
        row.pk
        for row in known.values()
        if row.is_current and (row.kind not in current or current[row.kind].version != row.version)
    ]
    if stale:
        PublishedQuestionnaire.objects.filter(pk__in=stale).update(is_current=False)
    for version, stored in versions.items():
        said: dict[str, Any] = {
            "questions": public_questions(parsed(stored)),
            "is_current": current.get(stored.kind) == stored,
        }
        row = known.get(version)
        if row is None:
            PublishedQuestionnaire.objects.create(
                process=process, kind=stored.kind, version=version, **said
            )
        elif row.questions != said["questions"] or (said["is_current"] and not row.is_current):
            PublishedQuestionnaire.objects.filter(pk=row.pk).update(**said)
