"""What every room reads from the catalogues."""

from datetime import datetime

from django.db.models import Q

from cms.catalogs.models import PortalSettings, Process, ProcessOffice, Territory, TerritoryKind
from cms.catalogs.spanish import fold


def portal_settings() -> PortalSettings:
    """The portal's settings with the current process (one query; two when none was chosen).

    When staff chose no current process, the one with the latest election stands in.
    """
    settings: PortalSettings | None = PortalSettings.objects.select_related(
        "current_process"
    ).first()
    if settings is None:
        settings = PortalSettings()
    if settings.current_process is None:
        settings.current_process = Process.objects.order_by("-election_date", "-pk").first()
    return settings


def process_by_slug(slug: str) -> Process | None:
    """A process by its key; None when there is none."""
    return Process.objects.filter(slug=slug).first()


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


def is_frozen(window: ProcessOffice | None, at: datetime) -> bool:
    """Whether new text must wait (electoral silence)."""
    return window is not None and window.is_frozen(at)
