"""Forms whose CSRF token is older than the session: signed in again elsewhere, or signed out."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from cms.accounts import resume, views


def answer(request: HttpRequest) -> HttpResponse | None:
    """A page that loses nothing; None where the form is none of capture, desk or sign-in."""
    is_in = request.user.is_authenticated
    if not request.path_info.startswith((resume.CAPTURE, resume.ADMIN, "/acceso/")):
        return None
    if not resume.asks_for_a_page(request):
        return HttpResponse(status=403 if is_in else 401)
    if request.path_info == reverse("account_login"):
        return views.already_in(request) if is_in else views.sign_in_again(request)
    if request.path_info == reverse("account_logout"):
        return redirect("account_logout" if is_in else "account_login")
    if not resume.is_covered(request):
        return None
    if not is_in:
        return resume.session_ended(request)
    if (refusal := resume.refuse_entry(request)) is not None:
        return refusal
    return resume.token_was_old(request)
