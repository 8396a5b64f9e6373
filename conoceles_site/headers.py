"""Headers that depend on the address or on the method."""

from collections.abc import Callable
from copy import copy

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.http import ConditionalGetMiddleware


class ContentSecurityPolicyMiddleware(CSPMiddleware):
    """django-csp's, which puts the same policy together anew for each answer.

    Here it is put together once, for answers whose code asked for no other one.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        super().__init__(get_response)
        self._usual = build_policy()

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        asked_for = any(name.startswith("_csp_") for name in (*vars(request), *vars(response)))
        if asked_for or settings.DEBUG or not self._usual:
            return super().process_response(request, response)
        response.headers.setdefault(HEADER, self._usual)
        return response


class AdminContentSecurityPolicyMiddleware:
    """Loosens the policy under /admin/ only, since Wagtail's admin has inline scripts.

    A preview keeps the policy of the public page that it shows, except that the editor may frame
    it. Wagtail serves previews through a request that it makes itself, which no visitor can send.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if getattr(request, "is_preview", False):
            response._csp_replace = settings.PREVIEW_CONTENT_SECURITY_POLICY  # type: ignore[attr-defined]
        elif request.path_info.startswith("/admin/"):
            response._csp_replace = settings.ADMIN_CONTENT_SECURITY_POLICY  # type: ignore[attr-defined]
        return response


class ConditionalMiddleware(ConditionalGetMiddleware):
    """Django's, also for HEAD, so that a request for the headers alone gets the same ones."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if getattr(request, LATER, False):
            return response
        if request.method == "HEAD":
            request = copy(request)
            request.method = "GET"
        return super().process_response(request, response)


# Set on a request whose answer will most likely be kept, and then get a tag of its versions: only
# if it is not, whoever set this calls `tagged`.
LATER = "is_tagged_later"


def tagged(request: HttpRequest, response: HttpResponse) -> HttpResponseBase:
    """An answer with a tag of its content, or 304 if the visitor has it."""
    setattr(request, LATER, False)
    return ConditionalMiddleware(lambda _request: response).process_response(request, response)
