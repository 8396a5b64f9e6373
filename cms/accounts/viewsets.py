"""Accounts in the admin: Wagtail's own lists and views, with our forms."""

from typing import Any

from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column
from wagtail.users.views.users import CreateView, IndexView, UserViewSet

from cms.accounts.forms import AccountCreationForm, AccountEditForm


class AddView(CreateView):
    """Wagtail's view, with a message that agrees in gender with «cuenta»."""

    error_message = _("La cuenta no se pudo crear: revisa lo que está marcado.")


class ListView(IndexView):
    """Wagtail's list, with what each account may do: Wagtail only marks superusers."""

    @cached_property
    def columns(self) -> list[Any]:
        role = Column("role", label=_("Función"), accessor="get_role_display", sort_key="role")
        return [role if column.name == "is_superuser" else column for column in super().columns]


class AccountViewSet(UserViewSet):
    """Superusers make and change accounts; the role gives the group."""

    index_view_class = ListView
    add_view_class = AddView

    def get_form_class(self, for_update: bool = False) -> Any:
        return AccountEditForm if for_update else AccountCreationForm
