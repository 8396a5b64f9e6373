"""Error pages. They say what happened and what to do, and show neither a stack nor a value."""

import sys
from collections.abc import Callable, Mapping

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from api import problems
from cms.catalogs.database_faults import is_out_of_reach

# When whoever found the database out of reach should come back.
OUT_OF_REACH_SECONDS = 10
PAGES: dict[int, tuple[str, str]] = {
    400: (
        "No entendimos la solicitud",
        "Revisa la dirección o el formulario y vuelve a intentarlo.",
    ),
    405: ("Aquí no se puede hacer eso", "Esta dirección no acepta esa clase de solicitud."),
    413: ("Es demasiado grande", "Envía menos texto a la vez, o un archivo más pequeño."),
    414: ("La dirección es demasiado larga", "Quita filtros o palabras y vuelve a intentarlo."),
    503: ("El sitio está ocupado", "Vuelve a intentarlo en un minuto; no se perdió nada."),
}


def refused(
    request: HttpRequest,
    code: int,
    detail: str = "",
    *,
    title: str = "",
    headers: Mapping[str, str] | None = None,
) -> HttpResponse:
    """An answer that uses only the path of the request: a problem under /api/, else a page.

    Args:
        title: of the page, in place of the usual one of the code.
    """
    if request.path_info.startswith(problems.PREFIX):
        return problems.response(request, code, detail, headers=headers)
    usual_title, usual = PAGES.get(code, PAGES[400])
    said = {"title": title or usual_title, "detail": detail or usual}
    page = render(None, "refused.html", said, status=code)
    for name, value in (headers or {}).items():
        page[name] = value
    return page


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400 for a request that Django cannot read; 413 for one that is too large to read."""
    too_much = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)
    return refused(request, 413 if isinstance(exception, too_much) else 400)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404, with a search box."""
    return render(request, "404.html", status=404)


def nothing_here(request: HttpRequest) -> HttpResponse:
    """404 for the address of a library that the site does not have."""
    raise Http404


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: the account is signed in, but has no permission."""
    return render(request, "403.html", status=403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form that is older than the session: carry what was typed along, and write nothing.

    Only forms of this very site are taken up; nothing of another site's form comes back.
    """
    is_ours = not reason.startswith(("Origin checking", "Referer checking"))
    if is_ours and settings.SERVE_INTERNAL_SITE:
        from cms.accounts.stale_forms import answer

        if (said := answer(request)) is not None:
            return said
    return render(request, "403.html", {"form_expired": True}, status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: a static page, since the database may be what failed; a problem under /api/.

    503 when the database is out of reach: it is a matter of moments, and nothing was lost.
    """
    if is_out_of_reach(sys.exception()):
        return out_of_reach(request)
    if request.path_info.startswith(problems.PREFIX):
        return refused(request, 500)
    return render(None, "500.html", status=500)


def out_of_reach(request: HttpRequest) -> HttpResponse:
    """503: the database cannot be reached now."""
    return refused(
        request,
        503,
        f"El sitio no pudo leer su información. Vuelve a intentarlo en {OUT_OF_REACH_SECONDS}"
        " segundos; lo que se había guardado sigue guardado.",
        title="El sitio no responde por ahora",
        headers={"Retry-After": str(OUT_OF_REACH_SECONDS), "Cache-Control": "no-store"},
    )


class PlainErrorsMiddleware:
    """Keeps errors out of caches, and says in words that a method is not allowed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == 405 and not response.streaming and not response.content:
            response = refused(request, 405, headers={"Allow": response.get("Allow", "")})
        if response.status_code >= 400 and not response.has_header("Cache-Control"):
            response["Cache-Control"] = "no-store"
        return response
