"""What a reviewer sees on entering the admin: how many submissions wait, and since when."""

from typing import Any

from wagtail.admin.ui.components import Component

from cms.moderation import selectors


class PendingPanel(Component):
    """How many submissions wait for a decision, and the oldest of them."""

    name = "revision"
    order = 50
    template_name = "moderation/home_panel.html"

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        waiting = selectors.pending(parent_context["request"].user)
        return {"count": waiting.count(), "oldest": waiting.first()}
