"""The list of days on which the institute does not work: proposals, lines that were pasted, adding.

A change of the list moves no term that runs (ADR 0057).
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.log_actions import log

from cms.catalogs.files import read_catalogue
from cms.catalogs.models import Holiday
from cms.catalogs.spanish import clean_line, fold
from cms.catalogs.term_models import EARLIEST, LATEST

MAY_ADD: Final = "catalogs.add_holiday"
MOST_LINES: Final = 400
LONGEST_NAME: Final = 120
_MONTHS: Final = (
    "enero",
    "febrero",
    "marzo",
    "abril",
    "mayo",
    "junio",
    "julio",
    "agosto",
    "septiembre",
    "octubre",
    "noviembre",
    "diciembre",
)
_NUMBERS: Final = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})\b")
_ISO: Final = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})\b")
_WORDS: Final = re.compile(
    r"(\d{1,2})(?:o|º)? de ([a-záéíóúü]+) (?:de|del) (\d{4})\b", re.IGNORECASE
)


@dataclass(frozen=True)
class NamedDay:
    """A day and why it does not count."""

    day: date
    name: str

    def __str__(self) -> str:
        return f"{self.day:%d/%m/%Y} {self.name}"


@dataclass(frozen=True)
class Pasted:
    """What a text with a day in each line says, and what could not be read, line by line."""

    days: Sequence[NamedDay]
    problems: Sequence[str]


def of_the_law(year: int) -> list[NamedDay]:
    """The compulsory days of rest of a year, as a proposal. Election days are not among them.

    Source: LFT 74.
    """
    return [
        NamedDay(_day_of(year, int(row["mes"]), row["regla"]), row["nombre"])
        for row in read_catalogue("dias_de_descanso.csv")
        if _is_in(year, every=int(row["cada"]), since=int(row["desde"] or 0))
    ]


def _is_in(year: int, *, every: int, since: int) -> bool:
    return year >= since and (year - since) % every == 0


def _day_of(year: int, month: int, rule: str) -> date:
    """«16», or «lunes 3»: the third Monday of the month."""
    if rule.isdecimal():
        return date(year, month, int(rule))
    first = date(year, month, 1)
    monday = first + timedelta(days=-first.weekday() % 7)
    return monday + timedelta(weeks=int(rule.split()[1]) - 1)


def copied(from_year: int, to_year: int) -> list[NamedDay]:
    """The list of one year on the same days of another; 29 February has no day in most years.

    What the law puts on a Monday is on the Monday of the other year (one query).
    """
    by_law = {fold(one.name): one.day for one in of_the_law(to_year)}
    found = []
    for one in Holiday.objects.filter(day__year=from_year).order_by("day"):
        same = by_law.get(fold(one.name)) or _same_day(one.day, to_year)
        if same is not None:
            found.append(NamedDay(same, one.name))
    return found


def _same_day(day: date, year: int) -> date | None:
    try:
        return day.replace(year=year)
    except ValueError:
        return None


def written(days: Iterable[NamedDay]) -> str:
    """Days as lines that `pasted` reads."""
    return "\n".join(map(str, sorted(days, key=lambda one: one.day)))


def pasted(text: str) -> Pasted:
    """Read a day with its reason from each line: «01/05/2027 Día del Trabajo».

    «2027-05-01» and «1 de mayo de 2027» are days too; commas, semicolons and tabs may part them
    from the reason. A day that comes twice counts once, with its first reason.
    """
    days: dict[date, NamedDay] = {}
    problems = []
    lines = [line for line in text.splitlines() if clean_line(line)]
    if not lines:
        return Pasted([], [_("Escribe al menos un día con su motivo.")])
    if len(lines) > MOST_LINES:
        return Pasted([], [_("Son demasiados renglones: pega a lo más %d.") % MOST_LINES])
    for number, line in enumerate(lines, start=1):
        found = _read(clean_line(line))
        if isinstance(found, NamedDay):
            days.setdefault(found.day, found)
        else:
            said = _("Renglón %(number)d, «%(line)s»: %(problem)s")
            shown = clean_line(line)[:60]
            problems.append(said % {"number": number, "line": shown, "problem": found})
    return Pasted(list(days.values()), problems)


def _read(line: str) -> NamedDay | str:
    """A day with its reason; a text says what is wrong."""
    for pattern, order in ((_ISO, (0, 1, 2)), (_NUMBERS, (2, 1, 0)), (_WORDS, (2, 1, 0))):
        if (match := pattern.match(line)) is None:
            continue
        year, month, day = (match.groups()[place] for place in order)
        try:
            found = date(int(year), _month(month), int(day))
        except ValueError:
            return _("esa fecha no existe.")
        name = line[match.end() :].strip(" ,;:\t-–—·")
        return _named(found, name)
    return _("empieza con la fecha, como 01/05/2027.")


def _month(written_as: str) -> int:
    """A month by its number or its name. Raises: ValueError."""
    if written_as.isdecimal():
        return int(written_as)
    return _MONTHS.index(fold(written_as)) + 1


def _named(day: date, name: str) -> NamedDay | str:
    if not EARLIEST <= day <= LATEST:
        return _("escribe un año de %(from)d a %(to)d.") % {
            "from": EARLIEST.year,
            "to": LATEST.year,
        }
    if not name:
        return _("falta el motivo después de la fecha.")
    if len(name) > LONGEST_NAME:
        return _("el motivo es muy largo: a lo más %d caracteres.") % LONGEST_NAME
    return NamedDay(day, name)


@transaction.atomic
def add(*, days: Iterable[NamedDay], by: Any) -> tuple[int, int]:
    """Add the days that the list does not have yet.

    Returns: how many were added, and how many were there already, which stay as they are.
    Raises: PermissionDenied.
    """
    if not by.has_perm(MAY_ADD):
        raise PermissionDenied
    wanted = {one.day: one for one in days}
    known = set(Holiday.objects.filter(day__in=wanted).values_list("day", flat=True))
    added = 0
    for day, one in sorted(wanted.items()):
        if day in known:
            continue
        # Two people may paste the same list at once.
        row, is_new = Holiday.objects.get_or_create(day=day, defaults={"name": one.name})
        added += is_new
        if is_new:
            log(instance=row, action="wagtail.create", user=by)
    return added, len(wanted) - added


def said_of(added: int, known: int) -> str:
    """What was done, in words."""
    said = ngettext("Se agregó %d día inhábil.", "Se agregaron %d días inhábiles.", added) % added
    if not known:
        return said
    more = ngettext("%d ya estaba.", "%d ya estaban.", known) % known
    return f"{said} {more}"
