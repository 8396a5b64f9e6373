"""What Wagtail does when a workflow ends: publish the reviewed revision, never the latest."""

from typing import Any


def publish_reviewed_revision(workflow_state: Any, user: Any = None) -> None:
    """Publish the reviewed revision of an editorial page (WAGTAIL_FINISH_WORKFLOW_ACTION).

    Wagtail's own action publishes the latest revision. The end of a questionnaire's review
    publishes nothing here, since `moderation.services` publishes the submission that was read.

    Raises: PermissionDenied if the review of a questionnaire ends in any other way. Wagtail's
    transaction then undoes the approval.
    """
    # Wagtail imports this module while it still defines its own models.
    from cms.candidacies.sealed import is_sealed, require_service

    if is_sealed(workflow_state.content_type.model_class()):
        require_service()
        return
    workflow_state.current_task_state.revision.publish(user=user)
