"""The first pages of the tree: made after migrating, and renewed until somebody edits them."""

from typing import Any

from django.conf import settings
from wagtail.models import Collection, Page, PageLogEntry, Site

from cms.catalogs.first_data import when_migrated
from cms.catalogs.public_paths import NEWS
from cms.portal.first_texts import FIRST_PAGES, FORMER, digest

ROOT = "Raíz"


@when_migrated(
    "portal.HomePage", "portal.FaqPage", "portal.ContentPage", "published.PublishedContent"
)
def ensure_home_page(sender: Any = None, **kwargs: Any) -> None:
    """Receiver of post_migrate: put the portal's home in the place of Wagtail's welcome page."""
    from cms.portal.models import HomePage

    if HomePage.objects.exists():
        renew_first_pages()
        return
    root = Page.get_first_root_node()
    if root is None:
        return
    _remove_welcome_page()
    root.refresh_from_db()
    home = root.add_child(instance=HomePage(title="Conóceles", slug="inicio"))
    Site.objects.update_or_create(
        is_default_site=True,
        defaults={
            "hostname": "localhost",
            "port": 80,
            "root_page": home,
            "site_name": settings.WAGTAIL_SITE_NAME,
        },
    )
    _add_first_pages(home)


def _add_first_pages(home: Any) -> None:
    """Make the pages that the site links to, with a text that staff will replace."""
    from cms.portal import models

    home.add_child(instance=models.NewsIndexPage(title="Noticias", slug=NEWS.slug))
    for kind, slug, title, summary, body in FIRST_PAGES:
        page = getattr(models, kind)(title=title, slug=slug, summary=summary, body=body)
        home.add_child(instance=page)
        page.save_revision().publish()


def renew_first_pages() -> None:
    """Bring an earlier first text up to date; a page that somebody edited is left alone."""
    from cms.portal import models

    for kind, slug, title, summary, body in FIRST_PAGES:
        untouched = getattr(models, kind).objects.filter(
            slug=slug, live=True, has_unpublished_changes=False
        )
        for page in untouched:
            if digest(page.title, page.summary, page.body) in FORMER.get(slug, frozenset()):
                page.title, page.summary, page.body = title, summary, body
                page.save_revision().publish()


def _remove_welcome_page() -> None:
    Site.objects.all().delete()
    for page in Page.objects.filter(depth=2, slug="home"):
        page.delete()
        # Otherwise the history of the site would begin with a title in English.
        PageLogEntry.objects.filter(page_id=page.pk).delete()


@when_migrated("wagtailcore.Page", "wagtailcore.Collection")
def name_the_roots(sender: Any = None, **kwargs: Any) -> None:
    """Receiver of post_migrate: name in Spanish the root that staff read in every path."""
    Page.objects.filter(depth=1, title="Root").update(title=ROOT, draft_title=ROOT)
    Collection.objects.filter(depth=1, name="Root").update(name=ROOT)
