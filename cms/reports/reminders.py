"""Reminding by e-mail who has not sent: on the days of the process's rules, the last and the next.

One message a day to each account, with all its candidacies. What could not be sent on its day is
sent late, once, while it makes sense. Nobody is written to about a rehearsal, nor from a training
copy, nor after the election.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
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
from cms.notifications.services import notify_these
from cms.questionnaires.models import Questionnaire, QuestionnaireState
from cms.reports.term_figures import followed_kinds, in_order, with_terms

FROM_HOUR: Final = 8
MOST_NAMED: Final = 40
# A worker that was away over a weekend reminds on Monday of what was due on Saturday.
MOST_LATE: Final = timedelta(days=2)
# So many accounts in a transaction: whoever stops in the middle goes on with the rest.
AT_ONCE: Final = 200
# What is told is a process and a day: both in one number, which the queue may know.
_DAYS: Final = 10_000_000


@dataclass(frozen=True)
class Due:
    """A candidacy that has something to send, and why it is told.

    Attributes:
        on: the day on which it is due to be told. last: of its term. until: its end, in words.
    """

    candidacy: CandidacyPage
    on: date
    last: date
    until: str


def remind(*, at: datetime) -> int:
    """Ask for the reminders of today, and for those that were missed, from eight in the morning on.

    It is safe to repeat and to interrupt: each run asks for those that are still to be told.

    Returns: how many messages were asked for.
    """
    local = timezone.localtime(at)
    if settings.CONOCELES_TRAINING or local.hour < FROM_HOUR:
        return 0
    running = Process.objects.filter(rehearsal_of=None).filter(
        Q(election_date=None) | Q(election_date__gte=local.date())
    )
    return sum(_remind_of(process, local.date()) for process in running.order_by("pk"))


def _remind_of(process: Process, day: date) -> int:
    waiting = _still_to_tell(process, day)
    about = _about(process.pk, day)
    return sum(
        notify_these(kind=REMINDED.key, about=about, recipients=waiting[start : start + AT_ONCE])
        for start in range(0, len(waiting), AT_ONCE)
    )


def _still_to_tell(process: Process, day: date) -> list[int]:
    """The accounts with an address that have a candidacy due, and were not told since that day."""
    due: dict[date, list[int]] = {}
    for one in due_on(process, day, since=day - MOST_LATE):
        due.setdefault(one.on, []).append(one.candidacy.pk)
    told = _told_last(process, day)
    waiting: dict[int, None] = {}
    for on, candidacies in sorted(due.items()):
        able = capturers_of_any(CandidacyPage.objects.filter(pk__in=candidacies)).exclude(email="")
        for user in able.values_list("pk", flat=True):
            if told.get(user, date.min) < on:
                waiting[user] = None
    return list(waiting)


def _told_last(process: Process, day: date) -> dict[int, date]:
    """When each account was reminded last: asked on this day, or asked before and not dropped."""
    today = _about(process.pk, day)
    rows = Notification.objects.filter(
        kind=REMINDED.key, about__range=(today - MOST_LATE.days, today)
    ).filter(Q(dropped_at=None) | Q(about=today))
    found = rows.order_by("about").values_list("recipient", "about")
    return {recipient: date.fromordinal(about % _DAYS) for recipient, about in found}


def due_on(
    process: Process, day: date, *, since: date | None = None, among: Any = None
) -> list[Due]:
    """The candidacies of a process that are told something on a day, those that end first first.

    Args:
        since: an earlier day: also those that were to be told from then on, with their latest day.
        among: only these candidacies, as a queryset; None: all of the process.
    """
    rules, counting_days = rules_of(process), _Days()
    captured = CaptureTerm.objects.filter(
        candidacy=OuterRef("pk"), event=StartEvent.ACCOUNT_DELIVERED
    )
    kinds = followed_kinds(process)
    returned = Questionnaire.objects.filter(
        candidacy=OuterRef("pk"),
        kind__in=[kind.key for kind in kinds],
        state=QuestionnaireState.OBSERVED,
    )
    found: Any = with_terms(process, kinds).filter(pending=True)
    if among is not None:
        found = found.filter(pk__in=among.values("pk"))
    found = found.annotate(
        begun=Subquery(captured.values("starts_at")[:1]),
        first_ends=Subquery(captured.values("due_at")[:1]),
        counted_in=Subquery(captured.values("calendar")[:1]),
        returned_at=Subquery(returned.order_by("-state_since").values("state_since")[:1]),
        cvegeo=F("territory__cvegeo"),
    )
    late = (day - since).days if since is not None else 0
    days = [day - timedelta(days=passed) for passed in range(late + 1)]
    told = ((one, _latest(one, days, rules, counting_days)) for one in in_order(found))
    return [
        Due(one, on, _last_day(one), moment_in(one.ends, zone_of(one.cvegeo)))
        for one, on in told
        if on is not None
    ]


def _latest(
    candidacy: Any, days: Iterable[date], rules: TermRules, counting_days: "_Days"
) -> date | None:
    """The first of these days on which a candidacy is told; None if there is none.

    What the institute returned later than that is told by its own message.
    """
    for day in days:
        if _is_told(candidacy, day, rules, counting_days):
            returned = candidacy.returned_at
            return day if returned is None or returned <= _begins(day) else None
    return None


def _begins(day: date) -> datetime:
    """The hour from which a day's reminders are sent."""
    return datetime.combine(day, time(FROM_HOUR), tzinfo=timezone.get_current_timezone())


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
    """Every account that still has to be told on the day."""
    process, day = _process_and_day(about)
    return [] if process is None else _still_to_tell(process, day)


def _message(about: int, user_id: int) -> Message | None:
    """One mail with the candidacies that still have to be sent.

    None if there is none, if it is too late, or if a later reminder says the same.
    """
    process, day = _process_and_day(about)
    user = User.objects.filter(pk=user_id, is_active=True).exclude(email="").first()
    today = timezone.localdate()
    if process is None or user is None or today - day > MOST_LATE:
        return None
    asked = Notification.objects.filter(kind=REMINDED.key, recipient=user_id, dropped_at=None)
    if asked.filter(about__gt=about, about__lt=_about(process.pk + 1, date.min)).exists():
        return None
    sent = asked.filter(sent_at__isnull=False)
    before = sent.filter(about__range=(about - MOST_LATE.days, about - 1)).order_by("-about")
    told = before.values_list("about", flat=True).first()
    since = day - MOST_LATE if told is None else date.fromordinal(told % _DAYS) + timedelta(days=1)
    found = due_on(process, day, since=since, among=capturable_by(user))
    if not found:
        return None
    own = user.role == Role.CANDIDATE
    named = found[:MOST_NAMED]
    context = {
        "own": own,
        "process": process,
        "count": len(found),
        "running": [one for one in named if one.last >= today],
        "over": [one for one in named if one.last < today],
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
