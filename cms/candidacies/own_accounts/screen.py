"""What the screens of accounts share: the process, who may enter, and the way to them."""

from typing import Any, cast

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from cms.accounts import activation
from cms.accounts.models import User
from cms.catalogs.admin_screens import AdminScreen
from cms.catalogs.models import Process


class AccountsScreen(AdminScreen):
    """A page about the accounts of one process, for those who hand them out."""

    header_icon = "group"
    process: Process

    @property
    def user(self) -> User:
        """The account; `dispatch` has checked it."""
        return cast(User, self.request.user)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        activation.require_handing_out(request.user)
        self.process = get_object_or_404(Process, pk=kwargs["process_id"])
        return super().dispatch(request, *args, **kwargs)

    def address(self, name: str, *args: Any) -> str:
        """An address of this process."""
        return reverse(f"own_accounts:{name}", args=[self.process.pk, *args])

    def trail(self) -> list[tuple[str, Any]]:
        return [(self.address("index"), _("Cuentas de %s") % self.process.name)]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return {**context, "process": self.process}
