"""The form with which a file is sent."""

from django import forms
from django.utils.translation import gettext_lazy as _

from cms.catalogs.models import Process
from cms.imports import own_profiles
from cms.imports.models import Kind
from cms.imports.uploads import LARGEST_UPLOAD, MEGABYTE, Wanted


class SheetForm(forms.Form):
    """The sheet of a spreadsheet that is to be read."""

    sheet = forms.CharField(required=False, max_length=255, strip=False)


class UploadForm(forms.Form):
    """A file, and how it is to be read."""

    process = forms.ModelChoiceField(
        Process.objects.order_by("-election_date", "name"),
        label=_("Proceso"),
        help_text=_(
            "Las candidaturas del archivo entran a este proceso. En público se ven cuando llega la"
            " fecha en que su cargo es visible."
        ),
    )
    kind = forms.ChoiceField(
        choices=Kind.choices,
        label=_("Qué trae"),
        widget=forms.RadioSelect,
        help_text=_(
            "El registro dice quién compite, por qué cargo y con quién. El archivo oficial trae"
            " además respuestas ya publicadas por un instituto."
        ),
    )
    file = forms.FileField(
        label=_("Archivo"),
        allow_empty_file=True,
        help_text=_(
            "CSV, XLSX, XLS u ODS, de hasta %(most)s MB. Se revisa y te dice qué cambiaría; nada"
            " cambia, ni en público ni aquí, hasta que alguien lo aplique."
        )
        % {"most": LARGEST_UPLOAD // MEGABYTE},
    )
    sheet = forms.CharField(
        label=_("Hoja"),
        required=False,
        max_length=255,
        help_text=_("Solo si el libro tiene varias hojas con datos: el nombre de la que se lee."),
    )
    profile = forms.ChoiceField(
        choices=own_profiles.choices,
        label=_("Formato"),
        required=False,
        help_text=_(
            "Solo de un archivo oficial. Si no sabes cuál es, deja el del encabezado. Los de tu"
            " Instituto se escriben en «Configuración › Formatos propios»."
        ),
    )
    publish = forms.BooleanField(
        label=_("Publicar las respuestas"),
        required=False,
        help_text=_(
            "Solo de un archivo oficial: sus respuestas se ven en público al aplicarlo. Sin marcar,"
            " esperan como «importado» y en público se ve solo el registro."
        ),
    )
    repair = forms.BooleanField(
        label=_("Reparar celdas mal codificadas"),
        required=False,
        help_text=_(
            "Corrige celdas como «MÃ¡s», que pasan a «Más», y lo dice en un aviso. Sin marcar, esas"
            " celdas son errores."
        ),
    )

    def wanted(self) -> Wanted:
        """How the file is to be read."""
        values = {name: value for name, value in self.cleaned_data.items() if name != "file"}
        chosen = values["profile"]
        own = own_profiles.content_of(chosen)
        values["profile"] = chosen.removeprefix(own_profiles.OWN)
        return Wanted(**values, own_profile=own)
