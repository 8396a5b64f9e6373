"""Accounts are delivered by the institute; nobody registers by themselves."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.shortcuts import resolve_url


class ClosedSignupAdapter(DefaultAccountAdapter):
    """No sign-up; after signing in, staff go to the admin and liaisons to capture."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        user = request.user
        is_staff = getattr(user, "is_institute_staff", False)
        return resolve_url("wagtailadmin_home" if is_staff else "capture:candidacies")
