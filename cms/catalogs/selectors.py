"""What every room reads from the catalogues."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from cms.catalogs.models import (
    PortalSettings,
    Process,
    ProcessOffice,
    Territory,
    TerritoryKind,
)
from cms.catalogs.spanish import fold


def process_by_slug(slug: str, *, among: QuerySet[Process] | None = None) -> Process | None:
    """A process by its key, among some or all; None when there is none."""
    known = Process.objects.all() if among is None else among
    return known.filter(slug=slug.replace("\0", " ")).first()


def public_processes() -> QuerySet[Any]:
    """The processes that the public may name: a rehearsal only while it is the current one.

    Each with `is_current` (bool).
    """
    current = PortalSettings.objects.filter(current_process=OuterRef("pk"))
    known: QuerySet[Any] = Process.objects.annotate(is_current=Exists(current))
    return known.filter(Q(rehearsal_of=None) | Q(is_current=True))


def municipality(value: str) -> Territory | None:
    """A municipality by CVEGEO, slug or name in any case; None when there is none."""
    return (
        Territory.objects.filter(kind=TerritoryKind.MUNICIPALITY)
        .filter(Q(cvegeo=value) | Q(slug=value) | Q(key=fold(value)))
        .order_by("-cvegeo")
        .first()
    )


def office_window(*, process: Process, office_id: int) -> ProcessOffice | None:
    """When the information of one office of one process is public."""
    return ProcessOffice.objects.filter(process=process, office_id=office_id).first()
