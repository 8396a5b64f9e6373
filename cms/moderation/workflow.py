"""The Wagtail workflow that carries a review. Only `moderation.services` moves it."""

from typing import Any

from wagtail.models import Task, TaskState, Workflow, WorkflowState, WorkflowTask
from wagtail.signals import task_submitted, workflow_approved, workflow_rejected, workflow_submitted

from cms.accounts.models import User
from cms.candidacies.sealed import require_service, writing_as_service
from cms.catalogs.first_data import when_migrated
from cms.moderation.errors import NotUnderReview
from cms.moderation.models import CurricularReviewTask, ReviewTaskState
from cms.questionnaires.models import Submission

# Data, kept as it is named in the first migration that ran.
WORKFLOW_NAME = "Revisión curricular"


@when_migrated("moderation.CurricularReviewTask")
def make_workflow(sender: Any = None, **kwargs: Any) -> None:
    """Receiver of post_migrate."""
    ensure_workflow()


def ensure_workflow() -> Workflow:
    """The workflow with its task, made where they are missing."""
    with writing_as_service():
        task = CurricularReviewTask.objects.order_by("pk").first()
        if task is None:
            task = CurricularReviewTask.objects.create(name=WORKFLOW_NAME)
        workflow: Workflow | None = Workflow.objects.filter(workflow_tasks__task=task).first()
        if workflow is None:
            workflow = Workflow.objects.create(name=WORKFLOW_NAME)
            WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
        return workflow


def start_or_resume(submission: Submission, by: User | None) -> TaskState:
    """Open the review of a submission: a first one, one after observations, or a newer sending.

    Raises: NotUnderReview if the workflow does not hold the revision of this submission.
    """
    page = submission.questionnaire.page
    state = WorkflowState.objects.active().for_instance(page).first()
    with writing_as_service():
        if state is None:
            state = ensure_workflow().start(page, by)
        elif state.status == WorkflowState.STATUS_NEEDS_CHANGES:
            state.resume(user=by)
        else:
            state.current_task_state.cancel(user=by, resume=True)
    return open_task(submission)


def open_task(submission: Submission) -> ReviewTaskState:
    """The open task of this submission's revision, read afresh and locked.

    Raises: NotUnderReview.
    """
    found: ReviewTaskState | None = (
        ReviewTaskState.objects.select_for_update()
        .filter(
            revision_id=submission.revision_id,
            status=TaskState.STATUS_IN_PROGRESS,
            workflow_state__status=WorkflowState.STATUS_IN_PROGRESS,
            task__in=CurricularReviewTask.objects.all(),
        )
        .first()
    )
    if found is None:
        raise NotUnderReview
    return found


def disconnect_mail() -> None:
    """No e-mail from inside a request; notices are for our own queue to send."""
    task_submitted.disconnect(
        sender=TaskState, dispatch_uid="group_approval_task_submitted_email_notification"
    )
    for signal, event in (
        (workflow_submitted, "submitted"),
        (workflow_rejected, "rejected"),
        (workflow_approved, "approved"),
    ):
        signal.disconnect(
            sender=WorkflowState, dispatch_uid=f"workflow_state_{event}_email_notification"
        )


def guard_task(sender: Any, instance: Task, **kwargs: Any) -> None:
    """The task is not renamed, disabled or deleted in the CMS: without it a review just ends."""
    if issubclass(instance.specific_class or Task, CurricularReviewTask):
        require_service()


def guard_workflow(sender: Any, instance: Workflow, **kwargs: Any) -> None:
    """Nor is the workflow that carries it."""
    if instance.pk and _carries_review(instance.pk):
        require_service()


def guard_workflow_task(sender: Any, instance: WorkflowTask, **kwargs: Any) -> None:
    """Nor does a task join or leave that workflow."""
    if instance.workflow_id and _carries_review(instance.workflow_id):
        require_service()


def _carries_review(workflow_id: int) -> bool:
    found: bool = WorkflowTask.objects.filter(
        workflow_id=workflow_id, task__in=CurricularReviewTask.objects.all()
    ).exists()
    return found
