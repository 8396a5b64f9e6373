"""A forgotten password. Thin: `password_links` knows the rules."""

from django import forms
from django.contrib.auth.password_validation import password_validators_help_texts
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_GET, require_http_methods

from cms.accounts import links, password_links, throttle
from cms.accounts.lockout import address_of, locked_out
from cms.accounts.mailed_links import Arriving, Asking


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


ASKING = Asking(
    form=AskForm,
    field="typed",
    ask_for=lambda typed, address: password_links.ask_for_link(typed=typed, address=address),
    page="account/password_ask.html",
    asked="account/password_asked.html",
)
ARRIVING = Arriving(
    kept_as="arrived_password_link",
    owner_of=password_links.owner_of,
    use="password_link_use",
    not_good="account/password_link_not_good.html",
)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """/acceso/contrasena/: ask for a link."""
    return ASKING.answer(request)


@never_cache
@require_GET
@sensitive_variables("token")
def arrived(request: HttpRequest, token: str) -> HttpResponse:
    """/acceso/contrasena/<token>/: where the mail leads."""
    return ARRIVING.keep(request, token)


@never_cache
@sensitive_post_parameters("password1", "password2")
@require_http_methods(["GET", "HEAD", "POST"])
def use(request: HttpRequest) -> HttpResponse:
    """/acceso/contrasena/nueva/: choose another password. Only choosing uses the link up."""
    token = ARRIVING.token(request)
    form = NewPasswordForm(request.POST if request.method == "POST" else None)
    try:
        owner = password_links.owner_of(token)
        if form.is_valid():
            throttle.count_opened_link(address=address_of(request))
            password_links.choose_password(token=token, password=form.cleaned_data["password1"])
            request.session.pop(ARRIVING.kept_as, None)
            return render(request, "account/password_chosen.html", {"owner": owner})
    except throttle.TooManyAttempts as stopped:
        return locked_out(request, stopped.until)
    except links.LinkNotGood:
        return ARRIVING.refused(request)
    except ValidationError as refused:
        form.add_error("password1", refused)
    context = {"form": form, "owner": owner, "rules": password_validators_help_texts()}
    return render(request, "account/password_use.html", context)
