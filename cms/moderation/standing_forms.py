"""The forms with which the institute ends, replaces and corrects a candidacy."""

from dataclasses import fields
from datetime import date
from typing import Any, TypeVar

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cms.candidacies.corrections import Correction
from cms.candidacies.ending import End
from cms.candidacies.ending_models import LONGEST_REASON, CorrectionKind
from cms.candidacies.models import CandidacyPage
from cms.candidacies.replacement import Substitute
from cms.catalogs.models import EndCause, PoliticalActor, Sex
from cms.catalogs.spanish import identity
from cms.catalogs.text_fields import CleanLineField, CleanTextField
from cms.imports.institute_register import age_on
from cms.imports.row_cells import LARGEST_LIST_NUMBER, OLDEST, YOUNGEST

T = TypeVar("T", End, Substitute, Correction)
_NO_CAUSE = ("", gettext_lazy("Elige la causa"))
_SEXES = [("", gettext_lazy("No se sabe")), *Sex.choices]


class _DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


def _day(label: Any, help_text: Any, *, required: bool = True) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=required,
        widget=_DayInput,
        help_text=help_text,
        error_messages={
            "required": gettext_lazy("Escribe la fecha."),
            "invalid": gettext_lazy("Escribe una fecha que exista."),
        },
    )


def _filled(what: type[T], form: forms.Form) -> T:
    """What was filled in, as what the services take: its fields are named like those of a form."""
    return what(**{one.name: form.cleaned_data[one.name] for one in fields(what)})


def _agreement() -> forms.CharField:
    return CleanLineField(
        label=gettext_lazy("Acuerdo o resolución"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("Su número, como IEC/CG/150/2024. Solo lo lee el Instituto."),
    )


def _reason(label: Any, help_text: Any, *, required: bool = False) -> CleanTextField:
    return CleanTextField(
        label=label,
        max_length=LONGEST_REASON,
        required=required,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Escribe por qué.")},
    )


class EndForm(forms.Form):
    """How a candidacy ended."""

    cause = forms.ChoiceField(
        label=gettext_lazy("Causa"),
        choices=[_NO_CAUSE, *EndCause.choices],
        help_text=gettext_lazy("Se lee en la página pública de la candidatura."),
        error_messages={"required": gettext_lazy("Elige la causa de la baja.")},
    )
    on = _day(
        gettext_lazy("Fecha de la baja"),
        gettext_lazy(
            "El día que dice la resolución, la renuncia ratificada o el acta. Es pública."
        ),
    )
    agreement = _agreement()
    reason = _reason(
        gettext_lazy("Notas"),
        gettext_lazy("Si hacen falta. Quedan en el historial; solo las lee el Instituto."),
    )

    @property
    def end(self) -> End:
        """What was filled in."""
        return _filled(End, self)


class ReinstateForm(forms.Form):
    """Why an end was a mistake."""

    reason = _reason(
        gettext_lazy("Por qué la baja no debe tener efecto"),
        gettext_lazy("Queda en el historial; solo lo lee el Instituto."),
        required=True,
    )


def _name() -> forms.CharField:
    return CleanLineField(
        label=gettext_lazy("Nombre registrado"),
        max_length=200,
        help_text=gettext_lazy("Completo, como está en el registro. Es público."),
        error_messages={"required": gettext_lazy("Escribe el nombre completo.")},
    )


def _nickname() -> forms.CharField:
    return CleanLineField(
        label=gettext_lazy("Sobrenombre"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("Si va en la boleta. Es público."),
    )


def _sex() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=gettext_lazy("Sexo o género"),
        choices=_SEXES,
        required=False,
        help_text=gettext_lazy("Como está en el registro. Es público."),
    )


def _age() -> forms.IntegerField:
    said = gettext_lazy("La edad va de %(from)s a %(to)s años.") % {"from": YOUNGEST, "to": OLDEST}
    return forms.IntegerField(
        label=gettext_lazy("Edad al registro"),
        required=False,
        validators=[MinValueValidator(YOUNGEST, said), MaxValueValidator(OLDEST, said)],
        help_text=gettext_lazy("En años cumplidos. Es pública."),
        error_messages={"invalid": gettext_lazy("Escribe la edad con números.")},
    )


class _NamesSomebody(forms.Form):
    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if not identity(name):
            raise ValidationError(_("Escribe el nombre completo, con letras."))
        return name


class SubstituteForm(_NamesSomebody):
    """Who takes the seat."""

    name = _name()
    nickname = _nickname()
    sex = _sex()
    birth_date = _day(
        gettext_lazy("Fecha de nacimiento"),
        gettext_lazy("De ella se calcula la edad. Nunca se publica."),
        required=False,
    )
    age = _age()
    email = forms.EmailField(
        label=gettext_lazy("Correo"),
        required=False,
        help_text=gettext_lazy("Para entregarle su cuenta. Nunca se publica."),
        error_messages={"invalid": gettext_lazy("Escríbelo completo, como nombre@ejemplo.mx.")},
    )
    external_id = CleanLineField(
        label=gettext_lazy("Identificador"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("El que trae tu archivo de registro, si lo trae."),
    )
    agreed = CleanLineField(
        label=gettext_lazy("Acuerdo que la registra"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("El del Consejo que aprobó la sustitución, si ya lo hay."),
    )

    def __init__(self, *args: Any, election_date: date | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._election_date = election_date

    def clean(self) -> dict[str, Any]:
        """The age on the day of the election, from the birth date where that is known."""
        cleaned: dict[str, Any] = super().clean() or {}
        born = cleaned.get("birth_date")
        if born is not None:
            age = age_on(born, self._election_date or date.today())  # noqa: DTZ011
            if YOUNGEST <= age <= OLDEST:
                cleaned["age"] = age
                self.errors.pop("age", None)
            else:
                said = _("Con esa fecha tendría %(age)s años. Revisa el año.") % {"age": age}
                self.add_error("birth_date", said)
        return cleaned

    @property
    def substitute(self) -> Substitute:
        """What was filled in."""
        return _filled(Substitute, self)


class ReplaceForm(SubstituteForm, EndForm):
    """Both at once: how the candidacy ended, and who takes its seat."""

    field_order = ("cause", "on", "agreement", "reason", "name", "nickname", "sex", "birth_date")


class CorrectForm(_NamesSomebody):
    """What the register should say, and why."""

    name = _name()
    nickname = _nickname()
    list_number = forms.IntegerField(
        label=gettext_lazy("Lugar en la lista"),
        required=False,
        min_value=0,
        max_value=LARGEST_LIST_NUMBER,
        help_text=gettext_lazy("Cambia el orden en que aparece. Es público."),
        error_messages={"invalid": gettext_lazy("Escribe el lugar con números.")},
    )
    sex = _sex()
    age = _age()
    actor = forms.ModelChoiceField(
        PoliticalActor.objects.none(),
        label=gettext_lazy("Actor político"),
        help_text=gettext_lazy("Quien la postula. Cambia también quién puede capturar por ella."),
        error_messages={
            "required": gettext_lazy("Elige quién la postula."),
            "invalid_choice": gettext_lazy("Elige un actor político de este proceso."),
        },
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Por qué se corrige"),
        choices=CorrectionKind.choices,
        widget=forms.RadioSelect,
        help_text=gettext_lazy(
            "Con «Cambio de identidad» el nombre anterior se borra de todo el sistema y nada dice"
            " en público que cambió. No se puede deshacer."
        ),
        error_messages={"required": gettext_lazy("Elige por qué se corrige.")},
    )
    agreement = _agreement()
    reason = _reason(
        gettext_lazy("Qué estaba mal"),
        gettext_lazy("Queda en el historial; solo lo lee el Instituto."),
    )
    seen = forms.IntegerField(widget=forms.HiddenInput)

    FIELDS = ("name", "nickname", "list_number", "sex", "age", "actor")

    def __init__(self, *args: Any, candidacy: CandidacyPage, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["actor"]
        field.queryset = PoliticalActor.objects.filter(process=candidacy.process_id)

    @property
    def wanted(self) -> dict[str, Any]:
        """What the register should say."""
        return {name: self.cleaned_data[name] for name in self.FIELDS}

    @property
    def correction(self) -> Correction:
        """Why."""
        return _filled(Correction, self)
