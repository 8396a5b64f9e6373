"""Accounts in the admin: Wagtail's own lists and views, with our forms."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.users.views.users import CreateView, UserViewSet

from cms.accounts.forms import AccountCreationForm, AccountEditForm


class AddView(CreateView):
    """Wagtail's view, with a message that agrees in gender with «cuenta»."""

    error_message = _("La cuenta no se pudo crear: revisa lo que está marcado.")


class AccountViewSet(UserViewSet):
    """Superusers make and change accounts; the role gives the group."""

    add_view_class = AddView

    def get_form_class(self, for_update: bool = False) -> Any:
        return AccountEditForm if for_update else AccountCreationForm
