"""A forgotten password. Thin: `password_links` knows the rules."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import password_validators_help_texts
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_GET, require_http_methods

from cms.accounts import links, password_links, throttle
from cms.accounts.lockout import address_of, locked_out
from cms.notifications.mail import mail_is_sent

ARRIVED = "arrived_password_link"


class AskForm(forms.Form):
    """A name or an e-mail."""

    typed = forms.CharField(
        max_length=254,
        error_messages={
            "required": gettext_lazy("Escribe tu usuario o tu correo."),
            "max_length": gettext_lazy("Un correo tiene a lo más 254 caracteres."),
        },
    )


class NewPasswordForm(forms.Form):
    """A new password, typed twice."""

    password1 = forms.CharField(
        strip=False,
        max_length=4096,
        error_messages={"required": gettext_lazy("Escribe la contraseña nueva.")},
    )
    password2 = forms.CharField(
        strip=False,
        max_length=4096,
        error_messages={"required": gettext_lazy("Escribe la contraseña nueva otra vez.")},
    )

    def clean_password2(self) -> str:
        again = str(self.cleaned_data["password2"])
        if self.cleaned_data.get("password1") not in {None, again}:
            raise ValidationError(_("Las dos contraseñas no son iguales: escríbelas otra vez."))
        return again


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """/acceso/contrasena/: ask for a link; the answer is the same for every name."""
    form = AskForm(request.POST if request.method == "POST" else None)
    context: dict[str, Any] = {"form": form, "mail_is_sent": mail_is_sent()}
    if not (mail_is_sent() and form.is_valid()):
        return render(request, "account/password_ask.html", context)
    try:
        password_links.ask_for_link(typed=form.cleaned_data["typed"], address=address_of(request))
    except throttle.TooManyAttempts as stopped:
        return locked_out(request, stopped.until)
    minutes = int(links.LASTS.total_seconds() // 60)
    return render(request, "account/password_asked.html", {"minutes": minutes})


def ask_again(request: HttpRequest) -> HttpResponse:
    """The form was too old: show it again with a fresh token. No link was made."""
    form = AskForm(initial={"typed": request.POST.get("typed", "")[:254]})
    context = {"form": form, "mail_is_sent": mail_is_sent(), "is_old": True}
    return render(request, "account/password_ask.html", context, status=403)


@never_cache
@require_GET
@sensitive_variables("token")
def arrived(request: HttpRequest, token: str) -> HttpResponse:
    """Keep a good link in the session and leave its address, which a history would show."""
    try:
        password_links.owner_of(token)
    except links.LinkNotGood:
        return _not_good(request)
    request.session[ARRIVED] = token
    return redirect("password_link_use")


def _not_good(request: HttpRequest) -> HttpResponse:
    return render(request, "account/password_link_not_good.html", status=410)


@never_cache
@sensitive_post_parameters("password1", "password2")
@require_http_methods(["GET", "HEAD", "POST"])
def use(request: HttpRequest) -> HttpResponse:
    """/acceso/contrasena/nueva/: choose another password. Only choosing uses the link up."""
    token = request.session.get(ARRIVED, "")
    form = NewPasswordForm(request.POST if request.method == "POST" else None)
    try:
        owner = password_links.owner_of(token)
        if form.is_valid():
            throttle.count_opened_link(address=address_of(request))
            password_links.choose_password(token=token, password=form.cleaned_data["password1"])
            request.session.pop(ARRIVED, None)
            return render(request, "account/password_chosen.html", {"owner": owner})
    except throttle.TooManyAttempts as stopped:
        return locked_out(request, stopped.until)
    except links.LinkNotGood:
        return _not_good(request)
    except ValidationError as refused:
        form.add_error("password1", refused)
    context = {"form": form, "owner": owner, "rules": password_validators_help_texts()}
    return render(request, "account/password_use.html", context)
