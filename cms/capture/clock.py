"""The clock of a term in words: how long is left, until when, and what happens after it."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cms.candidacies.terms import Term
from cms.catalogs.terms import TermCalendar

# From here on the clock is shown as urgent.
FEW_DAYS = 2


@dataclass(frozen=True)
class Clock:
    """A term at an instant, for who captures.

    Attributes:
        big: what is read first: «4 días». words: the whole sentence, which also says it.
        tone: "", "caution" when little is left, "over" after the term.
    """

    big: str
    words: str
    tone: str = ""

    @property
    def is_over(self) -> bool:
        """Whether what is sent now is late."""
        return self.tone == "over"


def clock_of(term: Term | None, *, at: datetime) -> Clock | None:
    """The clock of a term; None where no term began.

    The hours are those of the place of the candidacy, and days are those of its calendar.
    """
    if term is None:
        return None
    now, due = at.astimezone(term.zone), term.due_at
    if term.is_over(at):
        said = _(
            "Tu plazo terminó el %(until)s: todavía puedes enviar, y quedará como extemporáneo"
            " (fuera de plazo)."
        )
        return Clock(_("Terminó"), said % {"until": _until(term, now)}, "over")
    # In one zone Python subtracts what clocks show, which jump twice a year.
    left = due.astimezone(UTC) - at.astimezone(UTC)
    if left < timedelta(hours=1):
        big = _("Menos de una hora")
        words = _("Te queda menos de una hora: hasta las %s.") % _hour(term)
        return _said(term, big, words, "caution")
    days = term.days_left(at)
    if term.calendar == TermCalendar.HOURS and left < timedelta(days=2):
        return _in_hours(term, left, now)
    if days == 0:
        words = _("Hoy es tu último día: hasta las %s.") % _hour(term)
        return _said(term, _("Hoy"), words, "caution")
    big = ngettext("%d día", "%d días", days) % days
    left_words = ngettext("Te queda %d día", "Te quedan %d días", days) % days
    words = _("%(left)s: hasta el %(until)s.") % {"left": left_words, "until": _until(term, now)}
    return _said(term, big, words, "caution" if days <= FEW_DAYS else "")


def _in_hours(term: Term, left: timedelta, now: datetime) -> Clock:
    hours = int(left.total_seconds() // 3600)
    big = ngettext("%d hora", "%d horas", hours) % hours
    left_words = ngettext("Te queda %d hora", "Te quedan %d horas", hours) % hours
    words = _("%(left)s: hasta el %(until)s.") % {
        "left": left_words,
        "until": _until(term, now),
    }
    return _said(term, big, words, "caution")


def _said(term: Term, big: str, words: str, tone: str) -> Clock:
    if term.reopened:
        words = _("El Instituto abrió tu plazo otra vez. %s") % words
    elif term.corrects:
        words = _("Es tu plazo para corregir. %s") % words
    return Clock(big, words, tone)


def _until(term: Term, now: datetime) -> str:
    """«martes 14 de mayo a las 24:00 h», with the year where it is another one."""
    form = r"l j \d\e F" if term.due_at.year == now.year else r"l j \d\e F \d\e Y"
    return _("%(day)s a las %(hour)s") % {
        "day": date_format(term.due_at, form),
        "hour": _hour(term),
    }


def _hour(term: Term) -> str:
    """«24:00 h»; and whose hour it is, where the institute has another one."""
    if term.due_at.utcoffset() == timezone.localtime(term.due_at).utcoffset():
        return term.ends_words
    return _("%s (hora de tu municipio)") % term.ends_words
