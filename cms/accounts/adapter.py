"""django-allauth as we use it: the institute makes the accounts, and nobody signs up."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from django.conf import settings
from django.contrib.auth import authenticate
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url

from cms.accounts import devices, second_factor
from cms.accounts.lockout import locked_out
from cms.accounts.models import User


class ClosedSignupAdapter(DefaultAccountAdapter):
    """Refuses to sign up, counts attempts, and leads staff to the admin and others to capture."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """The account with this name and password; `CountedAttempts` has counted the attempt.

        Raises: ImmediateHttpResponse (429) when there were too many.
        """
        user = authenticate(request, **credentials)
        stopped = getattr(request, "stopped", None)
        if stopped is not None:
            raise ImmediateHttpResponse(locked_out(request, stopped.until))
        attempt = request.attempt  # type: ignore[attr-defined]
        if user is None:
            attempt.was_wrong()
        else:
            attempt.was_right()
        return user

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        """Remember the device after signing in."""
        response: HttpResponse = super().post_login(request, user, **kwargs)
        devices.remember(request, response, user)
        return response

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """allauth's own messages would wait for the admin, which is another page."""

    def get_login_stages(self) -> list[str]:
        """allauth's, and no second factor where a machine of development turned it off."""
        stages: list[str] = super().get_login_stages()
        return stages if settings.CONOCELES_SECOND_FACTOR else []

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        return not second_factor.is_fresh(self.request)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        user = request.user
        is_staff = getattr(user, "is_institute_staff", False)
        return resolve_url("wagtailadmin_home" if is_staff else "capture:candidacies")
