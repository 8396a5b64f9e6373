"""What the desk sends: the seal that was read, and a verdict for each answer."""

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
    """One thing to mend, and the id of the control where it is mended."""

    anchor: str
    words: str


def error_id(field: forms.BoundField) -> str:
    """The id of what is said about a field that is wrong."""
    return f"{field.auto_id}_error"


class ObservedText(CleanTextField):
    """What a validator writes. What is too long stays as it was written, and is said."""

    def __init__(self, *, rows: int, **kwargs: Any) -> None:
        attrs = {"rows": rows, "data-longest": LONGEST_OBSERVATION}
        super().__init__(required=False, widget=forms.Textarea(attrs=attrs), **kwargs)

    def validate(self, value: str) -> None:
        super().validate(value)
        if words := too_long(value):
            raise ValidationError(words)


class VerdictForm(forms.Form):
    """Whether one answer stands, and otherwise why not and what to correct."""

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
            # The place of the error is always there, empty as a rule: it describes from the start.
            about = [f"{self[name].auto_id}-helptext"] if field.help_text else []
            about.append(error_id(self[name]))
            field.widget.attrs["aria-describedby"] = " ".join(about)

    @property
    def written(self) -> list[forms.BoundField]:
        """The fields of an observation, as they are filled in."""
        return [self["reason"], self["passage"], self["text"]]

    @property
    def reason_label(self) -> str:
        """The words of the reason that was chosen, valid or not; empty without one."""
        labels = dict(Reason.choices)
        return str(labels.get(self["reason"].value() or "", ""))

    @property
    def is_observed(self) -> bool:
        return bool(self["verdict"].value() == OBSERVED)

    def full_clean(self) -> None:
        """Only what is observed is weighed: what was written and then withdrawn is never wrong."""
        super().full_clean()
        if self.is_bound and self["verdict"].value() in {AGREED, "", None}:
            self.errors.clear()

    def clean(self) -> dict[str, Any]:
        """An observation says its ground and what to correct. Source: Lineamientos, art. 18."""
        cleaned = super().clean() or {}
        if cleaned.get("verdict") == OBSERVED:
            if not cleaned.get("reason") and "reason" not in self.errors:
                self.add_error("reason", _("Elige el motivo: la candidatura debe saber por qué."))
            if not cleaned.get("text") and "text" not in self.errors:
                self.add_error("text", _("Escribe qué hay que corregir en esta respuesta."))
        return cleaned

    def stands_in_the_way(self) -> None:
        """Approving meets this mark: the mark is what is wrong, whatever was written beside it."""
        self.errors.clear()
        self.add_error("verdict", _("Está marcada para observar."))

    def problems(self) -> list[Problem]:
        """What is wrong in this observation, in the order in which it is read."""
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
        """What the service takes; only of a valid form that observes."""
        return ObservationInput(
            question=self.question.key,
            reason=self.cleaned_data["reason"],
            passage=self.cleaned_data["passage"],
            text=self.cleaned_data["text"],
        )


class DecisionForm(forms.Form):
    """The whole screen: its seal, and one verdict per answer."""

    seal = forms.CharField(widget=forms.HiddenInput, required=False)
    # What the screen says when the decision was not taken.
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
        """What `initial` brings for one answer, under the names that the screen sends."""
        prefix = f"{question.key}-"
        return {
            name.removeprefix(prefix): value
            for name, value in self.initial.items()
            if name.startswith(prefix)
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

    @property
    def wrong(self) -> list[VerdictForm]:
        """The answers whose verdict cannot be taken; what is agreed is never wrong."""
        return [verdict for verdict in self.verdicts.values() if not verdict.is_valid()]

    def problems(self) -> list[Problem]:
        """What keeps the decision from being taken, each with where it is mended."""
        if not self.is_bound or self.is_valid():
            return []
        return [problem for verdict in self.wrong for problem in verdict.problems()]

    @property
    def first_anchor(self) -> str:
        """Where somebody begins who marked nothing; empty when nothing can be marked."""
        return next((verdict.anchor for verdict in self.verdicts.values()), "")


class ApprovalForm(DecisionForm):
    """Approving: nothing may be marked as observed."""

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
    """Returning: at least one answer observed, each with ground and text."""

    refusal = gettext_lazy("No se devolvió el envío")

    def clean(self) -> dict[str, Any]:
        if self.wrong:
            raise ValidationError(_("Completa las observaciones marcadas antes de devolver."))
        if not self.observed:
            raise ValidationError(_("Para devolver, marca «Observar» en al menos una respuesta."))
        return super().clean() or {}

    def observations(self) -> list[ObservationInput]:
        return [verdict.observation() for verdict in self.observed]
