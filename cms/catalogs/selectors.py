"""What every room reads from the catalogues."""

from django.db.models import Q

from cms.catalogs.models import Process, ProcessOffice, Territory, TerritoryKind
from cms.catalogs.spanish import fold


def process_by_slug(slug: str) -> Process | None:
    """A process by its key; None when there is none."""
    return Process.objects.filter(slug=slug.replace("\0", " ")).first()


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
