"""Forms of processes and of their offices: what they propose, and what they refuse."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cms.catalogs import entities, services
from cms.catalogs.calendar import proposed_silence
from cms.catalogs.forms import CatalogForm
from cms.catalogs.models import Process
from cms.catalogs.spanish import fold

_DAY = r"j \d\e F \d\e Y"


class ProcessForm(CatalogForm):
    """A process: its entity is chosen by name, and its key is proposed where none is written."""

    entity_code = forms.ChoiceField(
        label=gettext_lazy("Entidad federativa"),
        required=False,
        choices=entities.choices,
        help_text=gettext_lazy(
            "De ella son el mapa, los municipios y los distritos que ve la gente. No se cambia"
            " cuando el proceso ya tiene elecciones en otra."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["slug"].required = False

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or self.cleaned_data
        same = self._of_the_same_name(cleaned)
        if same is not None:
            said = _("Ya hay un proceso con este nombre en esta entidad, con la clave «%(slug)s».")
            self.add_error("name", said % {"slug": same.slug})
        elif not cleaned.get("slug") and "slug" not in self.errors and cleaned.get("name"):
            cleaned["slug"] = self.instance.slug or services.free_process_slug(
                name=cleaned["name"],
                election_date=cleaned.get("election_date"),
                entity_code=cleaned.get("entity_code", ""),
            )
        return cleaned

    def _of_the_same_name(self, cleaned: Mapping[str, Any]) -> Process | None:
        """Another process that people could not tell from this one."""
        name, entity = cleaned.get("name"), cleaned.get("entity_code")
        if not name or entity is None or not {"name", "entity_code"} & set(self.changed_data):
            return None
        others = Process.objects.filter(entity_code=entity).exclude(pk=self.instance.pk)
        return next((one for one in others if fold(one.name) == fold(name)), None)


class ProcessOfficeForm(CatalogForm):
    """The dates of an office of a process; the silence that the law asks for is proposed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is not None:
            for name in ("process", "office"):
                self.fields[name].disabled = True
        election = self._election()
        if election is not None and not self.instance.frozen_from:
            self.fields["frozen_from"].help_text = silence_proposed(election)

    def _election(self) -> date | None:
        """The day of the election, as far as it is known before the form is sent."""
        process: Process | None
        if self.instance.pk is not None:
            process = self.instance.process
        else:
            process = Process.objects.filter(pk=self.initial.get("process") or 0).first()
        return process.election_date if process is not None else None


def silence_proposed(election: date) -> str:
    """The silence of an election as a proposal, in words."""
    begins, ends = map(timezone.localtime, proposed_silence(election))
    said = _(
        "Propuesta, según la jornada del %(election)s: desde las 0:00 h del %(begins)s hasta las"
        " 0:00 h del %(ends)s. Escribe otra si el Consejo acordó otra. Durante la veda no se"
        " publica texto nuevo; lo publicado sigue a la vista."
    )
    days = {"election": election, "begins": begins.date(), "ends": ends.date()}
    return said % {name: date_format(day, _DAY) for name, day in days.items()}


def initial_dates(process_pk: int) -> dict[str, Any]:
    """What the form of a new office of a process begins with; nothing if there is no process."""
    process = Process.objects.filter(pk=process_pk).first()
    if process is None:
        return {}
    found: dict[str, Any] = {"process": process.pk}
    if process.election_date:
        begins, ends = proposed_silence(process.election_date)
        found |= {"frozen_from": begins, "frozen_until": ends}
    return found
