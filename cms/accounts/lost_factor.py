"""/admin/segundo-paso/: an administrator takes the second factor of somebody who lost it away."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from cms.accounts import factors, throttle
from cms.accounts.models import User
from cms.accounts.permissions import require_administration


class TakeFactorsForm(forms.Form):
    """Whose, why, and how their identity was checked."""

    username = forms.CharField(
        label=gettext_lazy("Cuenta"),
        max_length=150,
        help_text=gettext_lazy("El usuario con el que entra."),
        error_messages={"required": gettext_lazy("Escribe el usuario de la cuenta.")},
    )
    reason = forms.ChoiceField(
        label=gettext_lazy("Por qué"),
        choices=factors.Reason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Elige por qué se quita.")},
    )
    checked = forms.ChoiceField(
        label=gettext_lazy("Cómo comprobaste quién lo pide"),
        choices=factors.Check.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Elige cómo comprobaste su identidad.")},
    )

    def clean_username(self) -> User:
        user = throttle.account_named(self.cleaned_data["username"].strip())
        if user is None:
            raise forms.ValidationError(
                _("No hay una cuenta con ese usuario. Revisa cómo se escribe.")
            )
        if not user.has_second_factor:
            raise forms.ValidationError(
                _("Esa cuenta no tiene segundo paso: puede entrar con su contraseña y activarlo.")
            )
        return user


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def take(request: HttpRequest) -> HttpResponse:
    """Ask whose and why, and take the factors away."""
    require_administration(request.user)
    initial = {"username": request.GET.get("usuario", "")[:150]}
    form = TakeFactorsForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid() and _was_taken(request, form):
        return redirect("audit:index")
    return render(request, "accounts/take_factors.html", {"form": form})


def _was_taken(request: HttpRequest, form: forms.Form) -> bool:
    given: dict[str, Any] = form.cleaned_data
    try:
        factors.remove_all_factors(
            user=given["username"],
            by=request.user,
            because=factors.Reason(given["reason"]),
            checked=factors.Check(given["checked"]),
        )
    except factors.NotOnOneself as refused:
        form.add_error("username", str(refused))
        return False
    told = _("Quitaste el segundo paso de «{name}». La próxima vez que entre activará otro.")
    messages.success(request, told.format(name=given["username"].username))
    return True
