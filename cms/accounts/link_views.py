"""Signing in with a link by mail. Thin: `links` knows the rules."""

from allauth.account.utils import perform_login
from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_GET, require_http_methods

from cms.accounts import links, second_factor, throttle
from cms.accounts.lockout import address_of, locked_out
from cms.accounts.mailed_links import Arriving, Asking


class AskForm(forms.Form):
    login = forms.CharField(
        label=_("Usuario"),
        max_length=150,
        error_messages={
            "required": _("Escribe tu usuario."),
            "max_length": _("Un usuario tiene a lo más 150 caracteres."),
        },
    )


ASKING = Asking(
    form=AskForm,
    field="login",
    ask_for=lambda typed, address: links.ask_for_link(name=typed, address=address),
    page="account/link_ask.html",
    asked="account/link_asked.html",
)
ARRIVING = Arriving(
    kept_as="arrived_link",
    owner_of=links.owner_of,
    use="account_link_use",
    not_good="account/link_not_good.html",
)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """/acceso/enlace/: ask for a link."""
    return ASKING.answer(request)


@never_cache
@require_GET
@sensitive_variables("token")
def arrived(request: HttpRequest, token: str) -> HttpResponse:
    """/acceso/enlace/<token>/: where the mail leads."""
    return ARRIVING.keep(request, token)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def use(request: HttpRequest) -> HttpResponse:
    """Ask before the link is used up: programs that read mail open links but press no button."""
    token = ARRIVING.token(request)
    try:
        if request.method != "POST":
            return render(request, "account/link_use.html", {"owner": links.owner_of(token)})
        throttle.count_opened_link(address=address_of(request))
        user = links.use(token)
    except throttle.TooManyAttempts as stopped:
        return locked_out(request, stopped.until)
    except links.LinkNotGood:
        return ARRIVING.refused(request)
    second_factor.write_down(request, user, second_factor.LINK)
    response: HttpResponse = perform_login(request, user, email_verification="none")
    request.session.pop(ARRIVING.kept_as, None)
    request.session.set_expiry(0)
    return response
