"""Everything that is stored and shown of a questionnaire, so that tests can compare it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from wagtail.models import Revision, TaskState, WorkflowState

from cms.moderation.models import Decision, Observation
from cms.moderation.selectors import observations_for
from cms.published.models import PublishedCandidacy
from cms.questionnaires.kinds import Kind
from cms.questionnaires.models import Draft, Photograph, Questionnaire, Submission


def _rows(found: Any) -> list[dict[str, Any]]:
    rows = list(found.order_by("pk").values())
    for row in rows:
        row.update({key: bytes(value) for key, value in row.items() if type(value) is memoryview})
    return rows


def stored(candidacy: Any, kind: Kind) -> dict[str, Any]:
    """All rows of a candidacy's questionnaire of one kind, from the draft to the public answers."""
    dossiers = Questionnaire.objects.filter(candidacy=candidacy, kind=kind.key)
    pages = kind.page_model.objects.child_of(candidacy)
    ids = [str(pk) for pk in pages.values_list("pk", flat=True)]
    decisions = Decision.objects.filter(submission__questionnaire__in=dossiers)
    row = PublishedCandidacy.objects.get(candidacy_id=candidacy.pk)
    return {
        "dossier": _rows(dossiers),
        "draft": _rows(Draft.objects.filter(questionnaire__in=dossiers)),
        "submissions": _rows(Submission.objects.filter(questionnaire__in=dossiers)),
        "photographs": _rows(Photograph.objects.filter(questionnaire__in=dossiers)),
        "page": _rows(pages),
        "revisions": _rows(Revision.page_revisions.filter(object_id__in=ids)),
        "workflows": _rows(WorkflowState.objects.filter(object_id__in=ids)),
        "tasks": _rows(TaskState.objects.filter(workflow_state__object_id__in=ids)),
        "decisions": _rows(decisions),
        "observations": _rows(Observation.objects.filter(decision__in=decisions)),
        "to correct": [
            observation
            for dossier in dossiers
            for observation in observations_for(questionnaire=dossier)
        ],
        "public": [answer for answer in row.answers if answer["cuestionario"] == kind.key],
    }


@contextmanager
def untouched(candidacy: Any, kind: Kind) -> Iterator[None]:
    """Fail if anything of this questionnaire changes inside the block."""
    before = stored(candidacy, kind)
    yield
    assert stored(candidacy, kind) == before
