"""The public address of a page of the CMS, the same whichever process writes it.

Wagtail takes addresses from the URL configuration and from its own record of the site. But the
internal half has no public routes, and the record says «localhost» until somebody edits it. Here
the path comes from the page tree, and the host from the settings.
"""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from wagtail.models import Site

from cms.catalogs.addresses import public_url
from cms.catalogs.first_data import when_migrated

# The host that a new installation writes in the record of the site: it is not an address.
PLACEHOLDER = "localhost"


class PublicAddress:
    """Mix into a page type, before Page: links in the admin lead to the public site."""

    def public_path(self) -> str:
        """The path from the root of the public site; empty if the page has no address."""
        page: Any = self
        roots = page._get_relevant_site_root_paths()
        return f"/{page.url_path[len(roots[0].root_path) :]}" if roots else ""

    def get_url_parts(self, request: Any = None) -> tuple[int, str, str] | None:
        """The id of the site, its scheme and host, and the path; None if there is no address."""
        page: Any = self
        roots = page._get_relevant_site_root_paths(request)
        path = self.public_path() if roots else ""
        if not path:
            return None
        return roots[0].site_id, settings.PUBLIC_BASE_URL or roots[0].root_url, path

    def get_url(self, request: Any = None, current_site: Any = None) -> str | None:
        """The address for a link in any page; None if the public host is unknown."""
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
        """The address of a preview, with the host and scheme under which the editor is open."""
        path = self.public_path() or "/"
        if original_request is not None:
            return original_request.build_absolute_uri(path)
        found: str | None = super()._get_dummy_header_url(None)  # type: ignore[misc]
        return found


@when_migrated("wagtailcore.Site")
def name_the_site(sender: Any = None, **kwargs: Any) -> None:
    """Receiver of post_migrate: write the public address, if known, to Wagtail's record.

    It does so in older installations too, so nobody has to remember to edit the record.
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
