"""The territories in the admin: the catalogue of INEGI, and where the public sees each ballot."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

import django_filters
from django.db.models import Min, QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column

from cms.catalogs.current_process import chosen_process
from cms.catalogs.listing import CountedIndexView, seen_at
from cms.catalogs.models import Contest, Process, Territory, TerritoryKind
from cms.catalogs.public_paths import MUNICIPALITY
from cms.catalogs.viewsets import CatalogViewSet


def _counted(kind: str, number: int) -> str:
    """«38 municipios», «1 distrito»."""
    words = {
        TerritoryKind.ENTITY: ngettext("%s entidad", "%s entidades", number),
        TerritoryKind.CONSTITUENCY: ngettext("%s circunscripción", "%s circunscripciones", number),
        TerritoryKind.DISTRICT: ngettext("%s distrito", "%s distritos", number),
        TerritoryKind.MUNICIPALITY: ngettext("%s municipio", "%s municipios", number),
    }
    return words[TerritoryKind(kind)] % f"{number:,}"


def _entities(request: HttpRequest) -> QuerySet[Territory]:
    return Territory.objects.filter(kind=TerritoryKind.ENTITY)


class TerritoryFilterSet(WagtailFilterSet):
    """Entity, kind, and the process that elects something there."""

    entity = django_filters.ModelChoiceFilter(
        queryset=_entities,
        method="of_entity",
        label=gettext_lazy("Entidad"),
        empty_label=gettext_lazy("Todas"),
    )
    kind = django_filters.ChoiceFilter(
        choices=TerritoryKind.choices, label=gettext_lazy("Tipo"), empty_label=gettext_lazy("Todos")
    )
    process = django_filters.ModelChoiceFilter(
        queryset=Process.objects.all(),
        method="of_process",
        label=gettext_lazy("Se elige en"),
        empty_label=gettext_lazy("Cualquier proceso, o ninguno"),
    )

    class Meta:
        model = Territory
        fields: ClassVar[list[str]] = []

    def of_entity(self, rows: QuerySet[Any], name: str, entity: Territory) -> QuerySet[Any]:
        return rows.filter(entity_code=entity.entity_code)

    def of_process(self, rows: QuerySet[Any], name: str, process: Process) -> QuerySet[Any]:
        contests = Contest.objects.filter(process_office__process=process)
        return rows.filter(pk__in=contests.values("territory"))


def _ballots() -> Mapping[int, datetime | None]:
    """Territory → when the first office of its ballot in the current process is visible (a query).

    None: no office has a date yet.
    """
    contests = Contest.objects.filter(
        process_office__process=chosen_process(), territory__kind=TerritoryKind.MUNICIPALITY
    )
    found = contests.values("territory").annotate(opens=Min("process_office__visible_from"))
    return dict(found.values_list("territory", "opens"))


class TerritoryListView(CountedIndexView):
    """Every territory, in Spanish order, with its entity and where the public sees its ballot."""

    def counted(self, number: int) -> str:
        """The number with the noun of the kind that is chosen."""
        kind = self.request.GET.get("kind", "")
        return _counted(kind, number) if kind in TerritoryKind.values else super().counted(number)

    @cached_property
    def columns(self) -> list[Any]:
        ballots = _ballots()
        entities = dict(_entities(self.request).values_list("entity_code", "name"))

        def ballot(row: Territory) -> str:
            if row.pk not in ballots:
                return "—"
            path = MUNICIPALITY.path(row.slug)
            return seen_at(path, opens=ballots[row.pk], link=_("Ver su boleta"), of=row.name)

        return [
            *super().columns,
            Column("entity", label=_("Entidad"), accessor=lambda row: entities[row.entity_code]),
            Column("ballot", label=_("Boleta en el proceso vigente"), accessor=ballot),
        ]


class TerritoryViewSet(CatalogViewSet):
    """The catalogue is INEGI's: only what the institute decides of a place can be written."""

    model = Territory
    icon = "site"
    menu_order = 500
    index_view_class = TerritoryListView
    form_fields = ("majority_councillors",)
    help_texts: ClassVar = {
        "majority_councillors": _(
            "Cuántas personas elige ahí cada lista de regidurías de mayoría. Con él se proponen los"
            " lugares de las elecciones que se agreguen después; los de las que ya hay se"
            " cambian en su proceso. Vacío: no se sabe."
        )
    }
    list_display = ("name", "kind", "cvegeo")
    filterset_class = TerritoryFilterSet
    search_fields = ("name", "cvegeo")
    ordering = ("sort_key", "entity_code", "pk")
    list_per_page = 50
