"""What every template knows. The portal's state is one query, and only where a page shows it."""

from functools import partial
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from cms.catalogs.addresses import canonical_base
from cms.published.selectors import portal_state


def site(request: HttpRequest) -> dict[str, Any]:
    """The portal's state (lazy), which halves of the site are served here, and where the public is.

    `links_public`: whether public pages can be linked at all; `public_base`: what stands before
    their paths, nothing where this process serves them itself; `canonical_base`: the same for what
    is read elsewhere, which is always a full address.
    """
    return {
        "portal": SimpleLazyObject(portal_state),
        "serves_internal": settings.SERVE_INTERNAL_SITE,
        "serves_public": settings.SERVE_PUBLIC_SITE,
        "links_public": settings.SERVE_PUBLIC_SITE or bool(settings.PUBLIC_BASE_URL),
        "canonical_base": SimpleLazyObject(partial(canonical_base, request)),
        "public_base": "" if settings.SERVE_PUBLIC_SITE else settings.PUBLIC_BASE_URL,
    }
