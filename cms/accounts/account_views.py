"""/acceso/cuenta/: what everybody keeps of their own account. Thin: the services know the rules.

The middleware lets nobody in who has not passed the second factor where they must. Every change
asks for a proof that is fresh.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django import forms
from django.contrib.auth.decorators import login_required
from django.contrib.auth.password_validation import password_validators_help_texts
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from cms.accounts import factors, new_email, open_sessions, second_factor, services, throttle
from cms.accounts.factor_views import prove_first
from cms.accounts.lockout import locked_out
from cms.accounts.models import User
from cms.accounts.password_views import NewPasswordForm
from cms.notifications.mail import mail_is_sent

DONE = "hecho_en_mi_cuenta"
View = Callable[..., HttpResponse]
# What the page says after a change.
_SAID = {
    "contrasena": _("Cambiaste tu contraseña. Tus otras sesiones terminaron."),
    "correo": _("Tu correo quedó guardado."),
    "por_confirmar": _(
        "Enviamos un enlace a ese correo, que vale 30 minutos. Ábrelo para confirmar que es tuyo;"
        " mientras no lo abras, nada cambia."
    ),
    "sesion": _("Terminaste esa sesión."),
    "sesiones": _("Terminaste tus otras sesiones."),
    "factor": _("Quitaste ese segundo paso. Tus otras sesiones terminaron."),
}


class EmailForm(forms.Form):
    """The address to which links and notices go."""

    email = forms.EmailField(
        max_length=254,
        error_messages={
            "required": _("Escribe tu correo."),
            "invalid": _("Escribe el correo completo, como nombre@ejemplo.mx."),
            "max_length": _("Un correo tiene a lo más 254 caracteres."),
        },
    )


def _own(*methods: str, afresh: bool = False) -> Callable[[View], View]:
    """A view of one's own account; `afresh` asks before for a proof that is fresh."""

    def decorate(view: View) -> View:
        @wraps(view)
        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if afresh and not second_factor.is_fresh(request):
                return prove_first(request)
            return view(request, *args, **kwargs)

        return cast(View, never_cache(login_required(require_http_methods(list(methods))(answer))))

    return decorate


@_own("GET", "HEAD")
def home(request: HttpRequest) -> HttpResponse:
    """Password, e-mail, second factors and sessions."""
    user = cast(User, request.user)
    own_factors = factors.factors_of(user)
    context = {
        "factors": own_factors,
        "has_codes": any(not factor.is_key for factor in own_factors),
        "codes_left": factors.recovery_codes_left(user) if own_factors else 0,
        "must_have_one": second_factor.is_required_of(user),
        "sessions": open_sessions.sessions_of(request),
        "said": _SAID.get(request.session.pop(DONE, "")) if DONE in request.session else None,
    }
    return render(request, "account/home.html", context)


def _done(request: HttpRequest, what: str) -> HttpResponse:
    request.session[DONE] = what
    return redirect("account_home")


@sensitive_post_parameters("password1", "password2")
@_own("GET", "HEAD", "POST", afresh=True)
def password(request: HttpRequest) -> HttpResponse:
    """Another password; only this session lives on."""
    user = cast(User, request.user)
    form = NewPasswordForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            with transaction.atomic():
                services.change_own_password(user=user, password=form.cleaned_data["password1"])
                open_sessions.keep_only(request, user)
            return _done(request, "contrasena")
        except ValidationError as refused:
            form.add_error("password1", refused)
    context = {"form": form, "rules": password_validators_help_texts()}
    return render(request, "account/password_change.html", context)


@_own("GET", "HEAD", "POST", afresh=True)
def email(request: HttpRequest) -> HttpResponse:
    """Another e-mail, which counts once its owner confirms it there."""
    user = cast(User, request.user)
    form = EmailForm(
        request.POST if request.method == "POST" else None, initial={"email": user.email}
    )
    if form.is_valid():
        try:
            waits = new_email.ask_for_another(user=user, email=form.cleaned_data["email"])
        except throttle.TooManyAttempts as stopped:
            return locked_out(request, stopped.until)
        return _done(request, "por_confirmar" if waits else "correo")
    context = {"form": form, "mail_is_sent": mail_is_sent()}
    return render(request, "account/email.html", context)


@_own("POST")
def end_session(request: HttpRequest, place_id: int) -> HttpResponse:
    """End a session of one's own."""
    if not open_sessions.end_session(user=cast(User, request.user), session_id=place_id):
        raise Http404
    if not request.session.exists(request.session.session_key or ""):
        request.session.flush()
        return redirect("account_login")
    return _done(request, "sesion")


@_own("POST")
def end_others(request: HttpRequest) -> HttpResponse:
    """End all sessions but this."""
    open_sessions.end_others(request, cast(User, request.user))
    return _done(request, "sesiones")


@_own("GET", "HEAD", "POST", afresh=True)
def remove_factor(request: HttpRequest, factor_id: int) -> HttpResponse:
    """Take a second factor of one's own away, after asking."""
    user = cast(User, request.user)
    found = {factor.pk: factor for factor in factors.factors_of(user)}
    if factor_id not in found:
        raise Http404
    context = {
        "factor": found[factor_id],
        "is_last": len(found) == 1,
        "must_have_one": second_factor.is_required_of(user),
    }
    if request.method != "POST":
        return render(request, "mfa/remove.html", context)
    with transaction.atomic():
        factors.remove_factor(user=user, factor_id=factor_id)
        if not user.has_second_factor:
            second_factor.forget(request)
        open_sessions.keep_only(request, user)
    return _done(request, "factor")


@_own("GET", "HEAD", "POST", afresh=True)
def make_recovery_codes(request: HttpRequest) -> HttpResponse:
    """Other recovery codes, after asking."""
    user = cast(User, request.user)
    if not user.has_second_factor:
        return redirect("account_home")
    if request.method == "POST":
        factors.make_recovery_codes(user=user)
        return redirect("mfa_view_recovery_codes")
    context = {"left": factors.recovery_codes_left(user)}
    return render(request, "mfa/recovery_codes/generate.html", context)
