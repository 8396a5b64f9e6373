"""What the screens of contests share: who may see them, the way back, and what is gone."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages

from cms.catalogs.admin_screens import AdminScreen
from cms.catalogs.models import Process, ProcessOffice

SPACE = "contests"


def address(name: str, *arguments: Any) -> str:
    """The address of one of these screens."""
    return reverse(f"{SPACE}:{name}", args=arguments)


class Screen(AdminScreen):
    """A page of the admin for accounts with a permission; the services ask for it again."""

    permission = "catalogs.change_contest"
    header_icon = "globe"

    @property
    def user(self) -> Any:
        """The account; `dispatch` has checked it."""
        return self.request.user

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.has_perm(self.permission):
            raise PermissionDenied
        try:
            self.find()
        except Http404:
            if request.method != "POST":
                raise
            messages.error(request, _("Lo que editabas ya no está; no se guardó nada."))
            return redirect(address("index"))
        return super().dispatch(request, *args, **kwargs)

    def find(self) -> None:
        """Read what the address names. Raises: Http404."""

    def trail(self) -> list[tuple[str, Any]]:
        """The addresses and labels between the first page and this one."""
        return [(address("index"), gettext_lazy("Elecciones"))]


class ProcessScreen(Screen):
    """A page about a process."""

    process: Process

    def find(self) -> None:
        found = Process.objects.filter(pk=self.kwargs["process_id"]).first()
        if found is None:
            raise Http404
        self.process = found

    def trail(self) -> list[tuple[str, Any]]:
        return [*super().trail(), (address("process", self.process.pk), self.process.name)]

    def back(self) -> HttpResponseBase:
        """To the page of the process."""
        return redirect(address("process", self.process.pk))


class OfficeScreen(Screen):
    """A page about an office of a process."""

    held: ProcessOffice

    def find(self) -> None:
        rows = ProcessOffice.objects.select_related("process", "office")
        found = rows.filter(pk=self.kwargs["process_office_id"]).first()
        if found is None:
            raise Http404
        self.held = found

    def trail(self) -> list[tuple[str, Any]]:
        process = self.held.process
        return [
            *super().trail(),
            (address("process", process.pk), process.name),
            (address("office", self.held.pk), self.held.office.name),
        ]

    def back(self) -> HttpResponseBase:
        """To the list of contests of the office."""
        return redirect(address("office", self.held.pk))
