"""The list of submissions, with Wagtail's own tables and filters."""

from collections.abc import Mapping
from typing import Any, ClassVar, cast
from urllib.parse import urlencode

import django_filters
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.forms.search import SearchForm
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.generic import BaseListingView

from cms.accounts.models import User
from cms.catalogs.listing import Counted
from cms.catalogs.models import CandidacyState, Office, PoliticalActor, Process, Territory
from cms.catalogs.spanish import identity
from cms.moderation import permissions, selectors
from cms.questionnaires import kinds
from cms.questionnaires.models import QuestionnaireState, Submission

_CANDIDACY = "questionnaire__candidacy"
# The parameters that leave submissions out of the queue, and those that only change its order.
_NARROWING = ("process", "kind", "municipality", "actor", "office", "q")
_ARRANGING = ("state", "ordering", "p")
# Not a state of a questionnaire: nobody decides what a candidacy that ended had sent.
ENDED = "terminada"
_STATES = [
    (QuestionnaireState.OBSERVED, _("Observados")),
    (QuestionnaireState.CORRECTION, _("En subsanación")),
    (QuestionnaireState.VALIDATED, _("Validados, esperan el fin de la veda")),
    (QuestionnaireState.PUBLISHED, _("Publicados")),
    (ENDED, _("De candidaturas que terminaron")),
]


class ReviewerOnly:
    """Answer 403 to accounts that do not review, superusers included."""

    request: HttpRequest

    @property
    def reviewer(self) -> User:
        """The account at the desk; `dispatch` has checked it."""
        return cast(User, self.request.user)

    def may_enter(self) -> bool:
        """Whether this account reviews any kind of questionnaire."""
        return bool(permissions.reviewed_kinds(self.request.user))

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not self.may_enter():
            raise PermissionDenied
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        return response


def _processes(request: HttpRequest) -> list[Process]:
    """The processes of which this account reviews something, read once for each request."""
    found: list[Process] | None = getattr(request, "_reviewed_processes", None)
    if found is None:
        found = selectors.processes_of(cast(User, request.user))
        request._reviewed_processes = found  # type: ignore[attr-defined]
    return found


def _of_process(found: QuerySet[Submission], request: HttpRequest) -> QuerySet[Submission]:
    """Submissions of one process: the one that the address names, or the current one."""
    known, chosen = _processes(request), request.GET.get("process", "")
    process = next((one for one in known if str(one.pk) == chosen), None)
    if process is None:
        process = known[0] if known else None
    return found if process is None else found.filter(**{f"{_CANDIDACY}__process": process})


def _submitted(request: HttpRequest, field: str) -> Any:
    """The values of a catalogue that some submission which this account reviews has."""
    reviewed = [kind.key for kind in permissions.reviewed_kinds(request.user)]
    sent = Submission.objects.filter(questionnaire__kind__in=reviewed)
    found = _of_process(sent, request)
    return found.order_by().values(f"{_CANDIDACY}__{field}")


class QueueFilterSet(WagtailFilterSet):
    """Process, kind, municipality, actor, office, state; without a state, what waits.

    The candidacies that ended have a choice of their own, and are under no other.

    The list is of one process: the one that is chosen, or the current one. The filters by process
    and by kind are shown to accounts that review more than one.
    """

    process = django_filters.ChoiceFilter(
        field_name=f"{_CANDIDACY}__process", choices=[], label=_("Proceso"), empty_label=None
    )
    kind = django_filters.ChoiceFilter(
        field_name="questionnaire__kind",
        choices=kinds.choices,
        label=_("Cuestionario"),
        empty_label=_("Todos"),
    )
    municipality = django_filters.ModelChoiceFilter(
        field_name=f"{_CANDIDACY}__territory",
        queryset=lambda request: Territory.objects.filter(pk__in=_submitted(request, "territory")),
        label=_("Municipio"),
        empty_label=_("Todos"),
    )
    actor = django_filters.ModelChoiceFilter(
        field_name=f"{_CANDIDACY}__actor",
        queryset=lambda request: PoliticalActor.objects.filter(pk__in=_submitted(request, "actor")),
        label=_("Actor político"),
        empty_label=_("Todos"),
    )
    office = django_filters.ModelChoiceFilter(
        field_name=f"{_CANDIDACY}__office",
        queryset=lambda request: Office.objects.filter(pk__in=_submitted(request, "office")),
        label=_("Cargo"),
        empty_label=_("Todos"),
    )
    state = django_filters.ChoiceFilter(
        method="in_state",
        choices=_STATES,
        label=_("Estado"),
        empty_label=_("Por revisar"),
    )

    class Meta:
        model = Submission
        fields: ClassVar[list[str]] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reviewed = permissions.reviewed_kinds(self.request.user)
        if len(reviewed) > 1:
            self.filters["kind"].extra["choices"] = [(kind.key, kind.name) for kind in reviewed]
        else:
            del self.filters["kind"]
        known = _processes(self.request)
        if len(known) > 1:
            choices = [(str(one.pk), str(one)) for one in known]
            self.filters["process"].extra["choices"] = choices
        else:
            del self.filters["process"]

    def filter_queryset(self, queryset: QuerySet[Submission]) -> QuerySet[Submission]:
        found = _of_process(super().filter_queryset(queryset), self.request)
        return found if self.form.cleaned_data.get("state") else selectors.undecided(found)

    def in_state(self, found: QuerySet[Submission], name: str, state: str) -> QuerySet[Submission]:
        """The submissions of questionnaires in a state, or those of candidacies that ended."""
        if state == ENDED:
            return found.filter(**{f"{_CANDIDACY}__state": CandidacyState.ENDED})
        return found.filter(
            questionnaire__state=state, **{f"{_CANDIDACY}__state": CandidacyState.ACTIVE}
        )


def kept_filters(parameters: QueryDict) -> dict[str, str]:
    """The filters of the queue in an address, which the desk carries from record to record.

    Values that PostgreSQL cannot store are left out.
    """
    given = {name: parameters.get(name, "") for name in (*_NARROWING, *_ARRANGING)}
    return {name: value for name, value in given.items() if value and "\0" not in value}


def with_filters(address: str, kept: Mapping[str, str]) -> str:
    """An address of the desk with the filters of the queue from which it was reached."""
    return f"{address}?{urlencode(kept)}" if kept else address


def narrows(kept: Mapping[str, str]) -> bool:
    """Whether these filters leave submissions out."""
    return any(name in kept for name in _NARROWING)


def named(found: QuerySet[Submission], typed: str) -> QuerySet[Submission]:
    """The submissions of candidacies whose name has every word, with or without accents."""
    for word in identity(typed).split():
        found = found.filter(**{f"{_CANDIDACY}__folded_name__contains": word})
    return found


def waiting(kept: Mapping[str, str], request: HttpRequest) -> QuerySet[Submission]:
    """The submissions that wait for a decision and that these filters show, the oldest first."""
    narrowing = {name: kept[name] for name in _NARROWING if name in kept and name != "q"}
    pending = selectors.pending(cast(User, request.user))
    filters = QueueFilterSet(narrowing, request=request, queryset=pending)
    found = filters.qs if filters.is_valid() else _of_process(pending, request)
    return named(found, kept.get("q", ""))


class RecordColumn(TitleColumn):
    """The name of the candidacy, linked to its record with the filters of the queue."""

    def get_link_url(self, instance: Submission, parent_context: Any) -> str:
        address = reverse("moderation:review", args=[instance.pk])
        return with_filters(address, kept_filters(parent_context["request"].GET))


def _kind_of(submission: Submission) -> str:
    return capfirst(submission.questionnaire.get_kind_display())


def _moment_of(submission: Submission) -> str:
    moment = date_format(localtime(submission.submitted_at), r"j \d\e F \d\e Y, H:i \h")
    return gettext("%s (extemporáneo)") % moment if submission.extemporaneous else moment


def _state_of(submission: Submission) -> str:
    state = submission.questionnaire.get_state_display()
    if not selectors.has_ended(submission):
        return state
    ended_on = submission.questionnaire.candidacy.ended_on
    if ended_on is None:
        return gettext("%(state)s; la candidatura terminó") % {"state": state}
    return gettext("%(state)s; la candidatura terminó el %(day)s") % {
        "state": state,
        "day": date_format(ended_on, r"j \d\e F \d\e Y"),
    }


class QueueView(Counted, ReviewerOnly, BaseListingView):
    """The queue: the oldest submission first."""

    template_name = "moderation/queue.html"
    page_title = _("Revisión")
    header_icon = "clipboard-list"
    model = Submission
    index_url_name = "moderation:queue"
    index_results_url_name = "moderation:queue_results"
    filterset_class = QueueFilterSet
    paginate_by = 50
    is_searchable = True
    verbose_name_plural = _("envíos por revisar")
    default_ordering = "submitted_at"
    _columns = (
        RecordColumn(
            "candidacy",
            label=_("Candidatura"),
            accessor="questionnaire.candidacy.name",
            sort_key=f"{_CANDIDACY}__folded_name",
        ),
        Column("municipality", label=_("Municipio"), accessor="questionnaire.candidacy.territory"),
        Column("actor", label=_("Actor político"), accessor="questionnaire.candidacy.actor"),
        Column("office", label=_("Cargo"), accessor="questionnaire.candidacy.office"),
        Column("submitted_at", label=_("Enviado"), accessor=_moment_of, sort_key="submitted_at"),
        Column("number", label=_("Envíos"), sort_key="number", classname="review-number"),
        Column("state", label=_("Estado"), accessor=_state_of),
    )

    @cached_property
    def columns(self) -> list[Column]:
        """The columns; accounts that review more than one kind also see the kind."""
        name, *others = self._columns
        if len(permissions.reviewed_kinds(self.reviewer)) < 2:
            return [name, *others]
        return [name, Column("kind", label=_("Cuestionario"), accessor=_kind_of), *others]

    def get_search_form(self) -> SearchForm:
        return SearchForm(self.request.GET or None, placeholder=_("Buscar por nombre"))

    def get_base_queryset(self) -> QuerySet[Submission]:
        return selectors.queue(self.reviewer)

    def filter_queryset(self, queryset: QuerySet[Submission]) -> QuerySet[Submission]:
        """When the filters are not valid, show the submissions that wait for a decision."""
        if not self.filters.is_valid():
            return selectors.undecided(_of_process(queryset, self.request))
        found: QuerySet[Submission] = super().filter_queryset(queryset)
        return found

    def search_queryset(self, queryset: QuerySet[Submission]) -> QuerySet[Submission]:
        return named(queryset, self.search_query) if self.is_searching else queryset

    def order_queryset(self, queryset: QuerySet[Submission]) -> QuerySet[Submission]:
        return queryset.order_by(self.ordering, "pk")
