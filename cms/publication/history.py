"""Entries in Wagtail's history of pages, many at a time: each alone costs Wagtail several queries.

An entry holds words of the program. It never holds the reason that somebody wrote.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone
from wagtail.log_actions import get_active_log_context
from wagtail.models import Page, PageLogEntry

from cms.accounts.models import User


@dataclass(frozen=True, slots=True)
class Entry:
    """What the history says of a page.

    Attributes:
        revision: the id of the revision that it is about, if it is about one.
    """

    page: Page
    said: dict[str, Any] = field(default_factory=dict)
    revision: int | None = None


def write_entries(action: str, entries: Iterable[Entry], *, by: User | None) -> None:
    """Write down the same action of somebody on several pages (one statement)."""
    now, request = timezone.now(), get_active_log_context().uuid
    PageLogEntry.objects.bulk_create(
        PageLogEntry(
            page=entry.page,
            content_type_id=entry.page.content_type_id,
            label=entry.page.get_admin_display_title(),
            action=action,
            data=entry.said,
            timestamp=now,
            uuid=request,
            user=by,
            revision_id=entry.revision,
        )
        for entry in entries
    )
