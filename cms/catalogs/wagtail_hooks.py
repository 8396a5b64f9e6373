"""Processes, their offices and their actors in the admin, and the words of the search."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.viewsets.model import ModelViewSet, ModelViewSetGroup
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

for _model in (Process, ProcessOffice, PoliticalActor, Office, Territory):
    register_permission_policy(_model, NeverDeleted(_model))


class ProcessViewSet(ModelViewSet):
    model = Process
    icon = "date"
    menu_order = 100
    copy_view_enabled = False
    form_fields = ("slug", "name", "entity_code", "election_date", "closes_on", "fictitious")
    list_display = ("name", "slug", "election_date", "closes_on")
    search_fields = ("name", "slug")
    ordering = ("-election_date", "name")


class ProcessOfficeViewSet(ModelViewSet):
    """The dates that decide when the information of each office is public (ADR 0007)."""

    model = ProcessOffice
    icon = "calendar-check"
    menu_order = 200
    copy_view_enabled = False
    form_fields = (
        "process",
        "office",
        "visible_from",
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


class PoliticalActorViewSet(ModelViewSet):
    model = PoliticalActor
    icon = "group"
    menu_order = 300
    copy_view_enabled = False
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
    list_display = ("name", "acronym", "kind", "process", "ballot_order")
    list_filter = ("process", "kind")
    search_fields = ("name", "acronym")
    ordering = ("-process__election_date", "ballot_order", "name")


class OfficeViewSet(ModelViewSet):
    model = Office
    icon = "tag"
    menu_order = 400
    copy_view_enabled = False
    form_fields = ("code", "name", "target", "territory_kind", "ballot_order")
    list_display = ("name", "code", "territory_kind", "ballot_order")
    search_fields = ("name", "code")
    ordering = ("ballot_order",)


class CatalogViewSetGroup(ModelViewSetGroup):
    menu_label = _("Procesos")
    menu_icon = "date"
    menu_order = 60
    items = (ProcessViewSet, ProcessOfficeViewSet, PoliticalActorViewSet, OfficeViewSet)


class SynonymGroupViewSet(ModelViewSet):
    model = SynonymGroup
    icon = "doc-full-inverse"
    copy_view_enabled = False
    form_fields = ("terms", "reason", "active")
    list_display = ("__str__", "reason", "active")
    list_filter = ("active",)
    ordering = ("terms",)


class HypocoristicViewSet(ModelViewSet):
    model = Hypocoristic
    icon = "user"
    copy_view_enabled = False
    form_fields = ("familiar", "names", "reason", "active")
    list_display = ("__str__", "reason", "active")
    list_filter = ("active",)
    search_fields = ("familiar",)
    ordering = ("familiar",)


class ProtectedWordViewSet(ModelViewSet):
    model = ProtectedWord
    icon = "lock"
    copy_view_enabled = False
    form_fields = ("word", "reason")
    list_display = ("word", "reason")
    search_fields = ("word",)
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
