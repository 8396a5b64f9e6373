"""The second step of signing in, and setting it up. Thin: `factors` knows the rules."""

from base64 import b64encode
from typing import Any, cast
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from allauth.mfa.adapter import get_adapter as get_mfa_adapter
from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import auth as webauthn
from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from cms import printing
from cms.accounts import factors, open_sessions, second_factor, throttle
from cms.accounts.factor_forms import ActivateCodesForm, AddKeyForm, CodeForm, KeyForm, passed
from cms.accounts.lockout import locked_out
from cms.accounts.models import SECOND_FACTORS, User

AFTER = "despues_del_segundo_paso"


class SecondStepView(AuthenticateView):
    """/acceso/segundo-paso/: after the password, a code or a passkey."""

    template_name = "mfa/authenticate.html"

    def get_webauthn_form_class(self) -> type[forms.Form]:
        return KeyForm

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return cast(HttpResponse, super().post(request, *args, **kwargs))
        except throttle.TooManyAttempts as stopped:
            return locked_out(request, stopped.until)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        user = self.stage.login.user
        return context | {"owner": user, **_ways_of(user)}


def _ways_of(user: User) -> dict[str, bool]:
    kinds = set(Authenticator.objects.filter(user=user).values_list("type", flat=True))
    kind = Authenticator.Type
    return {
        "has_codes": kind.TOTP in kinds,
        "has_keys": kind.WEBAUTHN in kinds,
        "has_recovery": kind.RECOVERY_CODES in kinds,
    }


def after(request: HttpRequest) -> str:
    """Where the page leads afterwards: `next` if it is ours, else where the account begins."""
    asked = request.POST.get("next", "") or request.GET.get("next", "")
    adapter = get_adapter(request)
    if asked and adapter.is_safe_url(asked):
        return str(asked)
    return str(adapter.get_login_redirect_url(request))


def prove_first(request: HttpRequest) -> HttpResponse:
    """Lead to the page that asks who is there, and from there back to this page."""
    back = urlencode({"next": request.get_full_path()})
    return redirect(f"{reverse('account_reauthenticate')}?{back}")


@never_cache
@login_required
@sensitive_post_parameters("password", "code")
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest) -> HttpResponse:
    """/acceso/segundo-paso/confirmar/: prove again who is there, with a factor if there is one."""
    user = cast(User, request.user)
    ways = _ways_of(user)
    asks_password = not (ways["has_codes"] or ways["has_keys"])
    form: forms.Form | None = None
    if request.method == "POST":
        try:
            form = _proof(request, user, asks_password=asks_password)
        except throttle.TooManyAttempts as stopped:
            return locked_out(request, stopped.until)
        if form.is_valid():
            return HttpResponseRedirect(after(request))
    context: dict[str, Any] = {
        **ways,
        "asks_password": asks_password,
        "owner": user,
        "form": form,
        "next": after(request),
    }
    if ways["has_keys"]:
        context["js_data"] = {"request_options": webauthn.begin_authentication(user)}
    return render(request, "account/reauthenticate.html", context)


class PasswordForm(forms.Form):
    """The password of the account that is signed in; the attempt is counted as in signing in."""

    password = forms.CharField(
        strip=False, error_messages={"required": _("Escribe tu contraseña.")}
    )

    def __init__(self, request: HttpRequest, user: User) -> None:
        super().__init__(request.POST)
        self.request, self.user = request, user

    def clean_password(self) -> str:
        password = str(self.cleaned_data["password"])
        adapter = get_adapter(self.request)
        if (
            adapter.authenticate(self.request, username=self.user.get_username(), password=password)
            is None
        ):
            raise forms.ValidationError(_("La contraseña no es correcta."))
        return password


def _proof(request: HttpRequest, user: User, *, asks_password: bool) -> forms.Form:
    """The form of the proof that was sent; a good one is written down in the session.

    Raises: throttle.TooManyAttempts, and ImmediateHttpResponse where it was a password.
    """
    if asks_password:
        form: forms.Form = PasswordForm(request, user)
        if form.is_valid():
            second_factor.write_down(request, user, second_factor.PASSWORD)
        return form
    form = (
        KeyForm(request.POST, user=user)
        if "credential" in request.POST
        else CodeForm(request.POST, user=user)
    )
    if form.is_valid():
        form.save()
    return form


@never_cache
@login_required
@require_http_methods(["GET", "HEAD"])
def choose(request: HttpRequest) -> HttpResponse:
    """/acceso/segundo-paso/activar/: which second factor to set up, and why one is needed."""
    user = cast(User, request.user)
    if user.has_second_factor and second_factor.holds_back(request, user):
        return prove_first_and_go_on(request)
    request.session[AFTER] = after(request)
    return render(request, "mfa/choose.html", {"must": second_factor.is_required_of(user)})


def prove_first_and_go_on(request: HttpRequest) -> HttpResponse:
    """A session that lacks its proof only: from the page that asks for it straight on."""
    back = urlencode({"next": after(request)})
    return redirect(f"{reverse('account_reauthenticate')}?{back}")


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def activate_codes(request: HttpRequest) -> HttpResponse:
    """/acceso/segundo-paso/activar/codigos/: the secret for the application, and its first code."""
    user = cast(User, request.user)
    if not second_factor.is_fresh(request):
        return prove_first(request)
    form = ActivateCodesForm(request.POST if request.method == "POST" else None, user=user)
    try:
        if form.is_valid():
            factors.set_up_codes(user=user, secret=form.secret, step=form.step)
            request.session.pop(factors.PENDING, None)
            return _was_set(request, user)
    except throttle.TooManyAttempts as stopped:
        return locked_out(request, stopped.until)
    except factors.FactorIsSet:
        return redirect("account_home")
    address = get_mfa_adapter().build_totp_url(user, form.secret)
    context = {
        "form": form,
        "secret": form.secret,
        "in_groups": [form.secret[at : at + 4] for at in range(0, len(form.secret), 4)],
        "address": address,
        "picture": f"data:image/svg+xml;base64,{b64encode(printing.qr(address)).decode()}",
    }
    return render(request, "mfa/totp/activate_form.html", context)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def add_key(request: HttpRequest) -> HttpResponse:
    """/acceso/segundo-paso/activar/llave/: a passkey of the telephone, the computer or a key."""
    user = cast(User, request.user)
    if not second_factor.is_fresh(request):
        return prove_first(request)
    form = AddKeyForm(request.POST if request.method == "POST" else None, user=user)
    if form.is_valid():
        factors.add_key(
            user=user,
            name=form.cleaned_data["name"],
            credential=form.cleaned_data["credential"],
        )
        return _was_set(request, user)
    context = {
        "form": form,
        "js_data": {"creation_options": webauthn.begin_registration(user, False)},
    }
    return render(request, "mfa/webauthn/add_form.html", context)


def _was_set(request: HttpRequest, user: User) -> HttpResponse:
    """The session that set a factor up has passed it; the others end. Recovery codes come next."""
    newest = Authenticator.objects.filter(user=user, type__in=SECOND_FACTORS).latest("pk")
    passed(user, newest)
    open_sessions.keep_only(request, user)
    return redirect("mfa_view_recovery_codes")


@never_cache
@login_required
@require_http_methods(["GET", "HEAD"])
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """/acceso/cuenta/respaldo/: the recovery codes, shown once."""
    user = cast(User, request.user)
    if not second_factor.is_fresh(request):
        return prove_first(request)
    codes = factors.show_recovery_codes(user=user) if request.method == "GET" else []
    context = {
        "codes": codes,
        "left": factors.recovery_codes_left(user),
        "after": request.session.get(AFTER) or resolve_url("account_home"),
    }
    return render(request, "mfa/recovery_codes/index.html", context)
