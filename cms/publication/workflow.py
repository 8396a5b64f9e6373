"""How a review ends: the reviewed revision is published, never "the latest"."""

from typing import Any


def publish_reviewed_revision(workflow_state: Any, user: Any) -> None:
    """WAGTAIL_FINISH_WORKFLOW_ACTION: nothing here; `moderation.services` publishes by the seal."""
