"""The listing of what was sent, with Wagtail's own tables and filters."""

from typing import Any, ClassVar, cast

import django_filters
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.forms.search import SearchForm
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.generic import BaseListingView

from cms.accounts.models import User
from cms.accounts.permissions import may_review
from cms.catalogs.models import Office, PoliticalActor, Territory
from cms.moderation import selectors
from cms.questionnaires.models import QuestionnaireState, Submission

_CANDIDACY = "questionnaire__candidacy"
_STATES = [
    (QuestionnaireState.OBSERVED, _("Observados")),
    (QuestionnaireState.CORRECTION, _("En subsanación")),
    (QuestionnaireState.VALIDATED, _("Validados, esperan el fin de la veda")),
    (QuestionnaireState.PUBLISHED, _("Publicados")),
]


class ReviewerOnly:
    """Whoever does not review sees neither the queue nor a record, superusers included."""

    request: HttpRequest

    @property
    def reviewer(self) -> User:
        """Who is at the desk; `dispatch` has checked it."""
        return cast(User, self.request.user)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not may_review(request.user):
            raise PermissionDenied
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        return response


def _in_sendings(field: str) -> Any:
    """The values of a catalogue that some sending has."""
    return Submission.objects.order_by().values(f"{_CANDIDACY}__{field}")


class QueueFilterSet(WagtailFilterSet):
    """Municipality, actor, office and state; without a state, what waits for a decision."""

    municipality = django_filters.ModelChoiceFilter(
        field_name=f"{_CANDIDACY}__territory",
        queryset=lambda request: Territory.objects.filter(pk__in=_in_sendings("territory")),
        label=_("Municipio"),
        empty_label=_("Todos"),
    )
    actor = django_filters.ModelChoiceFilter(
        field_name=f"{_CANDIDACY}__actor",
        queryset=lambda request: PoliticalActor.objects.filter(pk__in=_in_sendings("actor")),
        label=_("Actor político"),
        empty_label=_("Todos"),
    )
    office = django_filters.ModelChoiceFilter(
        field_name=f"{_CANDIDACY}__office",
        queryset=lambda request: Office.objects.filter(pk__in=_in_sendings("office")),
        label=_("Cargo"),
        empty_label=_("Todos"),
    )
    state = django_filters.ChoiceFilter(
        field_name="questionnaire__state",
        choices=_STATES,
        label=_("Estado"),
        empty_label=_("Por revisar"),
    )

    class Meta:
        model = Submission
        fields: ClassVar[list[str]] = []

    def filter_queryset(self, queryset: QuerySet[Submission]) -> QuerySet[Submission]:
        found: QuerySet[Submission] = super().filter_queryset(queryset)
        if not self.form.cleaned_data.get("state"):
            found = found.filter(questionnaire__state=QuestionnaireState.SUBMITTED)
        return found


def _record_url(submission: Submission) -> str:
    return reverse("moderation:review", args=[submission.pk])


def _moment_of(submission: Submission) -> str:
    moment = localtime(submission.submitted_at)
    return date_format(moment, r"j \d\e F \d\e Y, H:i \h").lower()


def _state_of(submission: Submission) -> str:
    state = submission.questionnaire.get_state_display()
    if not selectors.has_ended(submission):
        return state
    ended_on = submission.questionnaire.candidacy.ended_on
    if ended_on is None:
        return gettext("%(state)s; la candidatura terminó") % {"state": state}
    return gettext("%(state)s; la candidatura terminó el %(day)s") % {
        "state": state,
        "day": date_format(ended_on, r"j \d\e F \d\e Y").lower(),
    }


class QueueView(ReviewerOnly, BaseListingView):
    """The queue: the oldest sending first."""

    template_name = "moderation/queue.html"
    page_title = _("Revisión")
    header_icon = "clipboard-list"
    model = Submission
    index_url_name = "moderation:queue"
    index_results_url_name = "moderation:queue_results"
    filterset_class = QueueFilterSet
    paginate_by = 50
    is_searchable = True
    search_fields = (f"{_CANDIDACY}__name",)
    verbose_name_plural = _("envíos por revisar")
    default_ordering = "submitted_at"
    columns = (
        TitleColumn(
            "candidacy",
            label=_("Candidatura"),
            accessor="questionnaire.candidacy.name",
            sort_key=f"{_CANDIDACY}__folded_name",
            get_url=_record_url,
        ),
        Column("municipality", label=_("Municipio"), accessor="questionnaire.candidacy.territory"),
        Column("actor", label=_("Actor político"), accessor="questionnaire.candidacy.actor"),
        Column("office", label=_("Cargo"), accessor="questionnaire.candidacy.office"),
        Column("submitted_at", label=_("Enviado"), accessor=_moment_of, sort_key="submitted_at"),
        Column("number", label=_("Envíos"), sort_key="number", classname="review-number"),
        Column("state", label=_("Estado"), accessor=_state_of),
    )

    def get_search_form(self) -> SearchForm:
        return SearchForm(self.request.GET or None, placeholder=_("Buscar por nombre"))

    def get_base_queryset(self) -> QuerySet[Submission]:
        return selectors.queue()

    def order_queryset(self, queryset: QuerySet[Submission]) -> QuerySet[Submission]:
        return queryset.order_by(self.ordering, "pk")
