"""Accounts in the admin: Wagtail's own lists and views, with our forms."""

from typing import Any, cast

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column
from wagtail.users.views.users import CreateView, DeleteView, EditView, IndexView, UserViewSet

from cms.accounts import audit, services
from cms.accounts.activation_mail import invite
from cms.accounts.forms import AccountCreationForm, AccountEditForm
from cms.accounts.models import User


def _invite(request: HttpRequest, user: User) -> None:
    """Mail the owner of a new account the link to choose a password, and say so."""
    if not user.has_usable_password() and invite(user=user, by=cast(User, request.user)):
        messages.success(
            request, _("Le enviamos por correo un enlace para que elija su contraseña.")
        )


class AddView(CreateView):
    """Wagtail's view, with a message that agrees in gender with «cuenta»."""

    error_message = _("La cuenta no se pudo crear: revisa lo que está marcado.")

    @transaction.atomic
    def save_instance(self) -> Any:
        user = super().save_instance()
        audit.record(audit.Event.MADE, account=user, by=self.request.user, role=user.role)
        _invite(self.request, user)
        return user


class ChangeView(EditView):
    """Wagtail's view; what changed is in the audit."""

    @transaction.atomic
    def save_instance(self) -> Any:
        changed = set(self.form.changed_data) - {"invite"}
        user = super().save_instance()
        services.note_changes(user=user, changed=changed, by=self.request.user)
        if self.form.cleaned_data.get("invite"):
            _invite(self.request, user)
        return user


class RemoveView(DeleteView):
    """Wagtail's view; the audit survives the account."""

    @transaction.atomic
    def delete_action(self) -> None:
        audit.record(audit.Event.DELETED, account=self.object, by=self.request.user)
        super().delete_action()


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
    edit_view_class = ChangeView
    delete_view_class = RemoveView

    def get_form_class(self, for_update: bool = False) -> Any:
        return AccountEditForm if for_update else AccountCreationForm
