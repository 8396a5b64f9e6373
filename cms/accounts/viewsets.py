"""Accounts in the admin: Wagtail's own lists and views, with our forms."""

from typing import Any

from wagtail.users.views.users import UserViewSet

from cms.accounts.forms import AccountCreationForm, AccountEditForm


class AccountViewSet(UserViewSet):
    """Made and changed by superusers; the role gives the group."""

    def get_form_class(self, for_update: bool = False) -> Any:
        return AccountEditForm if for_update else AccountCreationForm
