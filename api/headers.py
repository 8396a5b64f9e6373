"""Headers of every answer under /api/, errors included: scripts of any site may read it."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from api.problems import PREFIX

CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Headers": "Accept, Content-Type, If-None-Match",
    "Access-Control-Expose-Headers": "ETag",
}


class CorsMiddleware:
    """Adds the headers after everything else, so that 304 and errors carry them too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.path_info.startswith(PREFIX):
            for name, value in CORS.items():
                response[name] = value
        return response
