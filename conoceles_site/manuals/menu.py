"""The manuals in the menu «Ayuda» of the admin."""

from django.http import HttpRequest
from django.urls import reverse_lazy
from wagtail.admin.menu import MenuItem

from conoceles_site.manuals.catalog import MANUALS, Manual, manuals_of


class ManualMenuItem(MenuItem):
    """Leads to a manual; shown to whoever reads it."""

    def __init__(self, manual: Manual, order: int) -> None:
        # Lazily: the addresses of the admin are read when all hooks are.
        address = reverse_lazy("manuals:manual", args=[manual.slug])
        super().__init__(manual.name, address, icon_name="help", order=order)
        self.manual = manual

    def is_shown(self, request: HttpRequest) -> bool:
        return self.manual in manuals_of(request.user)


def items() -> list[ManualMenuItem]:
    """An item for each manual, in the order of `MANUALS`."""
    return [ManualMenuItem(manual, order) for order, manual in enumerate(MANUALS)]
