"""Testimonies: the page and its revisions hold only a reference to answers stored elsewhere."""

import base64
import json
from typing import Any

from django.db import models

from cms.accounts.models import Role
from cms.moderation.models import ReviewTask
from cms.questionnaires.answers import public_answers
from cms.questionnaires.kinds import Kind
from cms.questionnaires.models import QuestionnairePage


class TestimonyPage(QuestionnairePage):
    class Meta:
        verbose_name = "testimonio"
        verbose_name_plural = "testimonios"


class TestimonyReviewTask(ReviewTask):
    class Meta:
        verbose_name = "revisión de testimonios"
        verbose_name_plural = "revisiones de testimonios"


class KeptTestimony(models.Model):
    seal = models.CharField(max_length=64, primary_key=True)
    content = models.BinaryField()


class ReferenceStorage:
    """Stores no answer in the clear: base64 stands in for a cipher."""

    page_fields: tuple[str, ...] = ("seal",)

    def keep_in_draft(self, draft: Any, answers: Any) -> None:
        draft.answers = {"oculto": base64.b64encode(json.dumps(answers).encode()).decode()}

    def draft_answers(self, draft: Any) -> dict[str, Any]:
        answers: dict[str, Any] = json.loads(base64.b64decode(draft.answers["oculto"]))
        return answers

    def sealed_bytes(self, canonical: bytes, *, candidacy_id: int) -> bytes:
        return base64.b64encode(canonical)

    def canonical_bytes(self, submission: Any) -> bytes:
        return base64.b64decode(bytes(submission.sealed_bytes))

    def keep_in_page(self, page: Any, answers: Any, *, seal: str) -> None:
        content = base64.b64encode(json.dumps(answers).encode())
        KeptTestimony.objects.create(seal=seal, content=content)
        page.seal = seal

    def page_answers(self, page: Any) -> dict[str, Any]:
        kept = KeptTestimony.objects.get(seal=page.seal)
        answers: dict[str, Any] = json.loads(base64.b64decode(bytes(kept.content)))
        return answers


def publish(row: Any, given: Any, definition: Any) -> None:
    row.answers += public_answers(definition, given)


TESTIMONY = Kind(
    key="testimonio",
    name="testimonio",
    page_type="second_kind.TestimonyPage",
    task="second_kind.TestimonyReviewTask",
    workflow="Revisión de testimonios",
    publisher="tests.second_kind.models.publish",
    reviewers=frozenset({Role.INTERNAL_BODY}),
    path="testimonio",
    storage=ReferenceStorage(),
)
