"""What is read of a process to say how far it is set up: a fixed number of queries.

This module reads from every room, so it stands above all of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone

from cms.accounts.selectors import scopes_in_force
from cms.candidacies.models import CandidacyPage
from cms.catalogs.current_process import chosen_process
from cms.catalogs.models import ActorKind, CandidacyState, Process, ProcessOffice, TermRules
from cms.catalogs.term_rules import rules_of
from cms.imports.models import ImportRecord, State, Upload
from cms.privacy.models import SimplifiedNotice
from cms.published.models import PublishedCandidacy
from cms.questionnaires.models import ProcessQuestionnaire

# Files that were sent and are neither applied nor given up.
_WAITING = (State.RECEIVED, State.CHECKING, State.READY, State.WRONG, State.APPLYING)


@dataclass(frozen=True)
class OfficeStanding:
    """An office of the process: its dates, and how many contests and candidacies it has.

    Attributes:
        without_seats: contests of which nobody said how many people each actor postulates.
        visible: active candidacies that are public now if the process is the current one.
    """

    window: ProcessOffice
    contests: int
    without_seats: int
    visible: int

    @property
    def name(self) -> str:
        return str(self.window.office.name)


@dataclass(frozen=True)
class Standing:
    """How far a process is set up.

    Attributes:
        registered: active candidacies, public or not.
        waiting_files: files of the register that were sent and are not applied.
        notice_from: since when a privacy notice is in force; None: none is.
    """

    process: Process
    current: Process | None
    offices: Sequence[OfficeStanding]
    actors: int
    coalitions_without_members: int
    actors_without_account: int
    questionnaires: Sequence[ProcessQuestionnaire]
    notice_from: datetime | None
    terms: TermRules
    registered: int
    last_import: ImportRecord | None
    waiting_files: int

    @property
    def is_current(self) -> bool:
        return self.current is not None and self.current.pk == self.process.pk

    @property
    def contests(self) -> int:
        return sum(office.contests for office in self.offices)

    @property
    def visible(self) -> int:
        return sum(office.visible for office in self.offices)


def standing_of(process: Process) -> Standing:
    """How far a process is set up (ten queries)."""
    now = timezone.now()
    actors = process.actors.annotate(
        captured=Exists(scopes_in_force().filter(actor=OuterRef("pk")))
    ).aggregate(
        total=Count("pk"),
        bare=Count("pk", filter=Q(kind=ActorKind.COALITION, members=[])),
        alone=Count("pk", filter=Q(captured=False)),
    )
    asked = ProcessQuestionnaire.objects.filter(process=process).select_related("definition")
    notices = SimplifiedNotice.objects.filter(in_force_from__lte=now).order_by("-in_force_from")
    active = CandidacyPage.objects.filter(process=process, state=CandidacyState.ACTIVE)
    records = ImportRecord.objects.filter(process=process).order_by("-imported_at")
    waiting = Upload.objects.filter(process=process, state__in=_WAITING)
    return Standing(
        process=process,
        current=chosen_process(),
        offices=_offices(process, now),
        actors=actors["total"],
        coalitions_without_members=actors["bare"],
        actors_without_account=actors["alone"],
        questionnaires=list(asked),
        terms=rules_of(process),
        notice_from=notices.values_list("in_force_from", flat=True).first(),
        registered=active.count(),
        last_import=records.first(),
        waiting_files=waiting.count(),
    )


def _offices(process: Process, now: datetime) -> list[OfficeStanding]:
    """The offices in the order of the ballot (two queries)."""
    windows = (
        process.offices.select_related("office")
        .annotate(
            held=Count("contests"),
            without_seats=Count("contests", filter=Q(contests__seats=None)),
        )
        .order_by("office__ballot_order")
    )
    rows = PublishedCandidacy.objects.filter(
        process=process, state=CandidacyState.ACTIVE, process_office__visible_from__lte=now
    )
    counted = rows.order_by().values_list("process_office").annotate(number=Count("pk"))
    visible: dict[int, int] = dict(counted)
    found: list[Any] = list(windows)
    return [
        OfficeStanding(one, one.held, one.without_seats, visible.get(one.pk, 0)) for one in found
    ]
