"""The form that reopens the term of a candidacy, beside its record."""

from datetime import date, datetime, time
from typing import Any, cast

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from cms.accounts.models import User
from cms.candidacies import terms
from cms.candidacies.models import CandidacyPage
from cms.candidacies.terms.reopening import LONGEST_AUTHORITY, LONGEST_REASON, MAY_REOPEN
from cms.catalogs.listing import moment_in
from cms.catalogs.terms import end_of_day
from cms.catalogs.text_fields import CleanLineField, CleanTextField
from cms.catalogs.time_zones import zone_of
from cms.moderation.dossier import candidacy_of
from cms.moderation.register import RegisterOnly


class ReopeningForm(forms.Form):
    """Until when, who authorised it, and why. A day without an hour lasts until it ends."""

    day = forms.DateField(
        label=gettext_lazy("Último día"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"invalid": gettext_lazy("Escribe una fecha, como 24/04/2027.")},
    )
    hour = forms.TimeField(
        label=gettext_lazy("Hora"),
        required=False,
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        help_text=gettext_lazy("Si la dejas vacía, el plazo llega hasta las 24:00 h de ese día."),
        error_messages={"invalid": gettext_lazy("Escribe una hora, como 18:30.")},
    )
    authorised_by = CleanLineField(
        label=gettext_lazy("Quién lo autorizó"),
        max_length=LONGEST_AUTHORITY,
        help_text=gettext_lazy("Por ejemplo, el número del acuerdo: IEC/CG/045/2027."),
    )
    reason = CleanTextField(
        label=gettext_lazy("Por qué"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Lo lee el Instituto; no se publica."),
    )

    def until(self, candidacy: CandidacyPage) -> datetime:
        """The last instant, in the time of the candidacy's place."""
        zone = zone_of(candidacy.territory.cvegeo)
        day: date = self.cleaned_data["day"]
        hour: time | None = self.cleaned_data["hour"]
        return end_of_day(day, zone) if hour is None else datetime.combine(day, hour, zone)


_FIELDS = {"until": "day"}


class ReopenView(RegisterOnly, WagtailAdminTemplateMixin, View):
    """Reopen the term of a candidacy that the account may know of."""

    template_name = "terms/reopen.html"
    page_title = gettext_lazy("Reabrir el plazo")
    header_icon = "time"
    http_method_names = ("get", "head", "post")
    _show_breadcrumbs = True
    candidacy: CandidacyPage

    def get(self, request: HttpRequest, candidacy_id: int) -> HttpResponse:
        return self._shown(request, candidacy_id, ReopeningForm())

    def post(self, request: HttpRequest, candidacy_id: int) -> HttpResponse:
        form = ReopeningForm(request.POST)
        candidacy = self._found(request, candidacy_id)
        if not form.is_valid():
            return self._shown(request, candidacy_id, form, status=422)
        try:
            made = terms.reopen(
                candidacy_id=candidacy.pk,
                until=form.until(candidacy),
                authorised_by=form.cleaned_data["authorised_by"],
                reason=form.cleaned_data["reason"],
                by=cast(User, request.user),
                at=timezone.now(),
            )
        except (terms.ReopeningRefused, OverflowError) as refused:
            said = getattr(refused, "explanation", "") or _("Esa fecha no existe.")
            field = _FIELDS.get(getattr(refused, "field", "until"), getattr(refused, "field", ""))
            form.add_error(field or None, said)
            return self._shown(request, candidacy_id, form, status=422)
        until = moment_in(made.until, zone_of(candidacy.territory.cvegeo))
        messages.success(request, _("Se reabrió el plazo hasta el %s.") % until)
        return redirect("register:candidacy", candidacy.pk)

    def _found(self, request: HttpRequest, candidacy_id: int) -> CandidacyPage:
        """The candidacy; 404 to accounts that may not know of it, then 403 to those that only read.

        Raises: Http404, MayNotReopen.
        """
        self.candidacy = candidacy_of(request.user, candidacy_id)
        if not cast(User, request.user).has_perm(MAY_REOPEN):
            raise terms.MayNotReopen
        return self.candidacy

    def _shown(
        self, request: HttpRequest, candidacy_id: int, form: ReopeningForm, status: int = 200
    ) -> HttpResponse:
        candidacy = self._found(request, candidacy_id)
        context = self.get_context_data(
            candidacy=candidacy, form=form, term=terms.term_of(candidacy), at=timezone.now()
        )
        return cast(HttpResponse, self.render_to_response(context, status=status))

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        record = reverse("register:candidacy", args=[self.candidacy.pk])
        return [
            *self.breadcrumbs_items,
            {"url": reverse("register:index"), "label": _("Candidaturas")},
            {"url": record, "label": str(self.candidacy.name)},
            {"url": "", "label": str(self.page_title)},
        ]
