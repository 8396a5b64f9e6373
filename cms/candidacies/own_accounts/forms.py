"""The forms of the screens of accounts."""

import uuid
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cms.candidacies.own_accounts.selectors import AccountState
from cms.catalogs.models import Contest, PoliticalActor, Process, Territory
from cms.catalogs.spanish import identity


class AccountFilter(forms.Form):
    """What a list of accounts shows: by state, actor, place, name, and who has no e-mail."""

    estado = forms.ChoiceField(label=_("Estado"), required=False)
    actor = forms.ModelChoiceField(
        PoliticalActor.objects.none(),
        label=_("Actor político"),
        required=False,
        empty_label=_("Todos"),
    )
    lugar = forms.ModelChoiceField(
        Territory.objects.none(), label=_("Lugar"), required=False, empty_label=_("Todos")
    )
    nombre = forms.CharField(label=_("Nombre"), required=False, max_length=100)
    sin_correo = forms.BooleanField(label=_("Sin correo"), required=False)

    def __init__(self, *args: Any, process: Process, of_liaisons: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.of_liaisons = of_liaisons
        states = [one for one in AccountState.choices if not of_liaisons or one[0] != "sin_cuenta"]
        self.fields["estado"].choices = [("", _("Todos")), *states]  # type: ignore[attr-defined]
        actors: Any = self.fields["actor"]
        actors.queryset = process.actors.order_by("ballot_order", "pk")
        if of_liaisons:
            del self.fields["lugar"]
        else:
            places: Any = self.fields["lugar"]
            here = Contest.objects.filter(process_office__process=process)
            places.queryset = Territory.objects.filter(pk__in=here.values("territory")).order_by(
                "sort_key"
            )

    def apply(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Those of the rows that are asked for; all of them if the form is not valid."""
        if not self.is_valid():
            return rows
        asked = self.cleaned_data
        if asked["estado"]:
            rows = rows.filter(account_state=asked["estado"])
        if asked.get("lugar"):
            rows = rows.filter(territory=asked["lugar"])
        if asked["actor"]:
            name = "scopes__actor" if self.of_liaisons else "actor"
            rows = rows.filter(**{name: asked["actor"]})
        if asked["sin_correo"]:
            rows = rows.filter(**{"email" if self.of_liaisons else "person__email": ""})
        return self._named(rows, asked["nombre"])

    def _named(self, rows: QuerySet[Any], typed: str) -> QuerySet[Any]:
        for word in identity(typed).split():
            if self.of_liaisons:
                rows = rows.filter(first_name__icontains=word)
            else:
                rows = rows.filter(folded_name__contains=word)
        return rows


class ActionForm(forms.Form):
    """Which accounts, and the token of this very page: a button pressed twice acts once."""

    once = forms.UUIDField(widget=forms.HiddenInput)
    cuenta = forms.TypedMultipleChoiceField(coerce=int, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The service looks up which of them are of the process.
        sent = self.data.getlist("cuenta") if isinstance(self.data, QueryDict) else []
        numbers = [one for one in sent if one.isascii() and one.isdecimal() and len(one) < 18]
        self.fields["cuenta"].choices = [(one, one) for one in numbers]  # type: ignore[attr-defined]


class DeliveryForm(forms.Form):
    """Who received, and on which day."""

    on = forms.DateField(
        label=_("Día de la entrega"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": _("Escribe el día en que se entregó."),
            "invalid": _("Escribe un día que exista, como 03/05/2027."),
        },
    )
    received_by = forms.CharField(
        label=_("Quién la recibió"),
        max_length=200,
        help_text=_("Nombre de la persona. Si es otra que la candidatura, di también su cargo."),
        error_messages={
            "required": _("Escribe quién la recibió."),
            "max_length": _("Caben 200 caracteres."),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"on": timezone.localdate()})
        super().__init__(*args, **kwargs)


class LiaisonsForm(forms.Form):
    """A table of liaisons, a row each; one row is a table too."""

    table = forms.CharField(
        label=_("Personas"),
        strip=False,
        max_length=200_000,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
        help_text=_(
            "Un renglón por persona, con tres columnas: siglas del actor político, nombre y correo."
            " Pégalas de una hoja de cálculo, o sepáralas con punto y coma."
        ),
        error_messages={
            "required": _("Pega al menos un renglón."),
            "max_length": _("Es demasiado largo: pégalo en partes."),
        },
    )


def new_once() -> uuid.UUID:
    """The token of a page."""
    return uuid.uuid4()
