"""The Wagtail workflows of the reviews, one per kind. Only `moderation.services` moves them."""

from typing import Any

from wagtail.models import Task, TaskState, Workflow, WorkflowState, WorkflowTask
from wagtail.signals import task_submitted, workflow_approved, workflow_rejected, workflow_submitted

from cms.accounts.models import User
from cms.candidacies.sealed import require_service, writing_as_service
from cms.catalogs.first_data import when_migrated
from cms.moderation.errors import NotUnderReview
from cms.moderation.models import ReviewTask, ReviewTaskState
from cms.questionnaires import kinds
from cms.questionnaires.kinds import Kind
from cms.questionnaires.models import Submission


def make_workflows(sender: Any = None, **kwargs: Any) -> None:
    """Make the workflow of each kind whose tables exist; receiver of post_migrate."""
    for kind in kinds.kinds():
        when_migrated(kind.task)(_make_workflow)(sender, kind=kind)


def _make_workflow(sender: Any = None, *, kind: Kind) -> None:
    ensure_workflow(kind)


def ensure_workflow(kind: Kind) -> Workflow:
    """The workflow of a kind with its task, made where they are missing.

    Once made, they keep their names, whatever the kind says later.
    """
    with writing_as_service():
        task = kind.task_model.objects.order_by("pk").first()
        if task is None:
            task = kind.task_model.objects.create(name=kind.workflow)
        workflow: Workflow | None = Workflow.objects.filter(workflow_tasks__task=task).first()
        if workflow is None:
            workflow = Workflow.objects.create(name=kind.workflow)
            WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
        return workflow


def start_or_resume(submission: Submission, by: User | None) -> TaskState:
    """Open the review of a submission, whether it is the first or follows another one.

    Raises: NotUnderReview if the workflow does not hold the revision of this submission.
    """
    kind = kinds.kind(submission.questionnaire.kind)
    page = page_to_name(submission)
    state = WorkflowState.objects.active().for_instance(page).first()
    with writing_as_service():
        if state is None:
            state = ensure_workflow(kind).start(page, by)
        elif state.status == WorkflowState.STATUS_NEEDS_CHANGES:
            state.resume(user=by)
        else:
            state.current_task_state.cancel(user=by, resume=True)
    return open_task(submission)


def page_to_name(submission: Submission) -> Any:
    """The page of a submission, for rows of Wagtail that name it: they name its own type."""
    page: Any = submission.questionnaire.page
    return page.specific_deferred


def open_task(submission: Submission) -> ReviewTaskState:
    """The open task of this submission's revision, read afresh and locked.

    Raises: NotUnderReview.
    """
    kind = kinds.kind(submission.questionnaire.kind)
    found: ReviewTaskState | None = (
        ReviewTaskState.objects.select_for_update()
        .filter(
            revision_id=submission.revision_id,
            status=TaskState.STATUS_IN_PROGRESS,
            workflow_state__status=WorkflowState.STATUS_IN_PROGRESS,
            task__in=kind.task_model.objects.all(),
        )
        .first()
    )
    if found is None:
        raise NotUnderReview
    return found


def disconnect_mail() -> None:
    """Wagtail would send e-mail from inside the request; ours is sent by the queue of jobs."""
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
    """Staff cannot rename, disable or delete a review task: without it a review just ends."""
    if _is_review(instance):
        require_service()


def guard_workflow(sender: Any, instance: Workflow, **kwargs: Any) -> None:
    """Staff cannot change the workflow of a review task either."""
    if instance.pk and _carries_review(instance.pk):
        require_service()


def guard_workflow_task(sender: Any, instance: WorkflowTask, **kwargs: Any) -> None:
    """Staff cannot add a task to that workflow or take one out."""
    if instance.workflow_id and _carries_review(instance.workflow_id):
        require_service()


def _carries_review(workflow_id: int) -> bool:
    return any(map(_is_review, Task.objects.filter(workflow_tasks__workflow=workflow_id)))


def _is_review(task: Task) -> bool:
    return issubclass(task.specific_class or Task, ReviewTask)
