"""Terms: how long they are, in which calendar they are counted, and their last instant. Pure.

A term in days ends when its last day ends, where the person is; a term in hours ends with the
minute. Whatever happens up to the last instant, and in it, is in time.

Source: LGPDPPSO 3-XII (working days); LGSMIME 7 (in an electoral process all days count); ADR 0057.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

MOST_DAYS: Final = 365
MOST_HOURS: Final = 24 * MOST_DAYS
_SMALLEST: Final = timedelta(microseconds=1)
_DAY: Final = timedelta(days=1)
_SATURDAY: Final = 5
# A run of days that do not count is never as long as this: somebody wrote the holidays wrong.
_LONGEST_SPAN: Final = timedelta(days=10 * MOST_DAYS)


class TermCalendar(models.TextChoices):
    WORKING = "habiles", gettext_lazy("días hábiles")
    NATURAL = "naturales", gettext_lazy("días naturales")
    HOURS = "horas", gettext_lazy("horas")


class ImpossibleTerm(ValueError):
    """A term that cannot be counted; `explanation` says why, in Spanish."""

    def __init__(self, explanation: str) -> None:
        self.explanation = explanation
        super().__init__(explanation)


@dataclass(frozen=True)
class Length:
    """How long a term is: «15 días naturales». Raises: ImpossibleTerm."""

    number: int
    calendar: str

    def __post_init__(self) -> None:
        if problem := problem_of(self.number, self.calendar):
            raise ImpossibleTerm(problem)


@dataclass(frozen=True)
class Counting:
    """Where and how days are counted.

    Attributes:
        zone: the time of the place where the person is: their days end when that place's do.
        holidays: the days on which the institute does not work.
        every_day: Saturdays, Sundays and holidays are working days too (LGSMIME 7).
    """

    zone: tzinfo
    holidays: Collection[date] = frozenset()
    every_day: bool = False

    def counts(self, day: date, calendar: str) -> bool:
        """Whether a day counts in a term of this calendar."""
        if calendar != TermCalendar.WORKING or self.every_day:
            return True
        return day.weekday() < _SATURDAY and day not in self.holidays


def problem_of(number: int, calendar: str) -> str:
    """Why a term cannot be so long, in Spanish; empty when it can."""
    if calendar not in TermCalendar.values:
        return _("Elige si el plazo se cuenta en días hábiles, en días naturales o en horas.")
    most = MOST_HOURS if calendar == TermCalendar.HOURS else MOST_DAYS
    if not 1 <= number <= most:
        return _("Escribe un número de 1 a %d.") % most
    return ""


def due_at(start: datetime, length: Length, counting: Counting) -> datetime:
    """The last instant of a term, in the time of its place.

    Args:
        start: the instant of the event that starts it, aware. The day of the event does not count.

    Raises: ImpossibleTerm where no such day exists.
    """
    try:
        if length.calendar == TermCalendar.HOURS:
            ends = start.astimezone(UTC) + timedelta(hours=length.number)
            last = ends.replace(second=0, microsecond=0) + timedelta(minutes=1) - _SMALLEST
            return last.astimezone(counting.zone)
        return _end_of(_last_day(start, length, counting), counting.zone)
    except OverflowError:
        raise ImpossibleTerm(_("Esa fecha no existe.")) from None


def day_number(start: datetime, on: date, calendar: str, counting: Counting) -> int:
    """Which day of its term a day is: 0 on the day of the event, 1 on the first that counts."""
    first = start.astimezone(counting.zone).date()
    span = max(0, min((on - first).days, _LONGEST_SPAN.days))
    days = (first + _DAY * passed for passed in range(1, span + 1))
    return sum(counting.counts(day, calendar) for day in days)


def end_of_day(day: date, zone: tzinfo) -> datetime:
    """The last instant of a day in a place: 24:00, less the smallest instant that there is."""
    return _end_of(day, zone)


def _last_day(start: datetime, length: Length, counting: Counting) -> date:
    first = day = start.astimezone(counting.zone).date()
    left = length.number
    while left:
        day += _DAY
        left -= counting.counts(day, length.calendar)
        if day - first > _LONGEST_SPAN:
            raise ImpossibleTerm(_("Hay demasiados días inhábiles: revisa su lista."))
    return day


def _end_of(day: date, zone: tzinfo) -> datetime:
    # In UTC, since the clocks may change in between.
    midnight = datetime.combine(day + _DAY, time.min, zone).astimezone(UTC)
    return (midnight - _SMALLEST).astimezone(zone)
