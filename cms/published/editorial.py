"""What Comunicación Social publishes in Wagtail, copied to the public side as it is published.

Page types of the CMS that citizens read inherit `EditorialPage`; portal lists and the API read the
copy, so that a front end of somebody else's can show all that the portal shows.
"""

from datetime import date
from typing import Any

from django.utils.html import strip_tags
from wagtail.models import Page

from cms.published.models import ContentKind, PublishedContent


class EditorialPage(Page):
    """A page that is public as soon as it is published in Wagtail."""

    editorial_kind: ContentKind = ContentKind.PAGE

    class Meta:
        abstract = True

    def editorial_summary(self) -> str:
        """Plain text for lists."""
        return ""

    def editorial_body_html(self) -> str:
        """The body as sanitised HTML."""
        return ""

    def editorial_date(self) -> date | None:
        """The date that readers see; None where a page has none."""
        return None

    def editorial_image(self) -> tuple[str, str]:
        """Address and alternative text of the main image; two empty texts without one."""
        return "", ""


def publish_copy(page: EditorialPage) -> PublishedContent:
    """Write the public copy of a page that was just published."""
    body = page.editorial_body_html()
    image_url, image_alt = page.editorial_image()
    row, _created = PublishedContent.objects.update_or_create(
        page_id=page.pk,
        defaults={
            "kind": page.editorial_kind,
            "slug": page.slug,
            "url": page.get_url() or "",
            "title": page.title,
            "summary": page.editorial_summary(),
            "body_html": body,
            "body_text": strip_tags(body),
            "image_url": image_url,
            "image_alt": image_alt,
            "date": page.editorial_date(),
            "published_at": page.first_published_at,
            "updated_at": page.last_published_at,
        },
    )
    return row


def withdraw_copy(page_id: int) -> None:
    """Take the public copy away: the page was unpublished or deleted."""
    PublishedContent.objects.filter(page_id=page_id).delete()


def on_page_published(sender: type[Any], instance: Any, **kwargs: Any) -> None:
    """Receiver of wagtail.signals.page_published."""
    if isinstance(instance, EditorialPage):
        publish_copy(instance)


def on_page_withdrawn(sender: type[Any], instance: Any, **kwargs: Any) -> None:
    """Receiver of page_unpublished and of the deletion of a page."""
    if isinstance(instance, EditorialPage):
        withdraw_copy(instance.pk)
