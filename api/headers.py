"""Headers of everything under /api/, whatever answers: scripts of any site may read it."""

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
    """Stands outside what answers 304 and errors, which know no headers but their own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.path_info.startswith(PREFIX):
            for name, value in CORS.items():
                response[name] = value
        return response
