"""Publish and take down what the CMS scheduled: Wagtail's command, one page at a time.

Wagtail's own command stops at the first page that cannot be published, and the pages after it would
never be published.
"""

import contextlib
from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

import structlog
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand
from django.db import IntegrityError, transaction
from django.utils import timezone
from wagtail.models import Page, Revision

logger = structlog.stdlib.get_logger("conoceles.publication")


@contextlib.contextmanager
def _alone(action: str, page_id: str) -> Iterator[None]:
    """Let a refused page undo nothing of the others, and log its number but not its title."""
    try:
        with transaction.atomic():
            yield
    except (ValidationError, IntegrityError) as refused:
        fields = sorted(getattr(refused, "message_dict", {}))
        logger.error("refused", action=action, page=page_id, fields=fields)


class Command(BaseCommand):
    help = "Publica y retira lo que se programó para una hora que ya pasó."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dryrun", "--dry-run", action="store_true", dest="dry_run")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        expired = Page.objects.live().filter(expire_at__lt=now).order_by("expire_at")
        due = Revision.objects.filter(approved_go_live_at__lt=now).order_by("approved_go_live_at")
        if options["dry_run"]:
            self.stdout.write(f"Por retirar: {expired.count()}. Por publicar: {due.count()}.")
            return
        for page in list(expired):
            with _alone("unpublish", str(page.pk)):
                page.unpublish(set_expired=True, log_action="wagtail.unpublish.scheduled")
        for revision in list(due):
            with _alone("publish", revision.object_id):
                revision.publish(log_action="wagtail.publish.scheduled")
