"""What Comunicación Social publishes in Wagtail, copied to the public side as it is published.

Page types of the CMS that citizens read inherit `EditorialPage`. The lists of the portal and the
API read the copy, so that another front end can show all that the portal shows.

The copy is never made from the page object that somebody is editing: whatever happened to a page,
it is read from the database again, and only its live version is copied (ADR 0021).
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.html import strip_tags
from wagtail.models import Page, PageViewRestriction, ReferenceIndex

from cms.catalogs.public_pages import PublicAddress
from cms.published.models import ContentKind, PublishedContent


class EditorialPage(PublicAddress, Page):
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
        """Address and alternative text of the main image; two empty texts where there is none."""
        return "", ""

    def missing_to_publish(self) -> dict[str, str]:
        """What a draft may lack and a public page may not: field → how to complete it."""
        return {}

    def save(self, *args: Any, clean: bool = True, **kwargs: Any) -> Any:
        """Save as Wagtail does, but refuse an incomplete page that is live, for whatever reason."""
        if clean and self.live and (missing := self.missing_to_publish()):
            raise ValidationError(missing)
        return super().save(*args, clean=clean, **kwargs)


def refresh_copy(page_id: int) -> None:
    """Make the public copy of a page say what is live now: write it, or take it away.

    When the address of the page appeared, changed or ended, the pages that link to it are refreshed
    as well, since their copies hold the address.
    """
    before = PublishedContent.objects.filter(page_id=page_id).values_list("url", flat=True).first()
    page = _live_page(page_id)
    after = None if page is None else _write_copy(page).url
    if page is None:
        withdraw_copy(page_id)
    if before != after:
        _refresh_copies(_linking_to(page_id))


def _live_page(page_id: int) -> EditorialPage | None:
    """The live version of a page, without its draft; None when citizens cannot read the page."""
    page = Page.objects.live().filter(pk=page_id).first()
    specific = None if page is None else page.specific
    if not isinstance(specific, EditorialPage) or specific.get_view_restrictions().exists():
        return None
    return specific


def _write_copy(page: EditorialPage) -> PublishedContent:
    body = page.editorial_body_html()
    image_url, image_alt = page.editorial_image()
    # A page that code made live has no date of publication.
    published = page.first_published_at or timezone.now()
    row, _created = PublishedContent.objects.update_or_create(
        page_id=page.pk,
        defaults={
            "kind": page.editorial_kind,
            "slug": page.slug,
            "url": page.public_path(),
            "title": page.title,
            "summary": page.editorial_summary(),
            "body_html": body,
            "body_text": strip_tags(body),
            "image_url": image_url,
            "image_alt": image_alt,
            "date": page.editorial_date(),
            "published_at": published,
            "updated_at": page.last_published_at or published,
        },
    )
    return row


def withdraw_copy(page_id: int) -> None:
    """Take the public copy away: the page was unpublished or deleted."""
    PublishedContent.objects.filter(page_id=page_id).delete()


def _refresh_copies(page_ids: Iterable[int]) -> None:
    for page_id in page_ids:
        refresh_copy(page_id)


def _linking_to(page_id: int) -> list[int]:
    """Pages with a public copy whose text links to this page."""
    linking = ReferenceIndex.get_references_to(Page(pk=page_id)).values_list("object_id", flat=True)
    keys = {int(key) for key in linking} - {page_id}
    return list(PublishedContent.objects.filter(page_id__in=keys).values_list("page_id", flat=True))


def _editorial_below(page: Page) -> list[int]:
    """The page itself and those below it that may have a copy."""
    found = page.get_descendants(inclusive=True).specific(defer=True)
    return [below.pk for below in found if isinstance(below, EditorialPage)]


def on_page_saved(sender: type[Any], instance: Any, **kwargs: Any) -> None:
    """Receiver of post_save: publishing, scheduling, slugs, expiry, aliases and copies all save."""
    if kwargs.get("raw") or not isinstance(instance, Page):
        return
    if issubclass(instance.specific_class or Page, EditorialPage):
        refresh_copy(instance.pk)


def on_page_deleted(sender: type[Any], instance: Any, **kwargs: Any) -> None:
    """Receiver of post_delete."""
    if isinstance(instance, EditorialPage):
        withdraw_copy(instance.pk)
        _refresh_copies(_linking_to(instance.pk))


def on_addresses_changed(sender: type[Any], instance: Page, **kwargs: Any) -> None:
    """Receiver of page_slug_changed and post_page_move: the pages below it moved with it."""
    _refresh_copies(_editorial_below(instance))


def on_restriction_changed(sender: type[Any], instance: PageViewRestriction, **kwargs: Any) -> None:
    """Receiver of saved and deleted restrictions: a page that is not for everybody has no copy."""
    _refresh_copies(_editorial_below(instance.page))
