"""What every template knows. No queries here: public pages have an exact budget."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, Any]:
    """Which halves of the site this process serves."""
    return {
        "serves_internal": settings.SERVE_INTERNAL_SITE,
        "serves_public": settings.SERVE_PUBLIC_SITE,
    }
