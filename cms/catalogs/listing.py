"""What the lists of the admin share: how many rows there are, and where the public sees each."""

from datetime import date, datetime, timedelta, tzinfo
from typing import Any
from urllib.parse import urlencode

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext as _
from wagtail.admin.views.generic import IndexView

from cms.catalogs.addresses import public_url


class Counted:
    """A list that says how many rows it has, in words: «38 municipios», «1 municipio».

    It stands before a view of Wagtail's in the bases.
    """

    model: Any

    def counted(self, number: int) -> str:
        """A number with its noun."""
        options = self.model._meta
        noun = options.verbose_name if number == 1 else options.verbose_name_plural
        return f"{number:,} {noun}"

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(*args, **kwargs)  # type: ignore[misc]
        return {**context, "counted": self.counted(context["items_count"])}


class CountedIndexView(Counted, IndexView):
    """The list of a viewset. What is added from the list of one process belongs to it."""

    def get_add_url(self) -> str | None:
        address: str | None = super().get_add_url()
        processes = self.request.GET.getlist("process")
        if address is None or len(processes) != 1 or not processes[0].isdecimal():
            return address
        return f"{address}?{urlencode({'process': processes[0]})}"


def moment(instant: datetime) -> str:
    """«3 de mayo de 2027, 0:00 h», in the time of the institute."""
    return date_format(timezone.localtime(instant), r"j \d\e F \d\e Y, G:i \h")


def moment_in(instant: datetime, zone: tzinfo | None) -> str:
    """«3 de mayo de 2027, 24:00 h», in the time of a place; the end of a day is of that day."""
    local = instant.astimezone(zone)
    after = local + timedelta(microseconds=1)
    hour = "24:00" if after.date() > local.date() else f"{local:%-H:%M}"
    return f"{day(local.date())}, {hour} h"


def day(of: date) -> str:
    """«3 de mayo de 2027»."""
    return date_format(of, r"j \d\e F \d\e Y")


def seen_at(path: str, *, opens: datetime | None, link: str, of: str) -> str:
    """A cell that leads to the public page of a row, or says from when there is one.

    Args:
        path: of the public page. opens: when it is visible; None: not decided yet.
        link: the words of the link. of: the row's name, which only screen readers say.
    """
    if opens is None:
        return _("Sin fecha de publicación")
    if opens > timezone.now():
        return _("Desde el %s") % moment(opens)
    address = public_url(path)
    if not address:
        return _("A la vista")
    return format_html('<a href="{}">{}<span class="w-sr-only">: {}</span></a>', address, link, of)
