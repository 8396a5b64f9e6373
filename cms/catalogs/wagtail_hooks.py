"""Processes, their offices and their actors in the admin, and the words of the search."""

from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.ui.tables import Column
from wagtail.admin.viewsets.model import ModelViewSetGroup
from wagtail.permissions import register_permission_policy

from cms.catalogs.models import (
    Hypocoristic,
    Office,
    PoliticalActor,
    Process,
    ProcessOffice,
    ProtectedWord,
    SynonymGroup,
    Territory,
)
from cms.catalogs.permissions import NeverDeleted
from cms.catalogs.viewsets import (
    STEPS_COLUMN,
    CatalogViewSet,
    InUseFilterSet,
    ProcessEditView,
    WordsIndexView,
)

for _model in (Process, ProcessOffice, PoliticalActor, Office, Territory):
    register_permission_policy(_model, NeverDeleted(_model))


class ProcessViewSet(CatalogViewSet):
    model = Process
    icon = "date"
    menu_order = 100
    form_fields = ("slug", "name", "entity_code", "election_date", "closes_on", "fictitious")
    edit_view_class = ProcessEditView
    list_display = ("name", STEPS_COLUMN, "slug", "election_date", "closes_on")
    search_fields = ("name", "slug")
    ordering = ("-election_date", "name")


class ProcessOfficeViewSet(CatalogViewSet):
    """The dates that decide when the information of each office is public (ADR 0007)."""

    model = ProcessOffice
    icon = "calendar-check"
    menu_order = 200
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
        "members": _(
            "De una coalición: las siglas de sus partidos, separadas por comas, en el orden de la"
            " boleta. Quien filtra por uno de ellos encuentra también la coalición."
        )
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
    list_display = ("name", "code", "territory_kind", "ballot_order")
    search_fields = ("name", "code")
    ordering = ("ballot_order",)


class CatalogViewSetGroup(ModelViewSetGroup):
    menu_label = _("Procesos")
    menu_icon = "date"
    menu_order = 60
    items = (ProcessViewSet, ProcessOfficeViewSet, PoliticalActorViewSet, OfficeViewSet)


_ACTIVE = Column(
    "active",
    label=_("En uso"),
    accessor=lambda row: _("Sí") if row.active else _("No"),
    sort_key="active",
)
_IN_USE = _("Sin marcar, la búsqueda deja de usarlo y aquí se conserva.")


class GroupsInUse(InUseFilterSet):
    class Meta:
        model = SynonymGroup
        fields: ClassVar[list[str]] = []


class FormsInUse(InUseFilterSet):
    class Meta:
        model = Hypocoristic
        fields: ClassVar[list[str]] = []


class SynonymGroupViewSet(CatalogViewSet):
    model = SynonymGroup
    icon = "doc-full-inverse"
    index_view_class = WordsIndexView
    form_fields = ("terms", "reason", "active")
    help_texts: ClassVar = {
        "terms": _(
            "Dos o más, separadas por comas: «agua, recursos hídricos, vital líquido». Quien busca"
            " una encuentra también a quien escribió otra, después de lo que pidió, y el buscador"
            " las sugiere como temas. El cambio vale en el sitio público en un minuto."
        ),
        "reason": _(
            "Por qué quien busca una queda contento si encuentra las otras. Solo se ve aquí."
        ),
        "active": _IN_USE,
    }
    list_display = ("__str__", "reason", _ACTIVE)
    filterset_class = GroupsInUse
    search_fields = ("written", "reason")
    ordering = ("position",)


class HypocoristicViewSet(CatalogViewSet):
    model = Hypocoristic
    icon = "user"
    index_view_class = WordsIndexView
    form_fields = ("familiar", "names", "reason", "active")
    help_texts: ClassVar = {
        "familiar": _(
            "Una sola palabra: «Lupita». Quien la busca encuentra a quienes llevan los nombres de"
            " abajo, y quien busca el nombre encuentra la forma. El cambio vale en el sitio público"
            " en un minuto."
        ),
        "names": _("De una palabra cada uno, separados por comas: «Guadalupe»."),
        "reason": _("De dónde viene: «Diminutivo de Guadalupe». Solo se ve aquí."),
        "active": _IN_USE,
    }
    list_display = ("__str__", "reason", _ACTIVE)
    filterset_class = FormsInUse
    search_fields = ("familiar", "written", "reason")
    ordering = ("position",)


class ProtectedWordViewSet(CatalogViewSet):
    model = ProtectedWord
    icon = "lock"
    form_fields = ("word", "reason")
    help_texts: ClassVar = {
        "word": _(
            "Una sola palabra, como «pyme». La búsqueda nunca la toma por un error: no pregunta"
            " «¿Quisiste decir…?» ni la cambia por un nombre parecido. El cambio vale en el sitio"
            " público en un minuto."
        ),
        "reason": _("Por qué no es un error. Solo se ve aquí."),
    }
    list_display = ("word", "reason")
    search_fields = ("word", "reason")
    ordering = ("word",)


class SearchWordsViewSetGroup(ModelViewSetGroup):
    """What the search knows of words; a change counts within a minute, without a new index."""

    menu_label = _("Búsqueda")
    menu_icon = "search"
    menu_order = 65
    items = (SynonymGroupViewSet, HypocoristicViewSet, ProtectedWordViewSet)


@hooks.register("register_admin_viewset")
def catalog_viewsets() -> Any:
    return [CatalogViewSetGroup(), SearchWordsViewSetGroup()]
