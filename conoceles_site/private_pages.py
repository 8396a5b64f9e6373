"""Keeps what is private out of every cache (ADR 0043).

Private is whatever is under the internal addresses, and whatever is answered to somebody who is
signed in. None of it is compressed either: the length of a compressed page that echoes what was
typed beside a token gives the token away letter by letter (BREACH).
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from cms.published.caching import PRIVATE

INTERNAL_PATHS = ("/acceso/", "/captura/", "/ayuda/", "/admin/")


def is_personal(request: HttpRequest) -> bool:
    """Whether somebody is signed in, or says who they are."""
    if "HTTP_AUTHORIZATION" in request.META:
        return True
    return (
        settings.SERVE_INTERNAL_SITE
        and "HTTP_COOKIE" in request.META
        and settings.SESSION_COOKIE_NAME in request.COOKIES
    )


def is_private(request: HttpRequest) -> bool:
    """Whether no cache may keep the answer, whoever makes it and whatever its status."""
    path = request.path_info
    is_internal = path.startswith(INTERNAL_PATHS) or f"{path}/" in INTERNAL_PATHS
    return is_internal or is_personal(request)


class PrivateMiddleware:
    """Says so in every private answer: pages, redirects, errors and downloads alike."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if is_private(request) or response.cookies:
            response["Cache-Control"] = PRIVATE
        return response
