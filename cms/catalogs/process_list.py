"""The list of processes: which one the portal shows, and since when."""

from typing import Any

from django.db.models import Min
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from wagtail.admin.ui.tables import Column

from cms.catalogs.current_process import chosen_process
from cms.catalogs.listing import CountedIndexView, seen_at
from cms.catalogs.models import Process, ProcessOffice
from cms.catalogs.public_paths import HOME


class ProcessListView(CountedIndexView):
    """Every process, with the way to the home page of the one that is current."""

    @cached_property
    def columns(self) -> list[Any]:
        current = chosen_process()
        offices = ProcessOffice.objects.filter(process=current)
        opens = offices.aggregate(first=Min("visible_from"))["first"]

        def home(row: Process) -> str:
            if row != current:
                return _("No es el vigente")
            return seen_at(HOME.path(), opens=opens, link=_("Ver la portada"), of=row.name)

        return [*super().columns, Column("home", label=_("En el portal"), accessor=home)]
