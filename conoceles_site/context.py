"""What every template knows. The portal's state is one query, and only where a page shows it."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from cms.published.selectors import portal_state


def site(request: HttpRequest) -> dict[str, Any]:
    """The portal's state (lazy), and which halves of the site this process serves."""
    return {
        "portal": SimpleLazyObject(portal_state),
        "serves_internal": settings.SERVE_INTERNAL_SITE,
        "serves_public": settings.SERVE_PUBLIC_SITE,
    }
