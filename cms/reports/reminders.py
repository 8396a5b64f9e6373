"""Reminding by e-mail who has not sent: on the days of the process's rules, the last and the next.

One message a day to each account, with all its candidacies. Nobody is written to about a rehearsal,
nor from a training copy, nor after the election.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.db.models import F, OuterRef, Q, Subquery
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from cms.accounts.models import Role, User
from cms.candidacies.models import CandidacyPage, CaptureTerm
from cms.candidacies.selectors import capturable_by, capturers_of_any
from cms.candidacies.terms import StartEvent
from cms.catalogs.addresses import internal_url
from cms.catalogs.listing import moment_in
from cms.catalogs.models import Process, TermRules
from cms.catalogs.term_rules import holidays, rules_of
from cms.catalogs.terms import Counting, day_number
from cms.catalogs.time_zones import zone_of
from cms.notifications.kinds import Message, NotificationKind
from cms.notifications.models import Notification
from cms.notifications.services import notify
from cms.reports.term_figures import followed_kinds, in_order, with_terms

FROM_HOUR: Final = 8
MOST_NAMED: Final = 40
# What is told is a process and a day: both in one number, which the queue may know.
_DAYS: Final = 10_000_000


@dataclass(frozen=True)
class Due:
    """A candidacy that has something to send, and the words of why it is told today."""

    candidacy: CandidacyPage
    until: str
    is_over: bool


def remind(*, at: datetime) -> int:
    """Ask for the reminders of today, from eight in the morning on; safe to repeat.

    Returns: how many messages were asked for.
    """
    local = timezone.localtime(at)
    if settings.CONOCELES_TRAINING or local.hour < FROM_HOUR:
        return 0
    running = Process.objects.filter(rehearsal_of=None).filter(
        Q(election_date=None) | Q(election_date__gte=local.date())
    )
    asked = 0
    for pk in running.order_by("pk").values_list("pk", flat=True):
        about = _about(pk, local.date())
        if not Notification.objects.filter(kind=REMINDED.key, about=about).exists():
            asked += notify(kind=REMINDED.key, about=about)
    return asked


def due_on(process: Process, day: date, *, among: Any = None) -> list[Due]:
    """The candidacies of a process that are told something on a day, those that end first first.

    Args:
        among: only these candidacies, as a queryset; None: all of the process.
    """
    rules, counting_days = rules_of(process), _Days()
    captured = CaptureTerm.objects.filter(
        candidacy=OuterRef("pk"), event=StartEvent.ACCOUNT_DELIVERED
    )
    found: Any = with_terms(process, followed_kinds(process)).filter(pending=True)
    if among is not None:
        found = found.filter(pk__in=among.values("pk"))
    found = found.annotate(
        begun=Subquery(captured.values("starts_at")[:1]),
        first_ends=Subquery(captured.values("due_at")[:1]),
        counted_in=Subquery(captured.values("calendar")[:1]),
        cvegeo=F("territory__cvegeo"),
    )
    return [
        Due(one, moment_in(one.ends, zone_of(one.cvegeo)), _last_day(one) < day)
        for one in in_order(found)
        if _is_told(one, day, rules, counting_days)
    ]


def _last_day(candidacy: Any) -> date:
    ends: datetime = candidacy.ends
    return ends.astimezone(zone_of(candidacy.cvegeo)).date()


def _is_told(candidacy: Any, day: date, rules: TermRules, days: "_Days") -> bool:
    """On the last day and the next one; and, in the term of capture, on the days of the rules."""
    last = _last_day(candidacy)
    if day in (last, last + timedelta(days=1)):
        return True
    # A correction or a reopening that ends later has no days of its own.
    if day > last or candidacy.begun is None or candidacy.ends != candidacy.first_ends:
        return False
    number = days.number(candidacy, day, every_day=rules.every_day)
    return number in rules.reminder_days


class _Days:
    """Which day of its term a day is, counted once for terms that began alike."""

    def __init__(self) -> None:
        self.holidays = holidays()
        self._known: dict[Any, int] = {}

    def number(self, candidacy: Any, day: date, *, every_day: bool) -> int:
        zone = zone_of(candidacy.cvegeo)
        begun = candidacy.begun.astimezone(zone)
        key = (begun.date(), candidacy.counted_in, day)
        if key not in self._known:
            counting = Counting(zone, self.holidays, every_day)
            self._known[key] = day_number(begun, day, candidacy.counted_in, counting)
        return self._known[key]


def _about(process_pk: int, day: date) -> int:
    return process_pk * _DAYS + day.toordinal()


def _process_and_day(about: int) -> tuple[Process | None, date]:
    pk, ordinal = divmod(about, _DAYS)
    return Process.objects.filter(pk=pk).first(), date.fromordinal(ordinal)


def _recipients(about: int) -> Iterable[int]:
    """Every account with an address that captures one of the candidacies of the day."""
    process, day = _process_and_day(about)
    if process is None:
        return []
    told = [one.candidacy.pk for one in due_on(process, day)]
    able = capturers_of_any(CandidacyPage.objects.filter(pk__in=told)).exclude(email="")
    return list(able.values_list("pk", flat=True))


def _message(about: int, user_id: int) -> Message | None:
    """One mail with the candidacies that still have to be sent; None if none does, or too late."""
    process, day = _process_and_day(about)
    user = User.objects.filter(pk=user_id, is_active=True).exclude(email="").first()
    if process is None or user is None or timezone.localdate() - day > timedelta(days=1):
        return None
    found = due_on(process, day, among=capturable_by(user))
    if not found:
        return None
    own = user.role == Role.CANDIDATE
    named = found[:MOST_NAMED]
    context = {
        "own": own,
        "process": process,
        "count": len(found),
        "running": [one for one in named if not one.is_over],
        "over": [one for one in named if one.is_over],
        "more": len(found) > MOST_NAMED,
        "address": internal_url("/captura/"),
    }
    subject = _("Falta tu cuestionario") if own else _("Faltan cuestionarios de tus candidaturas")
    return Message(
        address=user.email,
        subject=subject,
        body=render_to_string("terms/reminder_mail.txt", context),
    )


REMINDED = NotificationKind("plazo_recordatorio", _recipients, _message)
