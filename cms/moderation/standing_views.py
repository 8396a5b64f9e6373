"""Screens with which the institute ends, replaces and corrects candidacies.

They stand below the record of the candidacy. The services know the rules; the views know HTTP.
"""

from collections.abc import Callable
from typing import Any, cast

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from cms.accounts.models import User
from cms.candidacies.ending import CannotChange, may_change_register
from cms.candidacies.models import CandidacyPage
from cms.catalogs.models import CandidacyState
from cms.imports import findings
from cms.moderation import services
from cms.moderation.dossier import candidacy_of
from cms.moderation.register import position_of
from cms.moderation.standing_forms import (
    CorrectForm,
    EndForm,
    ReinstateForm,
    ReplaceForm,
    SubstituteForm,
)
from cms.publication import ending


class StandingView(WagtailAdminTemplateMixin, View):
    """A form about one candidacy. What was typed stays when it is refused."""

    template_name = "moderation/register/form.html"
    header_icon = "user"
    http_method_names = ("get", "head", "post")
    _show_breadcrumbs = True
    candidacy: CandidacyPage
    form_class: Any = EndForm
    # When nothing can be done here, and the words that say why: the first that holds is said.
    closed: tuple[tuple[Callable[[CandidacyPage], bool], Any], ...] = ()
    page_title = gettext_lazy("Candidatura")
    button = gettext_lazy("Guardar")
    explanation: Any = ""
    done = gettext_lazy("Listo.")
    is_grave = True

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not may_change_register(request.user):
            raise PermissionDenied
        self.candidacy = candidacy_of(request.user, kwargs["candidacy_id"])
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response

    @property
    def user(self) -> User:
        """The account; `dispatch` has checked it."""
        return cast(User, self.request.user)

    def get(self, request: HttpRequest, candidacy_id: int) -> HttpResponse:
        why = self.why_closed()
        return self.screen(None if why else self.form(initial=self.initial()), why=why)

    def post(self, request: HttpRequest, candidacy_id: int) -> HttpResponse:
        form = self.form(request.POST)
        if not form.is_valid():
            return self.screen(form, status=422)
        try:
            self.act(form)
        except CannotChange as refused:
            return self.refused(form, refused)
        messages.success(request, self.done, buttons=self.next_steps())
        return redirect("register:candidacy", candidacy_id)

    def next_steps(self) -> list[Any]:
        """Buttons that lead to what is left to do once it is done."""
        return []

    def refused(self, form: Any, refused: CannotChange) -> HttpResponse:
        """Say what came first, or what has to change, beside what was typed."""
        if refused.field in form.fields:
            form.add_error(refused.field, refused.explanation)
            return self.screen(form, status=422)
        self.candidacy = candidacy_of(self.user, self.candidacy.pk)
        return self.screen(form, status=409, why=refused.explanation)

    def why_closed(self) -> str:
        """Why nothing can be done here now; empty if it can."""
        return next((str(why) for holds, why in self.closed if holds(self.candidacy)), "")

    def initial(self) -> dict[str, Any]:
        """What the form says at first."""
        return {}

    def form(self, *args: Any, **kwargs: Any) -> Any:
        """The form of this screen."""
        return self.form_class(*args, **self.of_candidacy(), **kwargs)

    def of_candidacy(self) -> dict[str, Any]:
        """What the form has to know of the candidacy."""
        return {}

    def act(self, form: Any) -> None:
        """Call the service. Raises CannotChange."""
        raise NotImplementedError

    def screen(
        self, form: forms.Form | None, status: int = 200, why: str = "", **context: Any
    ) -> HttpResponse:
        shown = self.get_context_data(
            candidacy=self.candidacy,
            position=position_of(self.candidacy),
            form=form,
            why=why,
            button=self.button,
            explanation=self.explanation,
            is_grave=self.is_grave,
            **context,
        )
        return self.render_to_response(shown, status=status)  # type: ignore[no-any-return]

    def get_page_subtitle(self) -> str:
        return str(self.candidacy.name)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        address = reverse("register:candidacy", args=[self.candidacy.pk])
        return [
            *self.breadcrumbs_items,
            {"url": reverse("register:index"), "label": _("Candidaturas")},
            {"url": address, "label": str(self.candidacy.name)},
            {"url": "", "label": str(self.page_title)},
        ]


def _is_ended(candidacy: CandidacyPage) -> bool:
    return candidacy.state == CandidacyState.ENDED


def _is_active(candidacy: CandidacyPage) -> bool:
    return not _is_ended(candidacy)


def _is_replaced(candidacy: CandidacyPage) -> bool:
    return candidacy.superseded_by_id is not None


def _has_no_slate(candidacy: CandidacyPage) -> bool:
    return not ending.slate_of(candidacy).exists()


class EndView(StandingView):
    """«Dar de baja»."""

    page_title = gettext_lazy("Dar de baja la candidatura")
    button = gettext_lazy("Dar de baja")
    explanation = gettext_lazy(
        "Su página dirá que la candidatura terminó, y quedará solo su registro: sus respuestas, su"
        " fotografía y sus medios de contacto dejan de verse al momento. Sale de las listas, de la"
        " búsqueda y de la API; su cuenta se cierra y nadie captura ni revisa por ella."
    )
    done = gettext_lazy("La candidatura está dada de baja.")
    closed = ((_is_ended, gettext_lazy("Esta candidatura ya está dada de baja.")),)

    def act(self, form: EndForm) -> None:
        ending.end_candidacies(candidacy_ids=[self.candidacy.pk], end=form.end, by=self.user)


class SlateView(StandingView):
    """«Retirar la planilla»: every candidacy of the actor in the territory."""

    page_title = gettext_lazy("Retirar la planilla completa")
    button = gettext_lazy("Dar de baja a todas")
    explanation = EndView.explanation
    done = gettext_lazy("La planilla completa está dada de baja.")
    closed = (
        (_has_no_slate, gettext_lazy("No queda ninguna candidatura activa de esta planilla.")),
    )

    def screen(self, form: Any, status: int = 200, why: str = "", **context: Any) -> HttpResponse:
        slate = list(ending.slate_of(self.candidacy))
        return super().screen(form, status, why, slate=slate, **context)

    def act(self, form: EndForm) -> None:
        chosen = self.request.POST.getlist("vista")
        seen = [int(pk) for pk in chosen if pk.isdecimal() and len(pk) < 18]
        ending.withdraw_slate(candidacy=self.candidacy, seen=seen, end=form.end, by=self.user)


class ReinstateView(StandingView):
    """«Dejar sin efecto la baja»."""

    page_title = gettext_lazy("Dejar sin efecto la baja")
    button = gettext_lazy("Dejar sin efecto")
    explanation = gettext_lazy(
        "Solo si la baja se registró por error. Lo que estaba publicado vuelve a verse y lo que"
        " estaba en revisión vuelve a la fila. Su cuenta sigue cerrada: hay que darle otra."
    )
    done = gettext_lazy("La candidatura está activa de nuevo.")
    closed = (
        (_is_active, gettext_lazy("Esta candidatura no está dada de baja.")),
        (
            _is_replaced,
            gettext_lazy("Otra persona ya la sustituye: la baja no puede quedar sin efecto."),
        ),
    )
    form_class = ReinstateForm

    def act(self, form: ReinstateForm) -> None:
        reason = form.cleaned_data["reason"]
        services.reinstate(candidacy_id=self.candidacy.pk, reason=reason, by=self.user)


class ReplaceView(StandingView):
    """«Sustituir»: with its end, if it has not ended yet."""

    page_title = gettext_lazy("Sustituir la candidatura")
    button = gettext_lazy("Registrar la sustitución")
    explanation = gettext_lazy(
        "Quien entra tiene candidatura, cuenta y plazo propios, en el mismo lugar de la boleta. No"
        " hereda respuestas ni fotografía. Cada página pública lleva a la otra."
    )
    done = gettext_lazy("La sustitución está registrada. Falta entregar la cuenta a quien entró.")

    closed = ((_is_replaced, gettext_lazy("Otra persona ya sustituye a esta candidatura.")),)

    @property
    def form_class(self) -> Any:
        return SubstituteForm if _is_ended(self.candidacy) else ReplaceForm

    def next_steps(self) -> list[Any]:
        address = reverse("own_accounts:index", args=[self.candidacy.process_id])
        return [messages.button(address, _("Entregar cuentas"))]

    def initial(self) -> dict[str, Any]:
        """What the row of a file says of whoever takes the seat, where its finding led here."""
        return dict(_found(self.request, self.candidacy))

    def of_candidacy(self) -> dict[str, Any]:
        return {"election_date": self.candidacy.process.election_date}

    def act(self, form: Any) -> None:
        ending.replace(
            candidacy_id=self.candidacy.pk,
            substitute=form.substitute,
            end=form.end if isinstance(form, ReplaceForm) else None,
            agreement=form.cleaned_data["agreed"],
            by=self.user,
        )


class CorrectView(StandingView):
    """«Corregir datos»."""

    page_title = gettext_lazy("Corregir datos del registro")
    button = gettext_lazy("Guardar la corrección")
    explanation = gettext_lazy(
        "Corrige solo lo que está mal. En público se dice qué dato se corrigió y cuándo; nunca qué"
        " decía antes."
    )
    done = gettext_lazy("El registro está corregido.")
    is_grave = False
    form_class = CorrectForm

    def initial(self) -> dict[str, Any]:
        """What the register says, and over it what the row of a file says."""
        now = {name: getattr(self.candidacy, name) for name in CorrectForm.FIELDS}
        found = _found(self.request, self.candidacy)
        says = {name: found[name] for name in CorrectForm.FIELDS if found.get(name)}
        return {**now, **says, "seen": self.candidacy.latest_revision_id}

    def of_candidacy(self) -> dict[str, Any]:
        return {"candidacy": self.candidacy}

    def act(self, form: CorrectForm) -> None:
        services.correct(
            candidacy_id=self.candidacy.pk,
            wanted=form.wanted,
            correction=form.correction,
            seen=form.cleaned_data["seen"],
            by=self.user,
        )

    def refused(self, form: Any, refused: CannotChange) -> HttpResponse:
        """After another change, the form goes on from what the register says now."""
        response = super().refused(form, refused)
        if response.status_code == 409 and form.is_bound:
            form.data = form.data.copy()
            form.data["seen"] = self.candidacy.latest_revision_id
        return response


def _found(request: HttpRequest, candidacy: CandidacyPage) -> dict[str, Any]:
    """What the row of a file says; the address names the file and the row, never a person."""
    numbers = [request.GET.get(name, "") for name in ("archivo", "fila")]
    if not all(number.isdecimal() and len(number) < 18 for number in numbers):
        return {}
    upload, row = map(int, numbers)
    return findings.row_of(
        upload_id=upload, row=row, candidacy_id=candidacy.pk, process_id=candidacy.process_id
    )
