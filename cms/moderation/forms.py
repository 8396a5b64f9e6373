"""The forms of the desk: the seal of the submission that was read, and a verdict per answer."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cms.catalogs.text_fields import CleanTextField
from cms.moderation.models import Reason
from cms.moderation.services import LONGEST_OBSERVATION, ObservationInput, too_long
from cms.questionnaires.definitions import Question

AGREED, OBSERVED = "conforme", "observar"


@dataclass(frozen=True)
class Problem:
    """Something to correct, and the id of the control where it is corrected."""

    anchor: str
    words: str


def error_id(field: forms.BoundField) -> str:
    """The id of the element that holds the error of a field."""
    return f"{field.auto_id}_error"


class ObservedText(CleanTextField):
    """A text of a validator. A text that is too long is kept whole, and refused with its excess."""

    def __init__(self, *, rows: int, **kwargs: Any) -> None:
        attrs = {"rows": rows, "data-longest": LONGEST_OBSERVATION}
        super().__init__(required=False, widget=forms.Textarea(attrs=attrs), **kwargs)

    def validate(self, value: str) -> None:
        super().validate(value)
        if words := too_long(value):
            raise ValidationError(words)


class VerdictForm(forms.Form):
    """The verdict on an answer: agreed, or observed with a reason and what to correct."""

    verdict = forms.ChoiceField(
        label=gettext_lazy("Dictamen"),
        choices=[(AGREED, gettext_lazy("De acuerdo")), (OBSERVED, gettext_lazy("Observar"))],
        widget=forms.RadioSelect,
        initial=AGREED,
        required=False,
        error_messages={"invalid_choice": gettext_lazy("Elige «De acuerdo» u «Observar».")},
    )
    reason = forms.ChoiceField(
        label=gettext_lazy("Motivo"),
        choices=[("", gettext_lazy("Elige un motivo")), *Reason.choices],
        required=False,
        error_messages={"invalid_choice": gettext_lazy("Elige uno de los motivos de la lista.")},
    )
    passage = ObservedText(
        label=gettext_lazy("Pasaje"),
        help_text=gettext_lazy("Las palabras que observas, si no es toda la respuesta."),
        rows=2,
    )
    text = ObservedText(
        label=gettext_lazy("Qué hay que corregir"),
        help_text=gettext_lazy("Lo lee quien captura, junto a la respuesta."),
        rows=3,
    )

    def __init__(self, data: Any = None, *, question: Question, **kwargs: Any) -> None:
        super().__init__(data, prefix=question.key, **kwargs)
        self.question = question
        for name, field in self.fields.items():
            # The element of the error is always in the page, so that it can be referred to.
            about = [f"{self[name].auto_id}-helptext"] if field.help_text else []
            about.append(error_id(self[name]))
            field.widget.attrs["aria-describedby"] = " ".join(about)

    @property
    def written(self) -> list[forms.BoundField]:
        """The fields of an observation, in the order in which they are filled in."""
        return [self["reason"], self["passage"], self["text"]]

    @property
    def reason_label(self) -> str:
        """The label of the chosen reason; empty when none was chosen."""
        labels = dict(Reason.choices)
        return str(labels.get(self["reason"].value() or "", ""))

    @property
    def is_observed(self) -> bool:
        return bool(self["verdict"].value() == OBSERVED)

    def full_clean(self) -> None:
        """Ignore what was written about an answer that is not marked to be observed."""
        super().full_clean()
        if self.is_bound and self["verdict"].value() in {AGREED, "", None}:
            self.errors.clear()

    def clean(self) -> dict[str, Any]:
        """An observation needs a reason and what to correct. Source: Lineamientos, art. 18."""
        cleaned = super().clean() or {}
        if cleaned.get("verdict") == OBSERVED:
            if not cleaned.get("reason") and "reason" not in self.errors:
                self.add_error("reason", _("Elige el motivo: la candidatura debe saber por qué."))
            if not cleaned.get("text") and "text" not in self.errors:
                self.add_error("text", _("Escribe qué hay que corregir en esta respuesta."))
        return cleaned

    def stands_in_the_way(self) -> None:
        """Make the mark the only error: a submission with observed answers cannot be approved."""
        self.errors.clear()
        self.add_error("verdict", _("Está marcada para observar."))

    def problems(self) -> list[Problem]:
        """What is wrong with this observation, in the order of the fields."""
        found = []
        for name in self.fields:
            anchor = self.anchor if name == "verdict" else self[name].id_for_label
            found += [
                Problem(anchor, f"{self.question.label}: {words}")
                for words in self.errors.get(name, ())
            ]
        return found

    @property
    def anchor(self) -> str:
        """The control that marks this answer as observed."""
        return f"{self['verdict'].auto_id}_1"

    def observation(self) -> ObservationInput:
        """The observation as the service takes it; the form must be valid and mark the answer."""
        return ObservationInput(
            question=self.question.key,
            reason=self.cleaned_data["reason"],
            passage=self.cleaned_data["passage"],
            text=self.cleaned_data["text"],
        )


class DecisionForm(forms.Form):
    """The form of the whole screen: the seal of the submission, and a verdict per answer."""

    seal = forms.CharField(widget=forms.HiddenInput, required=False)
    # The title of the errors when the decision was not taken.
    refusal = gettext_lazy("Este envío no se decidió")

    def __init__(self, *args: Any, questions: Iterable[Question], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.verdicts = {
            question.key: VerdictForm(
                self.data if self.is_bound else None,
                question=question,
                initial=self._typed_about(question),
            )
            for question in questions
        }

    def _typed_about(self, question: Question) -> Mapping[str, str]:
        """The initial values of the verdict on an answer, from the names that the screen sends."""
        prefix = f"{question.key}-"
        return {
            name.removeprefix(prefix): value
            for name, value in self.initial.items()
            if name.startswith(prefix)
        }

    @property
    def observed(self) -> list[VerdictForm]:
        """The verdicts that observe, in the order of the questionnaire."""
        return [verdict for verdict in self.verdicts.values() if verdict.is_observed]

    @property
    def return_label(self) -> str:
        """The label of the button, with the number of observations that it would send."""
        count = len(self.observed)
        if not count:
            return _("Devolver con observaciones")
        return ngettext(
            "Devolver con %(count)s observación", "Devolver con %(count)s observaciones", count
        ) % {"count": count}

    @property
    def wrong(self) -> list[VerdictForm]:
        """The verdicts that are not valid; one that agrees always is."""
        return [verdict for verdict in self.verdicts.values() if not verdict.is_valid()]

    def problems(self) -> list[Problem]:
        """Why the decision cannot be taken, each problem with the control that solves it."""
        if not self.is_bound or self.is_valid():
            return []
        return [problem for verdict in self.wrong for problem in verdict.problems()]

    @property
    def first_anchor(self) -> str:
        """The control to begin with when nothing is marked; empty when there are no answers."""
        return next((verdict.anchor for verdict in self.verdicts.values()), "")


class ApprovalForm(DecisionForm):
    """The form that approves: no answer may be observed."""

    refusal = gettext_lazy("No se publicó nada")

    def clean(self) -> dict[str, Any]:
        marked = self.observed
        for verdict in marked:
            verdict.stands_in_the_way()
        if marked:
            raise ValidationError(
                ngettext(
                    "Marcaste %(count)s respuesta para observar. Devuelve el envío, o cambia la"
                    " marca a «De acuerdo» para aprobarlo.",
                    "Marcaste %(count)s respuestas para observar. Devuelve el envío, o cambia las"
                    " marcas a «De acuerdo» para aprobarlo.",
                    len(marked),
                )
                % {"count": len(marked)}
            )
        if self.wrong:
            raise ValidationError(_("Elige otra vez el dictamen de estas respuestas."))
        return super().clean() or {}


class ReturnForm(DecisionForm):
    """The form that returns: at least one answer is observed, with its reason and text."""

    refusal = gettext_lazy("No se devolvió el envío")

    def clean(self) -> dict[str, Any]:
        if self.wrong:
            raise ValidationError(_("Completa las observaciones marcadas antes de devolver."))
        if not self.observed:
            raise ValidationError(_("Para devolver, marca «Observar» en al menos una respuesta."))
        return super().clean() or {}

    def observations(self) -> list[ObservationInput]:
        return [verdict.observation() for verdict in self.observed]
