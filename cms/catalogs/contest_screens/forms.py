"""The forms of these screens, but for that of the seats, which is a table."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cms.catalogs.models import ActorKind, Office, PoliticalActor, Process
from cms.catalogs.process_forms import silence_proposed

LARGEST_TABLE = 200_000


class OfficesForm(forms.Form):
    """Offices of the catalogue that a process does not elect yet."""

    offices = forms.ModelMultipleChoiceField(
        Office.objects.none(),
        label=gettext_lazy("Cargos que se eligen"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Marca al menos un cargo.")},
        help_text=gettext_lazy(
            "Cada uno tendrá sus elecciones y sus fechas. En público no se ve nada de un cargo"
            " mientras no llegue la fecha en que es visible."
        ),
    )
    with_silence = forms.BooleanField(
        label=gettext_lazy("Ponerles la veda que propone la ley"), required=False, initial=True
    )

    def __init__(self, *args: Any, process: Process, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        there = process.offices.values("office")
        fields["offices"].queryset = Office.objects.exclude(pk__in=there)
        if process.election_date is None:
            del fields["with_silence"]
        else:
            fields["with_silence"].help_text = silence_proposed(process.election_date)


class DistrictsForm(forms.Form):
    """A table of districts, pasted or in a file; what a file holds is shown to be mended."""

    file = forms.FileField(
        label=gettext_lazy("Archivo CSV"),
        required=False,
        allow_empty_file=True,
        help_text=gettext_lazy(
            "Si lo eliges, se lee en lugar de la tabla de abajo. De Excel, mejor copia las celdas"
            " y pégalas."
        ),
    )
    table = forms.CharField(
        label=gettext_lazy("Tabla de distritos"),
        required=False,
        strip=False,
        max_length=LARGEST_TABLE,
        widget=forms.Textarea(attrs={"rows": 16, "spellcheck": "false"}),
        help_text=gettext_lazy(
            "Un distrito por renglón: su número, su cabecera y sus municipios, por nombre o por"
            " clave del INEGI, separados por comas. Así la gente encuentra su distrito desde su"
            " municipio. La cabecera y los municipios pueden faltar."
        ),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file is not None and file.size > LARGEST_TABLE:
            said = _("El archivo pesa más de %(most)s kB: no es una tabla de distritos.")
            raise forms.ValidationError(said % {"most": LARGEST_TABLE // 1000})
        return file


class ActorsForm(forms.Form):
    """Which actors of another process are copied."""

    keys = forms.MultipleChoiceField(
        label=gettext_lazy("Actores que se copian"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Marca al menos uno.")},
    )

    def __init__(self, *args: Any, source: Process, target: Process, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        there = set(target.actors.values_list("key", flat=True))
        offered = [actor for actor in source.actors.all() if actor.key not in there]
        self.is_empty = not offered
        keys: Any = self.fields["keys"]
        keys.choices = [(actor.key, _in_words(actor)) for actor in offered]
        # An independent candidacy is somebody's own: it seldom comes again.
        again = [one.key for one in offered if one.kind != ActorKind.INDEPENDENT]
        keys.initial = again


def _in_words(actor: PoliticalActor) -> str:
    """«Alianza Ciudadana (coalición: PRI, PRD, UDC)»."""
    kind = actor.get_kind_display()
    members = f": {', '.join(actor.members)}" if actor.members else ""
    return f"{actor.name} ({kind}{members})"
