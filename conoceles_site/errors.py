"""Error pages: what happened and what to do, never a stack nor a value."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404, with a search box."""
    return render(request, "404.html", status=404)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: signed in, but without permission."""
    return render(request, "403.html", status=403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form is older than the session: what was typed goes along, and nothing is written.

    Only a form of this very site is taken up: of another site's, nothing comes back.
    """
    is_ours = not reason.startswith(("Origin checking", "Referer checking"))
    if is_ours and settings.SERVE_INTERNAL_SITE:
        from cms.accounts.stale_forms import answer

        if (said := answer(request)) is not None:
            return said
    return render(request, "403.html", {"form_expired": True}, status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: a static page, since the database may be what failed."""
    return render(None, "500.html", status=500)


class PlainErrorsMiddleware:
    """Keep errors out of caches."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code >= 400 and not response.has_header("Cache-Control"):
            response["Cache-Control"] = "no-store"
        return response
