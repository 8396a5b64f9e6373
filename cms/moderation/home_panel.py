"""What a reviewer sees on entering the admin: how much waits, and the oldest of it."""

from typing import Any

from wagtail.admin.ui.components import Component

from cms.moderation import selectors


class PendingPanel(Component):
    """How many sendings wait for a decision."""

    name = "revision"
    order = 50
    template_name = "moderation/home_panel.html"

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        waiting = selectors.pending()
        return {"count": waiting.count(), "oldest": waiting.first()}
