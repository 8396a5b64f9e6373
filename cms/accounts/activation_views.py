"""The pages with which the owner of an account activates it. Thin: `activation` knows the rules."""

from allauth.account.utils import perform_login
from django import forms
from django.contrib.auth import logout
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_GET, require_http_methods

from cms.accounts import activation, throttle
from cms.accounts.activation_models import ActivationLink, LinkState
from cms.accounts.lockout import address_of, locked_out
from cms.accounts.models import User

ARRIVED = "arrived_activation"


class CodeForm(forms.Form):
    """The code of a printed sheet, in capitals or not, with or without its hyphens."""

    code = forms.CharField(
        max_length=60,
        error_messages={
            "required": gettext_lazy("Escribe la clave de tu hoja."),
            "max_length": gettext_lazy("La clave tiene 20 letras y números. Revísala."),
        },
    )


class PasswordForm(forms.Form):
    """A password, twice. What was typed is never shown again."""

    password = forms.CharField(
        strip=False,
        max_length=200,
        error_messages={
            "required": gettext_lazy("Escribe la contraseña que vas a usar."),
            "max_length": gettext_lazy("Una contraseña tiene a lo más 200 caracteres."),
        },
    )
    again = forms.CharField(
        strip=False,
        max_length=200,
        error_messages={
            "required": gettext_lazy("Escribe otra vez la misma contraseña."),
            "max_length": gettext_lazy("Una contraseña tiene a lo más 200 caracteres."),
        },
    )

    def clean_again(self) -> str:
        again: str = self.cleaned_data["again"]
        if again != self.cleaned_data.get("password", again):
            raise ValidationError(
                _("Las dos contraseñas no son iguales. Escríbelas otra vez, las dos.")
            )
        return again


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("code")
@sensitive_variables("form")
def ask(request: HttpRequest) -> HttpResponse:
    """/acceso/activar/: type the code of a printed sheet."""
    form = CodeForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        status = 422 if form.is_bound else 200
        return render(request, "account/activation_code.html", {"form": form}, status=status)
    return _arrive(request, form.cleaned_data["code"], form)


@never_cache
@require_GET
@sensitive_variables("code")
def arrived(request: HttpRequest, code: str) -> HttpResponse:
    """/acceso/activar/<code>/: remember a good link and leave its address, which histories show."""
    return _arrive(request, code, None)


@sensitive_variables("code", "form")
def _arrive(request: HttpRequest, code: str, form: CodeForm | None) -> HttpResponse:
    """Lead on with a good code. One that is not ours is counted, and makes no session."""
    try:
        key = throttle.count_code(address=address_of(request))
    except throttle.TooManyAttempts as stopped:
        return locked_out(request, stopped.until)
    try:
        link = activation.link_of(code)
    except activation.LinkNotGood as bad:
        if bad.link is not None:
            throttle.code_was_right(key)
        elif form is not None:
            form.add_error(
                "code", _("Ninguna cuenta tiene esa clave. Compárala con la de tu hoja.")
            )
            return render(request, "account/activation_code.html", {"form": form}, status=422)
        return _not_good(request, bad)
    throttle.code_was_right(key)
    request.session[ARRIVED] = link.pk
    return redirect("account_activation_receive")


def _not_good(request: HttpRequest, bad: activation.LinkNotGood) -> HttpResponse:
    request.session.pop(ARRIVED, None)
    context = {"state": bad.state or "", "link": bad.link}
    return render(request, "account/activation_not_good.html", context, status=410)


def _link(request: HttpRequest) -> ActivationLink:
    """The link with which this browser came. Raises: LinkNotGood."""
    return activation.arrived(int(request.session.get(ARRIVED, 0)))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def receive(request: HttpRequest) -> HttpResponse:
    """/acceso/activar/recibir/: whom the account is for; POST says that it was received.

    It asks before anything begins: programs that read mail open links but press no button.
    """
    try:
        link = _link(request)
        if request.method == "POST":
            activation.receive(link_id=link.pk)
            return redirect("account_activation_choose")
    except activation.LinkNotGood as bad:
        return _not_good(request, bad)
    activation.note_opened(link)
    whom = activation.whom_of(link.user)
    if whom.is_closed:
        return _not_good(request, activation.LinkNotGood(LinkState.REVOKED, link))
    return render(request, "account/activation_receive.html", {"link": link, "whom": whom})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("password", "again")
@sensitive_variables("form")
def choose(request: HttpRequest) -> HttpResponse:
    """/acceso/activar/contrasena/: choose a password; then the account is signed in."""
    form = PasswordForm(request.POST if request.method == "POST" else None)
    try:
        link = _link(request)
        if link.received_at is None:
            return redirect("account_activation_receive")
        if form.is_valid():
            user = activation.activate(link_id=link.pk, password=form.cleaned_data["password"])
            return _sign_in(request, user)
    except activation.LinkNotGood as bad:
        return _not_good(request, bad)
    except ValidationError as wrong:
        form.add_error("password", wrong)
    context = {"link": link, "whom": activation.whom_of(link.user), "form": form}
    status = 422 if form.is_bound else 200
    return render(request, "account/activation_choose.html", context, status=status)


def _sign_in(request: HttpRequest, user: User) -> HttpResponse:
    """Sign the owner in, whoever was signed in in this browser before."""
    logout(request)
    response: HttpResponse = perform_login(request, user, email_verification="none")
    request.session.set_expiry(0)
    return response
