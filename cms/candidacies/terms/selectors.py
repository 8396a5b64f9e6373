"""What is read of the terms of candidacies."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Any

from django.db.models import F, Max, OuterRef, Q, QuerySet, Subquery

from cms.candidacies.models import CandidacyPage
from cms.candidacies.term_models import CaptureTerm, Reopening, StartEvent
from cms.catalogs.time_zones import zone_of


@dataclass(frozen=True)
class Term:
    """Until when a candidacy sends in time.

    Attributes:
        starts_at: when the term began that ends last.
        due_at: its last instant, in the time of the place; what is sent in it is in time.
        number, calendar: how it was counted, as «15» and «naturales».
        corrects: whether it is the term to correct what was observed.
        reopened: whether it ends when it does because the institute opened it again.
    """

    starts_at: datetime
    due_at: datetime
    number: int
    calendar: str
    corrects: bool = False
    reopened: bool = False

    def is_over(self, at: datetime) -> bool:
        """Whether what is sent at an instant is late."""
        return at > self.due_at

    @property
    def zone(self) -> tzinfo | None:
        """The time of the place."""
        return self.due_at.tzinfo

    @property
    def last_day(self) -> date:
        """The last day of the term, where the person is."""
        return self.due_at.date()

    @property
    def ends_words(self) -> str:
        """The hour at which it ends, as people say it: «24:00 h» at the end of a day."""
        is_midnight = (self.due_at + timedelta(microseconds=1)).date() > self.last_day
        return "24:00 h" if is_midnight else f"{self.due_at:%-H:%M} h"

    def days_left(self, at: datetime) -> int:
        """How many days come after that of an instant: 0 on the last day, and when it is over."""
        return max(0, (self.last_day - at.astimezone(self.zone).date()).days)


def terms_of(
    candidacies: Iterable[CandidacyPage | int], *, kind: str | None = None
) -> dict[int, Term]:
    """The term of each candidacy that has one (one query).

    Several may run at once, of capture and of correction: the one that ends last counts, and so
    does a reopening that ends later still.

    Args:
        kind: the questionnaire that is asked about; None: any of them.
    """
    ids = [one if isinstance(one, int) else one.pk for one in candidacies]
    rows: QuerySet[Any, Any] = _applicable(ids, kind).values(
        "candidacy_id",
        "starts_at",
        "due_at",
        "number",
        "calendar",
        "event",
        cvegeo=F("candidacy__territory__cvegeo"),
        until=_latest_reopening(),
    )
    # The one that ends last is read last, and stays.
    return {row["candidacy_id"]: _term(row) for row in rows.order_by("due_at", "pk")}


def term_of(candidacy: CandidacyPage | int, *, kind: str | None = None) -> Term | None:
    """The term of one candidacy; None if none began (one query)."""
    pk = candidacy if isinstance(candidacy, int) else candidacy.pk
    return terms_of([pk], kind=kind).get(pk)


def _applicable(ids: Collection[int], kind: str | None) -> QuerySet[CaptureTerm]:
    found = CaptureTerm.objects.filter(candidacy__in=ids)
    return found if kind is None else found.filter(Q(kind="") | Q(kind=kind))


def _latest_reopening() -> Subquery:
    of_candidacy = Reopening.objects.filter(candidacy=OuterRef("candidacy")).order_by()
    return Subquery(of_candidacy.values("candidacy").annotate(last=Max("until")).values("last"))


def _term(row: dict[str, Any]) -> Term:
    until, due_at = row["until"], row["due_at"]
    reopened = until is not None and until > due_at
    return Term(
        starts_at=row["starts_at"],
        due_at=(until if reopened else due_at).astimezone(zone_of(row["cvegeo"])),
        number=row["number"],
        calendar=row["calendar"],
        corrects=row["event"] == StartEvent.CORRECTION_ASKED,
        reopened=reopened,
    )
