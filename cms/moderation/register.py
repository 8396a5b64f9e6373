"""The list of candidacies, which stands in place of their pages in the tree of the editors."""

from collections.abc import Iterable
from typing import Any, ClassVar

import django_filters
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.forms.search import SearchForm
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.generic import BaseListingView

from cms.candidacies.ending import may_change_register
from cms.candidacies.models import CandidacyPage
from cms.catalogs.listing import Counted, seen_at
from cms.catalogs.models import (
    CandidacyState,
    Office,
    PoliticalActor,
    Process,
    ProcessOffice,
    SeatKind,
    Territory,
)
from cms.catalogs.selectors import public_processes
from cms.catalogs.spanish import identity
from cms.moderation.permissions import reviewed_kinds
from cms.questionnaires import kinds
from cms.questionnaires.kinds import Kind
from cms.questionnaires.models import (
    ProcessQuestionnaire,
    Questionnaire,
    QuestionnaireState,
    Submission,
)

_BALLOT = (
    "-process__election_date",
    "territory__sort_key",
    "office__ballot_order",
    "actor__ballot_order",
    "list_number",
    "seat_kind",
    "folded_name",
    "pk",
)


def readable_by(user: Any) -> QuerySet[CandidacyPage]:
    """The candidacies that an account may know of in the admin (ADR 0020).

    Administrators and the internal body, which keep the register: all (ADR 0058). Reviewers: those
    that sent a questionnaire which they review, since other names may not be public yet. Everybody
    else: none.
    """
    candidacies: QuerySet[CandidacyPage] = CandidacyPage.objects.all()
    if may_change_register(user):
        return candidacies
    reviewed = [kind.key for kind in reviewed_kinds(user)]
    if not reviewed:
        return candidacies.none()
    sent = Submission.objects.filter(
        questionnaire__candidacy=OuterRef("pk"), questionnaire__kind__in=reviewed
    )
    return candidacies.filter(Exists(sent))


def may_read(user: Any) -> bool:
    """Whether an account has this list at all."""
    return may_change_register(user) or bool(reviewed_kinds(user))


class RegisterOnly:
    """Refuse the accounts that may know of no candidacy."""

    request: HttpRequest

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not may_read(request.user):
            raise PermissionDenied
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        return response


def _used(request: HttpRequest, field: str) -> QuerySet[Any]:
    """The values of a catalogue that a candidacy of this list has, in the chosen process if any."""
    known = readable_by(request.user).order_by()
    chosen = request.GET.get("process", "")
    if field != "process" and chosen.isdecimal() and len(chosen) < 10:
        known = known.filter(process=int(chosen))
    return known.values(field)


class _ActorFilter(django_filters.ModelChoiceFilter):
    """Actors of the same name belong to different processes: the label says which."""

    @property
    def field(self) -> Any:
        field = super().field
        field.label_from_instance = lambda actor: (
            f"{actor.acronym or actor.name} · {actor.process.name}"
        )
        return field


class CandidacyFilterSet(WagtailFilterSet):
    """Process, office, territory, actor, state of the questionnaire and of the candidacy."""

    process = django_filters.ModelChoiceFilter(
        queryset=lambda request: Process.objects.filter(pk__in=_used(request, "process")),
        label=gettext_lazy("Proceso"),
        empty_label=gettext_lazy("Todos"),
    )
    office = django_filters.ModelChoiceFilter(
        queryset=lambda request: Office.objects.filter(pk__in=_used(request, "office")),
        label=gettext_lazy("Cargo"),
        empty_label=gettext_lazy("Todos"),
    )
    territory = django_filters.ModelChoiceFilter(
        queryset=lambda request: Territory.objects.filter(pk__in=_used(request, "territory")),
        label=gettext_lazy("Territorio"),
        empty_label=gettext_lazy("Todos"),
    )
    actor = _ActorFilter(
        queryset=lambda request: PoliticalActor.objects.filter(
            pk__in=_used(request, "actor")
        ).select_related("process"),
        label=gettext_lazy("Actor político"),
        empty_label=gettext_lazy("Todos"),
    )
    questionnaire = django_filters.ChoiceFilter(
        choices=QuestionnaireState.choices,
        method="in_state",
        label=gettext_lazy("Estado del cuestionario"),
        empty_label=gettext_lazy("Todos"),
    )
    state = django_filters.ChoiceFilter(
        choices=[
            (CandidacyState.ACTIVE, gettext_lazy("Activas")),
            (CandidacyState.ENDED, gettext_lazy("Dadas de baja")),
        ],
        label=gettext_lazy("Candidatura"),
        empty_label=gettext_lazy("Todas"),
    )

    class Meta:
        model = CandidacyPage
        fields: ClassVar[list[str]] = []

    def in_state(self, rows: QuerySet[Any], name: str, state: str) -> QuerySet[Any]:
        """The candidacies of which some questionnaire that their process asks is in a state."""
        found = Q()
        for kind in kinds.kinds():
            dossiers = Questionnaire.objects.filter(candidacy=OuterRef("pk"), kind=kind.key)
            asked = ProcessQuestionnaire.objects.filter(process=OuterRef("process"), kind=kind.key)
            if state == QuestionnaireState.EMPTY:
                found |= Q(Exists(asked)) & ~Q(Exists(dossiers.exclude(state=state)))
            else:
                found |= Q(Exists(dossiers.filter(state=state)))
        return rows.filter(found)


class _Sight:
    """Where the public sees candidacies: the dates of every office of every process (two queries).

    The people of a rehearsal are seen only while it is the current process.
    """

    def __init__(self) -> None:
        windows = ProcessOffice.objects.values_list("process", "office", "visible_from")
        self._opens = {(process, office): opens for process, office, opens in windows}
        self._public = set(public_processes().values_list("pk", flat=True))

    def of(self, candidacy: CandidacyPage) -> str:
        """A link to the page of a candidacy, or from when there is one."""
        if candidacy.process_id not in self._public:
            return _("No se ve: es un ensayo")
        opens = self._opens.get((candidacy.process_id, candidacy.office_id))
        link = _("Ver su página")
        return seen_at(candidacy.public_path(), opens=opens, link=link, of=candidacy.name)


def sight_of(candidacy: CandidacyPage) -> str:
    """Where the public sees one candidacy."""
    return _Sight().of(candidacy)


def asked_questionnaires(processes: Iterable[int]) -> set[tuple[int, str]]:
    """Which kinds of questionnaire each process asks (one query)."""
    asked = ProcessQuestionnaire.objects.filter(process__in=set(processes))
    return set(asked.values_list("process", "kind"))


def state_of(candidacy: CandidacyPage, kind: Kind, asked: set[tuple[int, str]]) -> str:
    """The state of a questionnaire of a candidacy; a dash if nobody asks it."""
    dossiers = {dossier.kind: dossier for dossier in candidacy.questionnaires.all()}
    if kind.key in dossiers:
        return str(dossiers[kind.key].get_state_display())
    is_asked = (candidacy.process_id, kind.key) in asked
    return str(QuestionnaireState.EMPTY.label) if is_asked else "—"


def position_of(candidacy: CandidacyPage) -> str:
    """The office, and whether it is stood for as an alternate."""
    is_alternate = candidacy.seat_kind == SeatKind.ALTERNATE
    return f"{candidacy.office}, {_('suplente')}" if is_alternate else str(candidacy.office)


class CandidacyListView(Counted, RegisterOnly, BaseListingView):
    """The candidacies that the account may know of, in the order of the ballot."""

    template_name = "moderation/queue.html"
    model = CandidacyPage
    page_title = gettext_lazy("Candidaturas")
    header_icon = "user"
    index_url_name = "register:index"
    index_results_url_name = "register:results"
    filterset_class = CandidacyFilterSet
    paginate_by = 50
    is_searchable = True
    verbose_name_plural = gettext_lazy("candidaturas")
    default_ordering = _BALLOT

    @cached_property
    def columns(self) -> list[Column]:
        """Those of the register, and a column for each kind of questionnaire."""
        asked = asked_questionnaires(Process.objects.values_list("pk", flat=True))
        sight = _Sight()

        def states(kind: Kind) -> Column:
            return Column(
                f"state_{kind.key}",
                label=capfirst(str(kind.name)),
                accessor=lambda row: state_of(row, kind, asked),
            )

        return [
            TitleColumn(
                "name",
                label=_("Candidatura"),
                sort_key="folded_name",
                get_url=lambda row: reverse("register:candidacy", args=[row.pk]),
            ),
            Column("office", label=_("Cargo"), accessor=position_of),
            Column("territory", label=_("Territorio")),
            Column("actor", label=_("Actor político")),
            *(Column("process", label=_("Proceso")) for one in (1,) if self._has_several),
            *map(states, kinds.kinds()),
            Column("sight", label=_("En público"), accessor=sight.of),
        ]

    @cached_property
    def _has_several(self) -> bool:
        return Process.objects.count() > 1

    def get_search_form(self) -> SearchForm:
        return SearchForm(self.request.GET or None, placeholder=_("Buscar por nombre"))

    def get_base_queryset(self) -> QuerySet[CandidacyPage]:
        return (
            readable_by(self.request.user)
            .select_related("process", "office", "territory", "actor")
            .prefetch_related(Prefetch("questionnaires", Questionnaire.objects.order_by("kind")))
        )

    def search_queryset(self, queryset: QuerySet[CandidacyPage]) -> QuerySet[CandidacyPage]:
        for word in identity(self.search_query).split()[:20]:
            queryset = queryset.filter(folded_name__contains=word)
        return queryset
