"""Forms whose CSRF token is older than the session, as after signing out or in elsewhere."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from cms.accounts import link_views, password_views, resume, views

_OURS = (resume.CAPTURE, resume.ADMIN, "/acceso/")


def answer(request: HttpRequest) -> HttpResponse | None:
    """A page that keeps what was typed; None for forms outside capture, admin and signing in."""
    if not request.path_info.startswith(_OURS):
        return None
    if not resume.asks_for_a_page(request):
        return HttpResponse(status=403 if request.user.is_authenticated else 401)
    if resume.is_covered(request):
        refusal = resume.refuse_entry(request)
        return resume.token_was_old(request) if refusal is None else refusal
    return _at_the_entrance(request)


def _at_the_entrance(request: HttpRequest) -> HttpResponse | None:
    """The forms of signing in and out: show them again with a fresh token, or go on without."""
    is_in = request.user.is_authenticated
    if request.path_info == reverse("account_login"):
        return views.already_in(request) if is_in else views.sign_in_again(request)
    if request.path_info == reverse("account_logout"):
        return redirect("account_logout" if is_in else "account_login")
    if request.path_info == reverse("account_link_ask"):
        return link_views.ASKING.again(request)
    if request.path_info == reverse("password_link_ask"):
        return password_views.ASKING.again(request)
    for mailed in ("password_link_use", "new_email_use", "account_link_use"):
        if request.path_info == reverse(mailed):
            return redirect(mailed)
    if request.path_info.startswith((reverse("mfa_authenticate"), reverse("account_activation"))):
        # No code and no password is carried along: the form is shown anew, with a fresh token.
        return redirect(request.get_full_path())
    return None
