"""After an upgrade, older public rows are rewritten so that they are read as the new ones."""

from collections.abc import Iterator
from typing import Any

from django.db import transaction

from cms.catalogs.first_data import when_migrated
from cms.catalogs.models import Process
from cms.publication.questions import publish_questions
from cms.publication.search_index import gathered_entries
from cms.publication.services import rewrite_how_answers_are_read
from cms.published.models import PublishedCandidacy, PublishedQuestionnaire
from cms.questionnaires.answers import public_questions
from cms.questionnaires.kinds import kinds
from cms.questionnaires.models import QuestionnaireDefinition
from cms.questionnaires.selectors import live_candidacies, parsed


@when_migrated("published.PublishedQuestionnaire", "questionnaires.ProcessQuestionnaire")
def follow_definitions(sender: Any = None, **kwargs: Any) -> None:
    """Rewrite the rows whose definition changed how answers are read; receiver of post_migrate.

    So are rows from before they said what was left without answer. Where neither is so, nothing is
    written.
    """
    for process in Process.objects.filter(questionnaires__isnull=False).distinct():
        stale = list(_stale(process))
        told_nothing = PublishedCandidacy.objects.filter(
            process=process, published_at__isnull=False, unanswered={}
        )
        candidacy_ids = sorted(
            {pk for _definition, ids in stale for pk in ids}
            | set(told_nothing.values_list("pk", flat=True))
        )
        with transaction.atomic(), gathered_entries(rows=len(candidacy_ids)):
            rewrite_how_answers_are_read(candidacy_ids=candidacy_ids)
            publish_questions(
                process=process, answered_under=[definition for definition, _ids in stale]
            )


def _stale(process: Process) -> Iterator[tuple[QuestionnaireDefinition, list[int]]]:
    """The versions that changed since they were published, with the candidacies under each."""
    known = dict(
        PublishedQuestionnaire.objects.filter(process=process).values_list("version", "questions")
    )
    for kind in kinds():
        answered = live_candidacies(process=process, kind=kind)
        for definition in QuestionnaireDefinition.objects.filter(pk__in=answered):
            if known.get(definition.version) != public_questions(parsed(definition)):
                yield definition, answered[definition.pk]
