"""Closes the open reviews of candidacies that end: nobody decides what they sent any more."""

from collections.abc import Collection
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.utils import timezone
from wagtail.models import Page, TaskState, WorkflowState

from cms.accounts.models import User
from cms.publication.history import Entry, write_entries
from cms.questionnaires.models import Questionnaire

# The name that Wagtail's own log gives it.
CANCELLED = "wagtail.workflow.cancel"


def close_reviews(*, candidacy_ids: Collection[int], by: User) -> None:
    """Cancel the open reviews of candidacies whose dossiers the caller has locked.

    It does what `WorkflowState.cancel` of Wagtail does to each, in a fixed number of queries.
    """
    dossiers = Questionnaire.objects.filter(candidacy__in=candidacy_ids, page__isnull=False)
    pages = Page.objects.in_bulk(list(dossiers.values_list("page", flat=True)))
    reviews = WorkflowState.objects.active().filter(
        base_content_type=ContentType.objects.get_for_model(Page), object_id__in=map(str, pages)
    )
    found = list(reviews.select_related("workflow", "current_task_state__task"))
    if not found:
        return
    WorkflowState.objects.filter(pk__in=[review.pk for review in found]).update(
        status=WorkflowState.STATUS_CANCELLED
    )
    TaskState.objects.filter(workflow_state__in=found, status=TaskState.STATUS_IN_PROGRESS).update(
        status=TaskState.STATUS_CANCELLED, finished_at=timezone.now(), finished_by=by
    )
    write_entries(CANCELLED, [_entry(pages[int(one.object_id)], one) for one in found], by=by)


def _entry(page: Page, review: WorkflowState) -> Entry:
    """What Wagtail writes in the history when a review is cancelled."""
    now_at = review.current_task_state
    said: dict[str, Any] = {
        "id": review.workflow_id,
        "title": review.workflow.name,
        "status": WorkflowState.STATUS_CANCELLED,
        "task_state_id": now_at.pk,
        "task": {"id": now_at.task_id, "title": now_at.task.name},
    }
    return Entry(page, {"workflow": said}, now_at.revision_id)
