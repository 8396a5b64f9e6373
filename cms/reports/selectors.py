"""What is read of the progress of a process."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from cms.candidacies.models import CandidacyPage
from cms.catalogs.models import (
    CandidacyState,
    Office,
    PoliticalActor,
    PortalSettings,
    Process,
    ProcessOffice,
    Territory,
)
from cms.published.models import PublishedCandidacy
from cms.questionnaires.kinds import Kind
from cms.questionnaires.models import Questionnaire, QuestionnaireState
from cms.questionnaires.selectors import asked_in
from cms.reports.figures import ACTOR, OFFICE, TERRITORY, Counted, count
from cms.reports.models import USUAL_IDLE_DAYS, FollowUpRule


@dataclass(frozen=True)
class OfficeInPublic:
    """What the public sees, or will see, of an office.

    Attributes:
        registered: candidacies that are seen while the office is visible.
        informed: of them, those with published answers.
        register_is_public, answers_are_public: at the instant of the cut.
    """

    window: ProcessOffice
    registered: int
    informed: int
    register_is_public: bool
    answers_are_public: bool


@dataclass(frozen=True)
class Progress:
    """A process at one instant.

    Attributes:
        at: the cut.
        idle_days: from how many days without movement a questionnaire is idle.
        actors, offices, territories: by id, those that have candidacies.
    """

    process: Process
    at: datetime
    kinds: Sequence[Kind]
    idle_days: int
    counted: Counted
    actors: Mapping[int, PoliticalActor]
    offices: Mapping[int, Office]
    territories: Mapping[int, Territory]
    in_public: Sequence[OfficeInPublic]


def processes() -> list[Process]:
    """Every process, the current one first and then the latest election (one query).

    Each says with `is_current` whether it is the one of the portal.
    """
    current = PortalSettings.objects.filter(current_process=OuterRef("pk"))
    return list(
        Process.objects.annotate(is_current=Exists(current)).order_by(
            "-is_current", F("election_date").desc(nulls_last=True), "-pk"
        )
    )


def progress_of(process: Process, *, at: datetime) -> Progress:
    """The progress of a process (eight queries, however many candidacies it has)."""
    kinds = [kind for kind, _in_use in asked_in(process)]
    idle_days = (
        FollowUpRule.objects.filter(process=process).values_list("idle_days", flat=True).first()
        or USUAL_IDLE_DAYS
    )
    counted = count(process_pk=process.pk, kinds=kinds, at=at, idle_days=idle_days)
    return Progress(
        process=process,
        at=at,
        kinds=kinds,
        idle_days=idle_days,
        counted=counted,
        actors=PoliticalActor.objects.in_bulk(counted.ids(ACTOR)),
        offices=Office.objects.in_bulk(counted.ids(OFFICE)),
        territories=Territory.objects.in_bulk(counted.ids(TERRITORY)),
        in_public=_in_public(process, at),
    )


def _in_public(process: Process, at: datetime) -> list[OfficeInPublic]:
    """The offices of a process in ballot order, with what is public of each (two queries)."""
    found = (
        PublishedCandidacy.objects.filter(process=process, state=CandidacyState.ACTIVE)
        .order_by()
        .values_list("process_office")
        .annotate(
            registered=Count("pk"), informed=Count("pk", filter=Q(published_at__isnull=False))
        )
    )
    counts = {window: (registered, informed) for window, registered, informed in found}
    windows = process.offices.select_related("office", "visibility").order_by(
        "office__ballot_order", "office__code"
    )
    return [
        OfficeInPublic(
            window,
            *counts.get(window.pk, (0, 0)),
            register_is_public=at in window.visibility.register_during,
            answers_are_public=at in window.visibility.answers_during,
        )
        for window in windows
    ]


def silent(process: Process, kind: Kind) -> QuerySet[CandidacyPage]:
    """The active candidacies with nothing captured of a kind, by actor, in ballot order."""
    begun = Questionnaire.objects.filter(candidacy=OuterRef("pk"), kind=kind.key).exclude(
        state=QuestionnaireState.EMPTY
    )
    found: QuerySet[CandidacyPage] = CandidacyPage.objects.filter(
        ~Exists(begun), process=process, state=CandidacyState.ACTIVE
    )
    return found.select_related("actor", "office", "territory").order_by(
        "actor__ballot_order",
        "actor__name",
        "territory__sort_key",
        "office__ballot_order",
        "list_number",
        "seat_kind",
        "folded_name",
    )
