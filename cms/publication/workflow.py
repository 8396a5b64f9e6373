"""How a review ends: what was reviewed is published, never "the latest"."""

from typing import Any


def publish_reviewed_revision(workflow_state: Any, user: Any = None) -> None:
    """WAGTAIL_FINISH_WORKFLOW_ACTION, in place of Wagtail's, which publishes the latest revision.

    The end of a questionnaire's review publishes nothing by itself: `moderation.services` publishes
    the submission that was read, and whoever ends the review in another way is refused. Editorial
    pages are published as reviewed, if the user may publish them.

    Raises: PermissionDenied; Wagtail's transaction takes the approval back.
    """
    # Wagtail reads this module while its own models are being defined.
    from cms.candidacies.sealed import is_sealed, require_service

    if is_sealed(workflow_state.content_type.model_class()):
        require_service()
        return
    workflow_state.current_task_state.revision.publish(user=user)
