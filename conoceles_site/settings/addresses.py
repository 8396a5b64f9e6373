"""The addresses of the two halves of the site, for links in mail, in documents and between them."""

from conoceles_site.settings.environment import ROLE, site_address, whole_number

PUBLIC_BASE_URL = site_address("CONOCELES_BASE_URL")
# If one process serves both halves, they have the same address.
INTERNAL_BASE_URL = site_address("CONOCELES_INTERNAL_URL") or (
    PUBLIC_BASE_URL if ROLE == "all" else ""
)
PORT = whole_number("PORT", 8000, smallest=1, largest=65_535)
WAGTAILADMIN_BASE_URL = INTERNAL_BASE_URL or f"http://localhost:{PORT}"
