"""The first page of the tree: the portal's home, made once after the migrations."""

from typing import Any

from django.conf import settings
from wagtail.models import Page, Site


def ensure_home_page(sender: Any = None, **kwargs: Any) -> None:
    """Receiver of post_migrate: replace Wagtail's welcome page by the portal's home."""
    from cms.portal.models import HomePage

    if HomePage.objects.exists():
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


def _remove_welcome_page() -> None:
    Site.objects.all().delete()
    for page in Page.objects.filter(depth=2, slug="home"):
        page.delete()
