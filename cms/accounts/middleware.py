"""Who asks, and what is done before and after every view of capture and of the admin."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth import get_user
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from cms.accounts import resume, second_factor, sessions

# Wagtail's own addresses for signing in and out, which lead to ours.
_WAYS_IN = ("/admin/login/", "/admin/logout/", "/admin/password_reset/")
# What an open editor asks by itself, while nobody works.
_BY_ITSELF = ("/admin/editing-sessions/",)


# The pages of signing in. Elsewhere a session without its second factor is nobody's.
_ENTRANCE = "/acceso/"


class WhoAsksMiddleware(AuthenticationMiddleware):
    """Django's, but a session that has not passed the second factor where it must is nobody's.

    So every view that is not of signing in, known today or not, refuses it as it refuses a visitor.
    `request.held_back` is the account, for those who lead its owner to the second factor.
    """

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        request.user = SimpleLazyObject(lambda: _who_asks(request))  # type: ignore[assignment]


def _who_asks(request: HttpRequest) -> Any:
    user = get_user(request)
    if not second_factor.holds_back(request, user):
        return user
    request.held_back = user  # type: ignore[attr-defined]
    is_entrance = request.path_info.startswith(_ENTRANCE) and not resume.is_guarded(request)
    return user if is_entrance else AnonymousUser()


class SessionsMiddleware:
    """Carries along what was typed when a session ended, and renews sessions in use."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not request.path_info.startswith((resume.CAPTURE, resume.ADMIN)):
            return response
        if not request.user.is_authenticated:
            return response
        if request.method == "POST" and _was_refused(request, response):
            return resume.other_account(request)
        if request.method == "POST" and response.status_code in {302, 303}:
            resume.sent(request)
        return response

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        if not resume.is_guarded(request):
            return None
        if request.path_info.startswith(_WAYS_IN):
            return None
        refusal = resume.refuse_entry(request)
        if refusal is None and request.user.is_authenticated and _is_work(request):
            sessions.renew(request)
        return refusal


def _is_work(request: HttpRequest) -> bool:
    """Whether a person did this: opened a page, saved or sent."""
    if request.path_info.startswith(_BY_ITSELF):
        return False
    return request.method == "POST" or resume.asks_for_a_page(request)


def _was_refused(request: HttpRequest, response: HttpResponse) -> bool:
    """Whether Wagtail refused permission, which it does with a redirect and a message."""
    if response.status_code != 302 or not resume.is_covered(request):
        return False
    if response["Location"] != reverse("wagtailadmin_home"):
        return False
    queued = getattr(messages.get_messages(request), "_queued_messages", [])
    if not any(message.level >= messages.ERROR for message in queued):
        return False
    queued.clear()
    return True
