"""Signing in with a link by mail. Thin: `links` knows the rules."""

from allauth.account.utils import perform_login
from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_GET, require_http_methods

from cms.accounts import links, second_factor, throttle
from cms.accounts.lockout import address_of, locked_out
from cms.notifications.mail import mail_is_sent

ARRIVED = "arrived_link"


class AskForm(forms.Form):
    login = forms.CharField(
        label=_("Usuario"),
        max_length=150,
        error_messages={
            "required": _("Escribe tu usuario."),
            "max_length": _("Un usuario tiene a lo más 150 caracteres."),
        },
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for a link; the answer is the same for every name."""
    form = AskForm(request.POST if request.method == "POST" else None)
    context = {"form": form, "mail_is_sent": mail_is_sent()}
    if not (mail_is_sent() and form.is_valid()):
        return render(request, "account/link_ask.html", context)
    try:
        links.ask_for_link(name=form.cleaned_data["login"], address=address_of(request))
    except throttle.TooManyAttempts as stopped:
        return locked_out(request, stopped.until)
    minutes = int(links.LASTS.total_seconds() // 60)
    return render(request, "account/link_asked.html", {"minutes": minutes})


def ask_again(request: HttpRequest) -> HttpResponse:
    """The form was too old: show it again with a fresh token. No link was made."""
    form = AskForm(initial={"login": request.POST.get("login", "")[:150]})
    context = {"form": form, "mail_is_sent": mail_is_sent(), "is_old": True}
    return render(request, "account/link_ask.html", context, status=403)


@never_cache
@require_GET
@sensitive_variables("token")
def arrived(request: HttpRequest, token: str) -> HttpResponse:
    """Keep a good link in the session and leave its address, which a history would show.

    A link that is not good gets no session, so that inventing links makes no rows.
    """
    try:
        links.owner_of(token)
    except links.LinkNotGood:
        return _not_good(request)
    request.session[ARRIVED] = token
    return redirect("account_link_use")


def _not_good(request: HttpRequest) -> HttpResponse:
    return render(request, "account/link_not_good.html", status=410)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def use(request: HttpRequest) -> HttpResponse:
    """Ask before the link is used up: programs that read mail open links but press no button."""
    token = request.session.get(ARRIVED, "")
    try:
        if request.method != "POST":
            return render(request, "account/link_use.html", {"owner": links.owner_of(token)})
        throttle.count_opened_link(address=address_of(request))
        user = links.use(token)
    except throttle.TooManyAttempts as stopped:
        return locked_out(request, stopped.until)
    except links.LinkNotGood:
        return _not_good(request)
    second_factor.write_down(request, user, second_factor.LINK)
    response: HttpResponse = perform_login(request, user, email_verification="none")
    request.session.pop(ARRIVED, None)
    request.session.set_expiry(0)
    return response
