"""The forms of second factors. django-allauth's views and stages use them (`MFA_FORMS`)."""

from typing import Any, cast

from allauth.core import context
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import AddWebAuthnForm, AuthenticateWebAuthnForm
from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cms.accounts import factors, second_factor, throttle
from cms.accounts.devices import known_device
from cms.accounts.factor_adapter import LONGEST_NAME
from cms.accounts.lockout import address_of
from cms.accounts.models import User

_EMPTY = {
    "required": gettext_lazy("Escribe el código."),
    "max_length": gettext_lazy("Un código tiene 6 u 8 números."),
}


def _request() -> HttpRequest:
    return cast(HttpRequest, context.request)


def count_attempt(user: User) -> throttle.Attempt:
    """Count an attempt at a code before looking at it. Raises: throttle.TooManyAttempts."""
    request = _request()
    return throttle.begin_code(
        user=user, address=address_of(request), known_device=known_device(request, user)
    )


class CodeForm(forms.Form):
    """A code of the application, or a recovery code."""

    code = forms.CharField(max_length=20, error_messages=_EMPTY)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.authenticator: Authenticator | None = None

    def clean_code(self) -> str:
        """Raises: throttle.TooManyAttempts."""
        code = str(self.cleaned_data["code"])
        attempt = count_attempt(self.user)
        self.authenticator = factors.accept_code(user=self.user, code=code)
        if self.authenticator is None:
            attempt.was_wrong()
            raise ValidationError(
                _("El código no es correcto o ya se usó. Espera el siguiente y escríbelo.")
            )
        attempt.was_right()
        return code

    def save(self) -> None:
        """Write down in the session that the factor was proved."""
        if self.authenticator is not None:
            passed(self.user, self.authenticator)


def passed(user: User, factor: Authenticator) -> None:
    """Write down that a factor was proved, in the session and in the factor."""
    factors.used(user=user, factor=factor)
    second_factor.write_down(_request(), user, second_factor.FACTOR, id=factor.pk, type=factor.type)


class KeyForm(AuthenticateWebAuthnForm):
    """What a passkey answered; allauth verifies it."""

    def save(self) -> None:
        passed(self.user, self.cleaned_data["credential"])


class ActivateCodesForm(forms.Form):
    """The first code of an application, which proves that it has the secret."""

    code = forms.CharField(max_length=20, error_messages=_EMPTY)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.secret = factors.pending_secret(_request())
        self.step = 0

    def clean_code(self) -> str:
        """Raises: throttle.TooManyAttempts."""
        code = str(self.cleaned_data["code"])
        attempt = count_attempt(self.user)
        step = factors.step_of(self.secret, code)
        if step is None:
            attempt.was_wrong()
            raise ValidationError(
                _(
                    "El código no es correcto. Revisa que la aplicación tenga esta clave y que la"
                    " hora de tu teléfono sea automática."
                )
            )
        attempt.was_right()
        self.step = step
        return code


class AddKeyForm(AddWebAuthnForm):
    """A new passkey with a name by which its owner recognises it."""

    name = forms.CharField(
        required=False,
        max_length=LONGEST_NAME,
        error_messages={
            "max_length": gettext_lazy("Un nombre tiene a lo más 60 caracteres."),
        },
    )
