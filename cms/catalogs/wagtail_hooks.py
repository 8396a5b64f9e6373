"""Processes, their offices and their actors in the admin, and the words of the search."""

from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.ui.tables import Column
from wagtail.admin.viewsets.model import ModelViewSetGroup
from wagtail.log_actions import LogActionRegistry
from wagtail.permissions import register_permission_policy

from cms.catalogs import log_actions
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
from cms.catalogs.permissions import NeverDeleted, OnlyCorrected
from cms.catalogs.process_viewsets import CatalogViewSetGroup
from cms.catalogs.viewsets import CatalogViewSet, InUseFilterSet, WordsIndexView

for _model in (Process, ProcessOffice, PoliticalActor, Office):
    register_permission_policy(_model, NeverDeleted(_model))
register_permission_policy(Territory, OnlyCorrected(Territory))


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


@hooks.register("register_log_actions")
def worded_entries(actions: LogActionRegistry) -> None:
    log_actions.register(actions)
