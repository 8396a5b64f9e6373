"""The order of a process's dates: what the law asks, and what is refused, with the rule it breaks.

Each rule is checked with the dates that are known; one that is not known yet breaks nothing.
"""

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

if TYPE_CHECKING:
    from cms.catalogs.models import Process, ProcessOffice

# LGIPE 251: on the day of the election and the three before, nobody campaigns.
DAYS_OF_SILENCE_BEFORE = 3


def proposed_silence(election: date) -> tuple[datetime, datetime]:
    """When the silence begins and ends: the three days before the election, and that day.

    Returns: midnights in the time of the institute; the second is that which ends the election day.

    Source: LGIPE 251.
    """
    return (
        _midnight(election - timedelta(days=DAYS_OF_SILENCE_BEFORE)),
        _midnight(election + timedelta(days=1)),
    )


def resignation_warning(process: "Process", on: date) -> str | None:
    """What the law says of replacing somebody who resigns on a day, in Spanish; None: nothing.

    It warns only, since the Council decides. The process's rules say how many days before the
    election the limit begins, and the first of them is within it.

    Source: LGIPE 241 (federal): a resignation within the thirty days before the election.
    """
    from cms.catalogs.term_rules import rules_of

    election = process.election_date
    if election is None:
        return None
    limit, left = rules_of(process).resignation_limit, (election - on).days
    if left > limit:
        return None
    if left <= 0:
        said = _(
            "La jornada es o fue el %(election)s: por renuncia ya no hay sustitución (LGIPE,"
            " art. 241). El Consejo decide."
        )
        return said % {"election": _said(election)}
    said = ngettext(
        "Falta %(left)d día para la jornada del %(election)s. En los %(limit)d días anteriores no"
        " se sustituye a quien renuncia (LGIPE, art. 241). El Consejo decide.",
        "Faltan %(left)d días para la jornada del %(election)s. En los %(limit)d días anteriores"
        " no se sustituye a quien renuncia (LGIPE, art. 241). El Consejo decide.",
        left,
    )
    return said % {"left": left, "election": _said(election), "limit": limit}


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _said(day: date) -> str:
    return day.strftime("%d/%m/%Y")


def check_process(process: "Process") -> None:
    """Raise ValidationError if the dates of a process, or of its offices with them, are impossible.

    Source: LGTAIP 58, 63 and 70; LGIPE 251.
    """
    election, closing = process.election_date, process.closes_on
    if election and closing and closing < election:
        said = _("El proceso no puede cerrar antes de su jornada electoral, %(date)s.")
        raise ValidationError({"closes_on": said % {"date": _said(election)}})
    if process.pk is None:
        return
    offices = list(process.offices.select_related("office"))
    for office in offices:
        if ends_too_early(office, process):
            field = "closes_on" if closing else "election_date"
            message = _("Un cargo de este proceso deja de ser público antes: cambia primero eso.")
            raise ValidationError({field: message})
    for office in offices:
        for problem in _against_election(office, election).values():
            told = _("%(office)s: %(problem)s Cambia primero las fechas de ese cargo.")
            said = told % {"office": office.office.name, "problem": problem}
            raise ValidationError({"election_date": said})


def ends_too_early(office: "ProcessOffice", process: "Process") -> bool:
    """Whether the answers of an office end before the process closes."""
    closing = process.closes_on or process.election_date
    if office.public_until is None or closing is None:
        return False
    return timezone.localtime(office.public_until).date() < closing


def check_office(office: "ProcessOffice") -> None:
    """Raise ValidationError with every date of an office that is impossible.

    Source: LGTAIP 58, 63 and 70; LGIPE 251.
    """
    process = office.process
    problems: dict[str, str] = {}
    closing = process.closes_on or process.election_date
    if closing and ends_too_early(office, process):
        said = _("La publicación no puede terminar antes del cierre del proceso, %(date)s.")
        problems["public_until"] = said % {"date": _said(closing)}
    elif office.visible_from and office.public_until and office.public_until <= office.visible_from:
        problems["public_until"] = _("La publicación debe terminar después de su comienzo.")
    problems |= _of_campaigns(office)
    problems |= _of_silence(office)
    for field, problem in _against_election(office, process.election_date).items():
        problems.setdefault(field, problem)
    if problems:
        raise ValidationError(problems)


def _of_campaigns(office: "ProcessOffice") -> dict[str, str]:
    begins, ends = office.campaign_from, office.campaign_until
    if bool(begins) != bool(ends):
        return {"campaign_until": _("Escribe el comienzo y el fin de las campañas, o ninguno.")}
    if begins and ends and ends < begins:
        return {"campaign_until": _("Las campañas no pueden terminar antes de su comienzo.")}
    return {}


def _of_silence(office: "ProcessOffice") -> dict[str, str]:
    begins, ends = office.frozen_from, office.frozen_until
    if bool(begins) != bool(ends):
        return {"frozen_until": _("Escribe el comienzo y el fin de la veda, o ninguno.")}
    if not begins or not ends:
        return {}
    if ends <= begins:
        return {"frozen_until": _("La veda debe terminar después de su comienzo.")}
    if office.campaign_until and timezone.localtime(begins).date() <= office.campaign_until:
        said = _("La veda no puede comenzar durante las campañas, que terminan el %(date)s.")
        return {"frozen_from": said % {"date": _said(office.campaign_until)}}
    return {}


def _against_election(office: "ProcessOffice", election: date | None) -> dict[str, str]:
    """What of an office cannot be with the day of the election (LGIPE 251)."""
    if election is None:
        return {}
    problems: dict[str, str] = {}
    last = election - timedelta(days=DAYS_OF_SILENCE_BEFORE + 1)
    if office.campaign_until and office.campaign_until > last:
        said = _(
            "Las campañas terminan a más tardar el %(date)s: ni los tres días antes de la jornada"
            " ni ese día puede haberlas (LGIPE, art. 251)."
        )
        problems["campaign_until"] = said % {"date": _said(last)}
    begins, ends = proposed_silence(election)
    if office.frozen_from and office.frozen_from > begins:
        said = _(
            "La veda comienza a más tardar el %(date)s a las 0:00 h: abarca los tres días antes de"
            " la jornada (LGIPE, art. 251)."
        )
        problems["frozen_from"] = said % {"date": _said(begins.date())}
    if office.frozen_until and office.frozen_until < ends:
        said = _("La veda abarca toda la jornada, hasta las 0:00 h del %(date)s (LGIPE, art. 251).")
        problems["frozen_until"] = said % {"date": _said(ends.date())}
    return problems
