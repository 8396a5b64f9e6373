"""The pages where somebody confirms an e-mail. Thin: `new_email` knows the rules."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_GET, require_http_methods

from cms.accounts import links, new_email, throttle
from cms.accounts.lockout import address_of, locked_out
from cms.accounts.mailed_links import Arriving

ARRIVING = Arriving(
    kept_as="arrived_new_email",
    owner_of=new_email.owner_of,
    use="new_email_use",
    not_good="account/new_email_not_good.html",
)


@never_cache
@require_GET
@sensitive_variables("token")
def arrived(request: HttpRequest, token: str) -> HttpResponse:
    """/acceso/correo/<token>/: where the mail leads."""
    return ARRIVING.keep(request, token)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def use(request: HttpRequest) -> HttpResponse:
    """/acceso/correo/: ask first, since programs that read mail open links but press no button."""
    token = ARRIVING.token(request)
    try:
        if request.method != "POST":
            context = {"owner": new_email.owner_of(token)}
            return render(request, "account/new_email_use.html", context)
        throttle.count_opened_link(address=address_of(request))
        owner = new_email.confirm(token=token)
    except throttle.TooManyAttempts as stopped:
        return locked_out(request, stopped.until)
    except links.LinkNotGood:
        return ARRIVING.refused(request)
    request.session.pop(ARRIVING.kept_as, None)
    return render(request, "account/new_email_confirmed.html", {"owner": owner})
