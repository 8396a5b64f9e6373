"""Accounts in the admin: Wagtail's own lists and views, with our forms."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.users.views.users import CreateView, UserViewSet

from cms.accounts.forms import AccountCreationForm, AccountEditForm


class AddView(CreateView):
    """Wagtail's own, in words that agree."""

    error_message = _("La cuenta no se pudo crear: revisa lo que está marcado.")


class AccountViewSet(UserViewSet):
    """Made and changed by superusers; the role gives the group."""

    add_view_class = AddView

    def get_form_class(self, for_update: bool = False) -> Any:
        return AccountEditForm if for_update else AccountCreationForm
