"""Variables that every template has. The portal's state is one query, made only if it is used."""

from functools import partial
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from cms.catalogs.addresses import canonical_base
from cms.published.selectors import portal_state


def site(request: HttpRequest) -> dict[str, Any]:
    """The portal's state (lazy), and which halves of the site are served here or have an address.

    `links_public`: whether the tag `public_page` knows an address. `canonical_base`: the scheme and
    host to write before the path of a public page that is read elsewhere.
    """
    return {
        "portal": SimpleLazyObject(portal_state),
        "serves_internal": settings.SERVE_INTERNAL_SITE,
        "serves_public": settings.SERVE_PUBLIC_SITE,
        "links_public": settings.SERVE_PUBLIC_SITE or bool(settings.PUBLIC_BASE_URL),
        "canonical_base": SimpleLazyObject(partial(canonical_base, request)),
    }
