"""What citizens are told of a process while nothing of it is public: what will come, and when."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.utils import timezone
from django.utils.formats import date_format

from cms.catalogs.models import Process
from cms.portal.ballot import plural_of
from cms.published import selectors
from cms.published.places import Elected
from cms.published.selectors import OfficeDates


def long_date(day: date) -> str:
    """«6 de junio de 2027»."""
    return date_format(day, r"j \d\e F \d\e Y")


def listed(names: Iterable[str]) -> str:
    """«a la sindicatura y a la regiduría»; «agua e ideas»."""
    words = list(names)
    if len(words) < 2:
        return "".join(words)
    last = words[-1]
    joint = "e" if last.lower().startswith(("i", "hi")) and not last.startswith("hie") else "y"
    return f"{', '.join(words[:-1])} {joint} {last}"


def lines(process: Process, *, at: datetime | None = None) -> list[str]:
    """Sentences, in the order of time: publication, campaigns, election.

    They compare the clock only with the dates of publication, at which pages are made anew.
    """
    offices = selectors.dates_of_offices(process)
    said = [*_publication(offices, at or timezone.now()), *_campaigns(offices)]
    if process.election_date:
        said.append(f"La jornada electoral es el {long_date(process.election_date)}.")
    return said


def _publication(offices: Sequence[OfficeDates], at: datetime) -> list[str]:
    days: dict[date, list[str]] = {}
    undated: list[str] = []
    is_open = False
    for one in offices:
        if one.visible_from is None:
            undated.append(one.target)
        elif one.visible_from > at:
            days.setdefault(timezone.localtime(one.visible_from).date(), []).append(one.target)
        else:
            is_open = True
    said = [
        f"Desde el {long_date(day)} podrás conocer aquí las candidaturas {listed(names)}."
        for day, names in sorted(days.items())
    ]
    if undated:
        said.append(f"Falta fijar desde cuándo se publican las candidaturas {listed(undated)}.")
    if is_open or not offices:
        said.insert(0, "Las candidaturas aparecerán aquí cuando queden registradas.")
    return said


def _campaigns(offices: Sequence[OfficeDates]) -> list[str]:
    spans: dict[tuple[date, date], list[str]] = {}
    for one in offices:
        if one.campaign_from and one.campaign_until:
            span = (one.campaign_from, one.campaign_until)
            spans.setdefault(span, []).append(one.target)
    return [
        f"Las campañas {listed(names)} van del {long_date(begin)} al {long_date(end)}."
        for (begin, end), names in sorted(spans.items())
    ]


def elected_in_words(elected: Sequence[Elected]) -> str:
    """«la presidencia municipal, la sindicatura y 7 regidurías»; empty if nothing is elected."""
    return listed(map(_elected, elected))


def _elected(one: Elected) -> str:
    many = plural_of(one.name).lower()
    if one.seats == 1:
        return f"el {one.target[3:]}" if one.target.startswith("al ") else one.target[2:]
    return many if one.seats is None else f"{one.seats} {many}"
