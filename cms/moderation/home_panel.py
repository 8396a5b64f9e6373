"""What a reviewer sees on entering the admin: how many submissions wait, and since when."""

from typing import Any

from wagtail.admin.ui.components import Component

from cms.moderation import selectors


class PendingPanel(Component):
    """How many submissions of the current process wait for a decision, and the oldest of them."""

    name = "revision"
    order = 50
    template_name = "moderation/home_panel.html"

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        user = parent_context["request"].user
        waiting = selectors.pending(user)
        processes = selectors.processes_of(user)
        here = waiting.filter(questionnaire__candidacy__process__in=processes[:1])
        count = here.count()
        return {
            "count": count,
            "oldest": here.first(),
            "process": processes[0] if len(processes) > 1 else None,
            "elsewhere": waiting.count() - count if len(processes) > 1 else 0,
        }
