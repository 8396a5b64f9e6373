"""Processes, their offices and their actors in the admin, with help that says what is public."""

from typing import Any, ClassVar

from django.db import transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.viewsets.model import ModelViewSetGroup
from wagtail.admin.widgets.button import HeaderButton

from cms.catalogs import entities
from cms.catalogs.contest_screens.admin import ContestsViewSet
from cms.catalogs.contest_screens.base import Screen, address
from cms.catalogs.holidays_admin import HolidayViewSet
from cms.catalogs.models import Office, PoliticalActor, Process, ProcessOffice
from cms.catalogs.process_forms import ProcessForm, ProcessOfficeForm, initial_dates
from cms.catalogs.process_list import ProcessListView
from cms.catalogs.territory_list import TerritoryViewSet
from cms.catalogs.viewsets import (
    STEPS_COLUMN,
    CatalogCreateView,
    CatalogEditView,
    CatalogViewSet,
    ProcessEditView,
    steps_of,
)


class _NewProcess(CatalogCreateView):
    """Two people, or one form that is sent twice, make a process once."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        with transaction.atomic():
            entities.add_processes_one_by_one()
            saved: HttpResponseBase = super().post(request, *args, **kwargs)
            return saved

    def get_success_url(self) -> str:
        """The steps that come next."""
        return steps_of(self.object)


class ProcessViewSet(CatalogViewSet):
    model = Process
    index_view_class = ProcessListView
    icon = "date"
    menu_order = 100
    add_view_class = _NewProcess
    edit_view_class = ProcessEditView
    base_form = ProcessForm
    form_fields = (
        *("name", "entity_code", "election_date", "closes_on", "ballots_printed_on"),
        *("slug", "fictitious"),
    )
    help_texts: ClassVar = {
        "name": _("Así lo lee la gente en la portada y al pie de cada página."),
        "election_date": _(
            "La portada y las boletas la dicen. De ella se propone la veda de cada cargo, y las"
            " campañas terminan a más tardar cuatro días antes."
        ),
        "closes_on": _(
            "Hasta ese día, por lo menos, la gente puede leer las respuestas. Vacío: hasta la"
            " jornada."
        ),
        "ballots_printed_on": _(
            "Quien deja de competir ese día o después puede aparecer en la boleta impresa, y su"
            " página lo dice (LGIPE, art. 267). Vacío: todavía no se imprimen."
        ),
        "slug": _(
            "Queda en las direcciones de la búsqueda y de la API, como pel-2027: no la cambies"
            " cuando el proceso ya es público. Vacía, se propone una."
        ),
        "fictitious": _(
            "Para ensayar: todas las páginas públicas dicen que las personas y los textos son"
            " ficticios."
        ),
    }
    list_display = ("name", STEPS_COLUMN, "slug", "election_date", "closes_on")
    search_fields = ("name", "slug")
    ordering = ("-election_date", "name")


class _NewProcessOffice(CatalogCreateView):
    """The silence that the law proposes is written already, where the process is known."""

    def initial_of_process(self, pk: int) -> dict[str, Any]:
        return initial_dates(pk)


class _ProcessOfficeEdit(CatalogEditView):
    """The dates of an office, with the way to its contests."""

    @property
    def header_buttons(self) -> list[Any]:
        if not self.request.user.has_perm(Screen.permission):
            return []
        contests = address("office", self.object.pk)
        return [HeaderButton(gettext("Ver sus elecciones"), url=contests, icon_name="globe")]


class ProcessOfficeViewSet(CatalogViewSet):
    """The dates that decide when the information of each office is public (ADR 0007)."""

    model = ProcessOffice
    icon = "calendar-check"
    menu_order = 200
    add_view_class = _NewProcessOffice
    edit_view_class = _ProcessOfficeEdit
    base_form = ProcessOfficeForm
    form_fields = (
        "process",
        "office",
        "visible_from",
        "campaign_from",
        "campaign_until",
        "frozen_from",
        "frozen_until",
        "public_until",
    )
    help_texts: ClassVar = {
        "process": _("El proceso en que se elige. No se cambia después."),
        "office": _("El cargo que se elige. No se cambia después."),
        "visible_from": _(
            "La del acuerdo del Consejo General. Desde ese instante la gente ve las candidaturas"
            " de este cargo; vacío, nada de él es público."
        ),
        "campaign_from": _("Primer día de las campañas de este cargo. El portal lo anuncia."),
        "campaign_until": _(
            "Último día; a más tardar, cuatro días antes de la jornada. El portal lo anuncia."
        ),
        "public_until": _(
            "Después la gente ya no ve respuestas, fotografías ni contactos: queda solo el"
            " registro, con nombre, cargo, actor, lista y estado. Vacío: no terminan."
        ),
    }
    list_display = (
        "office",
        "process",
        "visible_from",
        "frozen_from",
        "frozen_until",
        "public_until",
    )
    list_filter = ("process",)
    search_fields = ("office__name", "process__name")
    ordering = ("-process__election_date", "office__ballot_order")


class PoliticalActorViewSet(CatalogViewSet):
    model = PoliticalActor
    icon = "group"
    menu_order = 300
    form_fields = (
        "process",
        "key",
        "acronym",
        "name",
        "kind",
        "members",
        "ballot_order",
        "color",
    )
    help_texts: ClassVar = {
        "process": _("El proceso en que postula. Cada proceso tiene los suyos."),
        "key": _(
            "En minúsculas y sin espacios, como pan o alianza-ciudadana. Queda en las direcciones"
            " de la búsqueda y de la API: no la cambies cuando el proceso ya es público."
        ),
        "acronym": _("Como aparecen en la boleta y en las tarjetas de sus candidaturas."),
        "name": _("Así lo lee la gente en la boleta y en la página de cada candidatura."),
        "kind": _(
            "Un partido que va en coalición en unos lugares y solo en otros son dos actores: el"
            " partido y la coalición. En cuál va cada quien lo dice el registro, candidatura por"
            " candidatura."
        ),
        "members": _(
            "De una coalición: las siglas de sus partidos, separadas por comas, en el orden de la"
            " boleta. Quien filtra por uno de ellos encuentra también la coalición."
        ),
        "ballot_order": _("De menor a mayor: en ese orden los ve la gente en cada boleta."),
        "color": _(
            "Como #4a2c82. Acompaña a sus siglas en las tarjetas; el de una coalición sale de sus"
            " integrantes."
        ),
    }
    list_display = ("name", "acronym", "kind", "process", "ballot_order")
    list_filter = ("process", "kind")
    search_fields = ("name", "acronym")
    ordering = ("-process__election_date", "ballot_order", "name")


class OfficeViewSet(CatalogViewSet):
    model = Office
    icon = "tag"
    menu_order = 400
    form_fields = ("code", "name", "target", "territory_kind", "ballot_order")
    help_texts: ClassVar = {
        "code": _("Queda en las direcciones de la búsqueda y de la API: no la cambies después."),
        "name": _("Así lo lee la gente en las boletas, los filtros y cada candidatura."),
        "target": _(
            "Como sigue a «candidata»: «a la presidencia municipal». La gente lo lee en cada"
            " candidatura."
        ),
        "territory_kind": _("Dónde se elige: decide qué lugares puede tener en un proceso."),
        "ballot_order": _("De menor a mayor: en ese orden los ve la gente en cada boleta."),
    }
    list_display = ("name", "code", "territory_kind", "ballot_order")
    search_fields = ("name", "code")
    ordering = ("ballot_order",)


class CatalogViewSetGroup(ModelViewSetGroup):
    menu_label = _("Procesos")
    menu_icon = "date"
    menu_order = 60
    items = (
        ProcessViewSet,
        ContestsViewSet,
        ProcessOfficeViewSet,
        PoliticalActorViewSet,
        OfficeViewSet,
        TerritoryViewSet,
        HolidayViewSet,
    )
