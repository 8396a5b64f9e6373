"""What the desk sends: the seal that was read, and a verdict for each answer."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cms.catalogs.text_fields import CleanTextField
from cms.moderation.models import Reason
from cms.moderation.services import ObservationInput
from cms.questionnaires.definitions import Question

AGREED, OBSERVED = "conforme", "observar"
LONGEST_OBSERVATION = 2000


class VerdictForm(forms.Form):
    """Whether one answer stands, and otherwise why not and what to correct."""

    verdict = forms.ChoiceField(
        label=gettext_lazy("Dictamen"),
        choices=[(AGREED, gettext_lazy("De acuerdo")), (OBSERVED, gettext_lazy("Observar"))],
        widget=forms.RadioSelect,
        initial=AGREED,
    )
    reason = forms.ChoiceField(
        label=gettext_lazy("Motivo"),
        choices=[("", gettext_lazy("Elige un motivo")), *Reason.choices],
        required=False,
    )
    passage = CleanTextField(
        label=gettext_lazy("Pasaje"),
        help_text=gettext_lazy("Las palabras que observas, si no es toda la respuesta."),
        required=False,
        max_length=LONGEST_OBSERVATION,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    text = CleanTextField(
        label=gettext_lazy("Qué hay que corregir"),
        help_text=gettext_lazy("Lo lee quien captura, junto a la respuesta."),
        required=False,
        max_length=LONGEST_OBSERVATION,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, data: Any = None, *, question: Question) -> None:
        super().__init__(data, prefix=question.key)
        self.question = question

    @property
    def is_observed(self) -> bool:
        return self.data.get(self.add_prefix("verdict")) == OBSERVED

    def clean(self) -> dict[str, Any]:
        """An observation says its ground and what to correct. Source: Lineamientos, art. 18."""
        cleaned = super().clean() or {}
        if cleaned.get("verdict") == OBSERVED:
            if not cleaned.get("reason"):
                self.add_error("reason", _("Elige el motivo: la candidatura debe saber por qué."))
            if not cleaned.get("text"):
                self.add_error("text", _("Escribe qué hay que corregir en esta respuesta."))
        return cleaned

    def observation(self) -> ObservationInput:
        """What the service takes; only of a valid form that observes."""
        return ObservationInput(
            question=self.question.key,
            reason=self.cleaned_data["reason"],
            passage=self.cleaned_data["passage"],
            text=self.cleaned_data["text"],
        )


class DecisionForm(forms.Form):
    """The whole screen: its seal, and one verdict per answer."""

    seal = forms.CharField(widget=forms.HiddenInput, min_length=64, max_length=64)

    def __init__(self, *args: Any, questions: Iterable[Question], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.verdicts = {
            question.key: VerdictForm(self.data if self.is_bound else None, question=question)
            for question in questions
        }

    @property
    def observed(self) -> list[VerdictForm]:
        """The answers that are marked, in the order of the questionnaire."""
        return [verdict for verdict in self.verdicts.values() if verdict.is_observed]

    @property
    def return_label(self) -> str:
        """The words of the button, with how many observations it would send."""
        count = len(self.observed)
        if not count:
            return _("Devolver con observaciones")
        return ngettext(
            "Devolver con %(count)s observación", "Devolver con %(count)s observaciones", count
        ) % {"count": count}


class ApprovalForm(DecisionForm):
    """Approving: nothing may be marked as observed."""

    def clean(self) -> dict[str, Any]:
        count = len(self.observed)
        if count:
            raise ValidationError(
                ngettext(
                    "Marcaste %(count)s respuesta para observar. Devuelve el envío, o cambia la"
                    " marca a «De acuerdo» para aprobarlo.",
                    "Marcaste %(count)s respuestas para observar. Devuelve el envío, o cambia las"
                    " marcas a «De acuerdo» para aprobarlo.",
                    count,
                )
                % {"count": count}
            )
        return super().clean() or {}


class ReturnForm(DecisionForm):
    """Returning: at least one answer observed, each with ground and text."""

    def clean(self) -> dict[str, Any]:
        if not self.observed:
            raise ValidationError(_("Para devolver, marca «Observar» en al menos una respuesta."))
        incomplete = [verdict for verdict in self.observed if not verdict.is_valid()]
        if incomplete:
            raise ValidationError(_("Completa las observaciones marcadas antes de devolver."))
        return super().clean() or {}

    def observations(self) -> list[ObservationInput]:
        return [verdict.observation() for verdict in self.observed]
