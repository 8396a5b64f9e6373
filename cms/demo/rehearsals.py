"""Rehearsals: copies of a process with people who do not exist, to try its calendar.

The copy has the offices, contests, actors and questionnaires of the process; a job adds the people
(`rehearsal_people`), and another one removes it whole (`rehearsal_removal`).
"""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.log_actions import log

from cms.accounts.permissions import require_administration
from cms.catalogs.models import (
    Contest,
    PoliticalActor,
    PortalSettings,
    Process,
    ProcessOffice,
    TermRules,
)
from cms.demo import tasks
from cms.demo.models import RehearsalState, RehearsalWork
from cms.questionnaires.models import ProcessQuestionnaire

MOST_PEOPLE = 20  # In each contest.
MOST_IN_ALL = 5000
MADE, REMOVED = "demo.make_rehearsal", "demo.remove_rehearsal"
_DATES = ("campaign_from", "campaign_until")
_INSTANTS = ("visible_from", "frozen_from", "frozen_until", "public_until")


class RehearsalRefused(Exception):
    """A rehearsal cannot be made or removed. The message says why, in Spanish."""


def rehearsal_of(process: Process) -> RehearsalWork | None:
    """The rehearsal of a process; None if there is none (one query)."""
    found = RehearsalWork.objects.select_related("process").filter(process__rehearsal_of=process)
    return found.first()


@transaction.atomic
def make_rehearsal(*, of: Process, election_date: date, people: int, by: Any) -> Process:
    """Copy a process, and have the people made by a job.

    The other dates move with that of the election.

    Args:
        people: those who stand in each contest, at most.

    Raises: NotAnAdministrator, RehearsalRefused.
    """
    require_administration(by)
    of = Process.objects.select_for_update(of=("self",), no_key=True).get(pk=of.pk)
    contests = _require_possible(of, people)
    copied = Process.objects.create(
        slug=_free_slug(of),
        name=_("Ensayo: %s")[:200] % of.name[:180],
        entity_code=of.entity_code,
        election_date=election_date,
        closes_on=_moved_day(of.closes_on, _days(of, election_date)),
        fictitious=True,
        rehearsal_of=of,
    )
    _copy_offices(of, copied, _days(of, election_date))
    _copy_actors(of, copied)
    for asked in of.questionnaires.all():
        ProcessQuestionnaire.objects.create(
            process=copied,
            kind=asked.kind,
            definition_id=asked.definition_id,
            counting_rule=asked.counting_rule,
        )
    _copy_term_rules(of, copied)
    RehearsalWork.objects.create(
        process=copied, people=people, total=people * contests, asked_by=by
    )
    log(instance=of, action=MADE, user=by, data={"ensayo": copied.name})
    tasks.ask_for_people(copied.pk)
    return copied


def _require_possible(of: Process, people: int) -> int:
    """Raise RehearsalRefused unless it can be copied. Returns: how many contests it has."""
    if of.is_rehearsal:
        raise RehearsalRefused(_("Un ensayo no se copia: haz otro del proceso de verdad."))
    if of.rehearsals.exists():
        raise RehearsalRefused(_("Ya hay un ensayo de este proceso: quítalo antes de hacer otro."))
    if not of.actors.exists():
        raise RehearsalRefused(
            _("El proceso no tiene actores políticos, y sin ellos nadie postula: agrégalos antes.")
        )
    contests = Contest.objects.filter(process_office__process=of).count()
    if not contests:
        raise RehearsalRefused(
            _("El proceso no tiene elecciones en las que competir: agrégalas antes a sus cargos.")
        )
    if not 1 <= people <= MOST_PEOPLE or people * contests > MOST_IN_ALL:
        most = max(min(MOST_PEOPLE, MOST_IN_ALL // contests), 1)
        text = ngettext(
            "Con %(contests)d elección caben de 1 a %(most)d personas en cada una.",
            "Con %(contests)d elecciones caben de 1 a %(most)d personas en cada una.",
            contests,
        )
        raise RehearsalRefused(text % {"contests": contests, "most": most})
    return contests


def _free_slug(of: Process) -> str:
    slug = f"ensayo-{of.slug}"[:56]
    taken = set(Process.objects.filter(slug__startswith=slug).values_list("slug", flat=True))
    number, free = 1, slug
    while free in taken:
        number += 1
        free = f"{slug}-{number}"
    return free


def _days(of: Process, election_date: date) -> int | None:
    """By how many days dates move; None: the process has no election from which to count."""
    return None if of.election_date is None else (election_date - of.election_date).days


def _moved_day(day: date | None, days: int | None) -> date | None:
    return None if day is None or days is None else day + timedelta(days=days)


def _moved(instant: datetime | None, days: int | None) -> datetime | None:
    """The same hour of the clock, so many days later."""
    if instant is None or days is None:
        return None
    local = timezone.localtime(instant).replace(tzinfo=None)
    return timezone.make_aware(local + timedelta(days=days))


def _copy_offices(of: Process, copied: Process, days: int | None) -> None:
    for window in of.offices.all():
        dates: dict[str, Any] = {name: _moved_day(getattr(window, name), days) for name in _DATES}
        dates |= {name: _moved(getattr(window, name), days) for name in _INSTANTS}
        new = ProcessOffice.objects.create(process=copied, office_id=window.office_id, **dates)
        Contest.objects.bulk_create(
            Contest(
                process_office=new,
                territory_id=contest.territory_id,
                seats=contest.seats,
                covers=contest.covers,
            )
            for contest in window.contests.all()
        )


def _copy_term_rules(of: Process, copied: Process) -> None:
    rules = TermRules.objects.filter(process=of).first()
    if rules is not None:
        rules.pk, rules.process = None, copied
        rules.save(force_insert=True)


def _copy_actors(of: Process, copied: Process) -> None:
    PoliticalActor.objects.bulk_create(
        PoliticalActor(
            process=copied,
            key=actor.key,
            acronym=actor.acronym,
            name=actor.name,
            kind=actor.kind,
            members=actor.members,
            ballot_order=actor.ballot_order,
            color=actor.color,
        )
        for actor in of.actors.all()
    )


@transaction.atomic
def remove_rehearsal(*, process: Process, typed: str, by: Any) -> None:
    """Have a job remove a rehearsal with everything in it. Doing it again changes nothing.

    Args:
        typed: the name of the rehearsal, typed by whoever removes it.

    Raises: NotAnAdministrator, RehearsalRefused.
    """
    require_administration(by)
    found = RehearsalWork.objects.select_for_update(of=("self",)).select_related("process")
    work = found.filter(process=process, process__rehearsal_of__isnull=False).first()
    if work is None:
        raise RehearsalRefused(_("Solo se quita un ensayo: este proceso no lo es."))
    if work.state == RehearsalState.REMOVING:
        tasks.ask_for_removal(work.process_id)
        return
    if " ".join(typed.split()).casefold() != work.process.name.casefold():
        raise RehearsalRefused(
            _("El nombre no es el del ensayo: escríbelo completo, como aparece.")
        )
    # Whoever makes a process the current one locks the same row.
    portal = PortalSettings.objects.select_for_update(of=("self",)).order_by("pk").first()
    if portal is not None and portal.current_process_id == work.process_id:
        raise RehearsalRefused(
            _("El portal muestra este ensayo: haz vigente otro proceso antes de quitarlo.")
        )
    work.state, work.done = RehearsalState.REMOVING, 0
    work.save(update_fields=["state", "done"])
    log(
        instance=work.process.rehearsal_of,
        action=REMOVED,
        user=by,
        data={"ensayo": work.process.name},
    )
    tasks.ask_for_removal(work.process_id)
