"""Pages of the CMS by the address at which citizens find them, whichever process writes it.

Wagtail derives addresses from the URL configuration and from its own record of the site. The
internal half has no public addresses to derive them from, and the record says «localhost» until
somebody edits it; here the path comes from the page tree and the host from the settings.
"""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from wagtail.models import Site

from cms.catalogs.addresses import public_url
from cms.catalogs.first_data import when_migrated

# What a new installation writes in the record of the site: no address of anybody's.
PLACEHOLDER = "localhost"


class PublicAddress:
    """Mix into a page type, before Page: links in the admin lead to the public site."""

    def public_path(self) -> str:
        """The path from the root of the public site; empty where the page has no address."""
        page: Any = self
        roots = page._get_relevant_site_root_paths()
        return f"/{page.url_path[len(roots[0].root_path) :]}" if roots else ""

    def get_url_parts(self, request: Any = None) -> tuple[int, str, str] | None:
        """The site's number, its scheme and host, and the path; None where there is no address."""
        page: Any = self
        roots = page._get_relevant_site_root_paths(request)
        path = self.public_path() if roots else ""
        if not path:
            return None
        return roots[0].site_id, settings.PUBLIC_BASE_URL or roots[0].root_url, path

    def get_url(self, request: Any = None, current_site: Any = None) -> str | None:
        """Where a link leads from wherever it stands; None where nobody knows the public host."""
        parts = self.get_url_parts(request)
        if parts is None:
            return None
        _site, root_url, path = parts
        known = public_url(path)
        if known:
            return known
        return None if urlsplit(root_url).hostname == PLACEHOLDER else f"{root_url}{path}"

    url = property(get_url)

    def _get_dummy_header_url(self, original_request: HttpRequest | None = None) -> str | None:
        """A preview is asked for as the editor was: same host, same scheme."""
        path = self.public_path() or "/"
        if original_request is not None:
            return original_request.build_absolute_uri(path)
        found: str | None = super()._get_dummy_header_url(None)  # type: ignore[misc]
        return found


@when_migrated("wagtailcore.Site")
def name_the_site(sender: Any = None, **kwargs: Any) -> None:
    """Receiver of post_migrate: Wagtail's record of the site says the public address, where known.

    Old installations too: nobody has to remember to edit it.
    """
    if not settings.PUBLIC_BASE_URL:
        return
    parts = urlsplit(settings.PUBLIC_BASE_URL)
    port = parts.port or {"https": 443}.get(parts.scheme, 80)
    site = Site.objects.filter(is_default_site=True).first()
    if site is None or (site.hostname, site.port) == (parts.hostname, port):
        return
    site.hostname, site.port = parts.hostname, port
    site.save()
