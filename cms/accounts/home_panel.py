"""The panel in which administrators see the accounts whose passwords somebody else tries."""

from typing import Any

from django.contrib.auth import get_permission_codename
from django.middleware.csrf import get_token
from wagtail.admin.ui.components import Component

from cms.accounts import selectors
from cms.accounts.models import User


class SignInsPanel(Component):
    """Accounts with failed attempts: how many and since when. No address and nothing typed."""

    name = "intentos"
    order = 60
    template_name = "accounts/sign_ins_panel.html"

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        user = parent_context["request"].user
        change = f"accounts.{get_permission_codename('change', User._meta)}"
        return {
            "attacked": selectors.accounts_with_failures(),
            "may_change_accounts": user.has_perm(change),
            "request": parent_context["request"],
            # A component is rendered without the request's own context.
            "csrf_token": get_token(parent_context["request"]),
        }
