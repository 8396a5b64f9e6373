"""The terms of a process: when each candidacy's ends, and whether it still has something to send.

Questionnaires with sensitive data are left out: whether somebody began one is for nobody to read.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any, Final

from django.db.models import (
    BooleanField,
    Count,
    Exists,
    ExpressionWrapper,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Greatest

from cms.candidacies.models import CandidacyPage, CaptureTerm, Reopening
from cms.catalogs.models import CandidacyState, Process
from cms.catalogs.time_zones import zone_of
from cms.questionnaires.kinds import Kind
from cms.questionnaires.models import Questionnaire, QuestionnaireState
from cms.questionnaires.selectors import asked_in
from cms.reports.figures import PENDING

OVER, TODAY, SOON, LATER = "vencidos", "hoy", "pronto", "despues"
SOON_DAYS: Final = 3


@dataclass(frozen=True)
class Day:
    """The terms that end on one day, where the candidacies are."""

    day: date
    total: int
    pending: int
    over: bool


def followed_kinds(process: Process) -> list[Kind]:
    """The questionnaires of a process of which everybody who follows it may know."""
    return [kind for kind, _in_use in asked_in(process) if not kind.is_sensitive]


def with_terms(process: Process, kinds: Sequence[Kind]) -> QuerySet[CandidacyPage]:
    """The active candidacies whose term began; each has `ends`, `reopened_until` and `pending`."""
    own = {"candidacy": OuterRef("pk")}
    run = CaptureTerm.objects.filter(**own).filter(
        Q(kind="") | Q(kind__in=[kind.key for kind in kinds])
    )
    found: Any = CandidacyPage.objects.filter(process=process, state=CandidacyState.ACTIVE)
    dated: QuerySet[CandidacyPage] = (
        found.annotate(
            term_ends=_latest(run, "due_at"),
            reopened_until=_latest(Reopening.objects.filter(**own), "until"),
        )
        .filter(term_ends__isnull=False)
        # PostgreSQL leaves out what is null.
        .annotate(
            ends=Greatest("term_ends", "reopened_until"),
            pending=ExpressionWrapper(_pending(kinds), output_field=BooleanField()),
        )
    )
    return dated


def _latest(rows: QuerySet[Any], name: str) -> Subquery:
    by_candidacy = rows.order_by().values("candidacy")
    return Subquery(by_candidacy.annotate(last=Max(name)).values("last"))


def _pending(kinds: Sequence[Kind]) -> Any:
    """Whether some questionnaire waits for the candidacy, and not for the institute."""
    if not kinds:
        return Value(False, output_field=BooleanField())
    return reduce(or_, (~Exists(_settled(kind)) for kind in kinds))


def _settled(kind: Kind) -> QuerySet[Questionnaire]:
    """The questionnaires of a candidacy of which nothing is to be sent by it now."""
    dossiers = Questionnaire.objects.filter(candidacy=OuterRef("pk"), kind=kind.key)
    waiting = [state.value for state in PENDING]
    never_sent = Q(state=QuestionnaireState.CAPTURE, page=None)
    return dossiers.exclude(state__in=waiting).exclude(never_sent)


def days(process: Process, *, at: datetime) -> list[Day]:
    """How many terms of a process end on each day, and how many of those wait (two queries)."""
    rows = (
        with_terms(process, followed_kinds(process))
        .order_by()
        .values("ends", "territory__cvegeo")
        .annotate(total=Count("pk"), waiting=Count("pk", filter=Q(pending=True)))
    )
    totals: dict[tuple[date, bool], list[int]] = defaultdict(lambda: [0, 0])
    for row in rows:
        local = row["ends"].astimezone(zone_of(row["territory__cvegeo"])).date()
        counted = totals[local, at > row["ends"]]
        counted[0] += row["total"]
        counted[1] += row["waiting"]
    return [
        Day(day, total, pending, over) for (day, over), (total, pending) in sorted(totals.items())
    ]


def in_order(candidacies: QuerySet[CandidacyPage]) -> QuerySet[CandidacyPage]:
    """Those that end first come first, and then the order of the ballot."""
    return candidacies.select_related("actor", "office", "territory").order_by(
        "ends",
        "actor__ballot_order",
        "actor__name",
        "territory__sort_key",
        "office__ballot_order",
        "list_number",
        "seat_kind",
        "folded_name",
        "pk",
    )


def narrowed(
    candidacies: QuerySet[CandidacyPage], *, which: str, sent: str, actor: int, at: datetime
) -> QuerySet[CandidacyPage]:
    """Those of the list that a filter shows.

    Args:
        which: OVER, TODAY (what ends within a day), SOON (within SOON_DAYS), LATER; else all.
        sent: "falta" or "enviado"; anything else: both. actor: the id of an actor; 0: all.
    """
    ends = {
        OVER: Q(ends__lt=at),
        TODAY: Q(ends__gte=at, ends__lt=at + timedelta(days=1)),
        SOON: Q(ends__gte=at, ends__lt=at + timedelta(days=SOON_DAYS)),
        LATER: Q(ends__gte=at + timedelta(days=SOON_DAYS)),
    }
    found = candidacies.filter(ends.get(which, Q()))
    if sent in ("falta", "enviado"):
        found = found.filter(pending=sent == "falta")
    if actor:
        found = found.filter(Q(actor=actor) | Q(responsible_actor=actor))
    return found


def overdue(process: Process, *, at: datetime) -> int:
    """How many candidacies of a process have something to send and no term left (two queries)."""
    found = with_terms(process, followed_kinds(process))
    return narrowed(found, which=OVER, sent="falta", actor=0, at=at).count()


def is_reopened(candidacy: Any) -> bool:
    """Whether its term ends when it does because it was opened again."""
    return candidacy.reopened_until is not None and candidacy.ends == candidacy.reopened_until
