"""The form of an account: its role and, for a liaison, the actors that it captures for."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.users.forms import UserCreationForm, UserEditForm

from cms.accounts import services
from cms.accounts.models import Role
from cms.catalogs.models import PoliticalActor
from cms.notifications.mail import mail_is_sent


class _ActorChoice(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, actor: Any) -> str:
        return f"{actor.name} ({actor.process.name})"


_HELP = {
    "email": _(
        "Con él pide un enlace si olvida su contraseña, y le llega lo observado. No se publica."
    ),
    "first_name": _("Para reconocer la cuenta en sus listas. En público no se ve."),
    "last_name": _("Para reconocer la cuenta en sus listas. En público no se ve."),
}


class _Account(forms.Form):
    """Adds role and actors to Wagtail's forms. The role gives the group; it makes no superuser."""

    role = forms.ChoiceField(
        label=_("Función"),
        choices=[choice for choice in Role.choices if choice[0] != Role.CANDIDATE],
        widget=forms.RadioSelect,
        help_text=_("Dice qué puede hacer la cuenta."),
        error_messages={"required": _("Elige la función de la cuenta.")},
    )
    actors = _ActorChoice(
        label=_("Actores políticos"),
        queryset=PoliticalActor.objects.select_related("process").order_by(
            "-process", "ballot_order", "key"
        ),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Solo para enlaces: captura las candidaturas de estos actores."),
    )

    def arrange(self) -> None:
        """Begin with the account's role and actors; remove the fields that follow from the role."""
        for name in ("groups", "is_superuser"):
            self.fields.pop(name, None)
        for name, said in _HELP.items():
            self.fields[name].required = False
            self.fields[name].help_text = said
        self.order_fields(["username", "role", "actors"])
        if self.instance.pk is not None:  # type: ignore[attr-defined]
            user = self.instance  # type: ignore[attr-defined]
            self.initial["role"] = user.role
            if user.role == Role.CANDIDATE:
                self.fields["role"].choices = [  # type: ignore[attr-defined]
                    (Role.CANDIDATE.value, Role.CANDIDATE.label)
                ]
            self.initial["actors"] = list(user.scopes.values_list("actor", flat=True))

    def clean(self) -> dict[str, Any]:
        """A liaison needs actors, and no other role has any."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        is_liaison = cleaned.get("role") == Role.LIAISON
        if is_liaison and not cleaned.get("actors"):
            self.add_error("actors", _("Elige al menos un actor político para este enlace."))
        if cleaned.get("role") and not is_liaison and cleaned.get("actors"):
            self.add_error("actors", _("Solo un enlace captura: quita los actores."))
        return cleaned

    def save(self, commit: bool = True) -> Any:
        """Save the account with its role, group and scopes."""
        user = super().save(commit)  # type: ignore[misc]
        services.set_role(
            user=user, role=self.cleaned_data["role"], actors=self.cleaned_data["actors"]
        )
        return user


def _require_reachable(form: forms.Form, cleaned: dict[str, Any], field: str) -> None:
    """Mark what keeps the link of an account from arriving."""
    if not mail_is_sent():
        form.add_error(field, _("Este sitio no envía correos: escribe tú una contraseña."))
    elif not cleaned.get("email"):
        form.add_error("email", _("Escribe su correo: ahí le llega el enlace con el que entra."))


class AccountCreationForm(_Account, UserCreationForm):
    """Without a password its owner chooses one, with a link by mail."""

    password_required = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.arrange()
        self.fields["password1"].help_text = _(
            "Déjala vacía: a su correo le llega un enlace para elegir una que nadie más conoce."
        )

    def clean(self) -> dict[str, Any]:
        """An account without a password needs a way for its link to arrive."""
        cleaned = super().clean()
        if not (cleaned.get("password1") or cleaned.get("password2") or self.errors.get("email")):
            _require_reachable(self, cleaned, "password1")
        return cleaned

    def save(self, commit: bool = True) -> Any:
        """Save the account; nobody enters without a password."""
        self.instance.set_unusable_password()
        return super().save(commit)


class AccountEditForm(_Account, UserEditForm):
    """An account that its owner has not activated may be sent another link."""

    invite = forms.BooleanField(
        label=_("Enviarle otro enlace para elegir su contraseña"),
        required=False,
        help_text=_("Todavía no la elige. El enlace anterior deja de servir."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.arrange()
        # Those of candidacies and their receipts have a screen of their own.
        if self.instance.has_usable_password() or self.instance.role == Role.CANDIDATE:
            del self.fields["invite"]

    def clean(self) -> dict[str, Any]:
        """A link goes to an account with an e-mail, instead of a password that somebody typed."""
        cleaned = super().clean()
        if cleaned.get("invite"):
            if cleaned.get("password1"):
                self.add_error("invite", _("Envía el enlace o escribe la contraseña, no ambas."))
            _require_reachable(self, cleaned, "invite")
        return cleaned
