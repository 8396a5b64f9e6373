"""Published candidacies made through the services."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from cms.publication.services import write_published
from cms.questionnaires.imports import AnswerWriter, Arriving
from cms.questionnaires.models import QuestionnaireDefinition


@pytest.fixture
def publish(complete_answers: dict[str, Any]) -> Callable[..., None]:
    """Publish answers of a candidacy; keyword arguments override the sample."""

    def publish(candidacy: Any, **changes: Any) -> None:
        answers = {**complete_answers, **changes}
        answers.pop("correo_aclaraciones")
        AnswerWriter(
            definition=QuestionnaireDefinition.objects.get(version="curricular-2024"),
            at=timezone.now(),
            publish=True,
            dry_run=False,
        ).take(
            [Arriving(0, candidacy.name, candidacy.pk, answers)], known=frozenset([candidacy.pk])
        )
        write_published(candidacy_ids=[candidacy.pk])

    return publish
