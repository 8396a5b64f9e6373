"""The forms with which a rehearsal is made and removed."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.widgets import AdminDateInput

from cms.demo.rehearsals import MOST_PEOPLE

# How far from today the election of a rehearsal may be.
BEFORE, AFTER = timedelta(days=366), timedelta(days=3 * 366)


def sunday_in_a_month() -> date:
    """The first Sunday from a month on."""
    day = timezone.localdate() + timedelta(days=30)
    return day + timedelta(days=(6 - day.weekday()) % 7)


class RehearsalForm(forms.Form):
    """When the election of a rehearsal is, and how many people stand in it."""

    election_date = forms.DateField(
        label=gettext_lazy("Jornada electoral del ensayo"),
        widget=AdminDateInput,
        initial=sunday_in_a_month,
        help_text=gettext_lazy(
            "Las demás fechas (campañas, veda, publicación y cierre) se mueven los mismos días,"
            " para que veas llegar cada una. Después se corrigen como las de cualquier proceso."
        ),
    )
    people = forms.IntegerField(
        label=gettext_lazy("Personas por elección"),
        min_value=1,
        max_value=MOST_PEOPLE,
        initial=4,
        help_text=gettext_lazy(
            "A lo más, cuántas personas ficticias compiten en cada elección, repartidas entre los"
            " actores políticos: primero propietarias, luego suplentes."
        ),
    )

    def clean_election_date(self) -> date:
        """Refuse a day so far away that nobody would see it come."""
        day: date = self.cleaned_data["election_date"]
        today = timezone.localdate()
        if not today - BEFORE <= day <= today + AFTER:
            raise ValidationError(
                _("Escribe un día entre el %(first)s y el %(last)s.")
                % {
                    "first": (today - BEFORE).strftime("%d/%m/%Y"),
                    "last": (today + AFTER).strftime("%d/%m/%Y"),
                }
            )
        return day


class RemovalForm(forms.Form):
    """The name of the rehearsal, typed by whoever removes it."""

    name = forms.CharField(
        label=gettext_lazy("Escribe el nombre del ensayo para confirmar"), max_length=200
    )

    def refuse(self, why: Any) -> None:
        """Say beside the name why it is not removed."""
        self.add_error("name", str(why))
