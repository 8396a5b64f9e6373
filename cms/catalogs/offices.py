"""The offices that a process elects: several are added at once; one without contests goes."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cms.catalogs.calendar import proposed_silence
from cms.catalogs.contests import ContestsRefused
from cms.catalogs.log_actions import OFFICE_REMOVED, OFFICES_ADDED
from cms.catalogs.models import Office, Process, ProcessOffice


@transaction.atomic
def add_offices(
    *, process: Process, offices: Sequence[Office], with_silence: bool, by: Any
) -> list[Office]:
    """Have a process elect offices. Returns: those that it did not elect before.

    They have no date of publication, so nothing of them is public yet.

    Args:
        with_silence: give them the silence that the law proposes, if the day of the election is
            known (LGIPE 251).

    Raises: PermissionDenied.
    """
    if not by.has_perm("catalogs.add_processoffice"):
        raise PermissionDenied
    locked = Process.objects.select_for_update(no_key=True).get(pk=process.pk)
    there = set(locked.offices.values_list("office_id", flat=True))
    new = [office for office in offices if office.pk not in there]
    silence: dict[str, Any] = {}
    if with_silence and locked.election_date:
        silence["frozen_from"], silence["frozen_until"] = proposed_silence(locked.election_date)
    ProcessOffice.objects.bulk_create(
        ProcessOffice(process=locked, office=office, **silence) for office in new
    )
    if new:
        names = [office.name for office in new]
        log(locked, OFFICES_ADDED, user=by, data={"cuantos": len(new), "cargos": names})
    return new


@transaction.atomic
def remove_office(*, process_office: ProcessOffice, by: Any) -> None:
    """Take back that a process elects an office, while it has no contests.

    Somebody who stands for an office stands in one of its contests, so nobody does.

    Raises:
        PermissionDenied.
        ContestsRefused: it has contests.
    """
    if not by.has_perm("catalogs.change_processoffice"):
        raise PermissionDenied
    rows = ProcessOffice.objects.select_related("process", "office")
    held = rows.select_for_update(of=("self",)).filter(pk=process_office.pk).first()
    if held is None:
        return
    if held.contests.exists():
        said = _("%(office)s ya tiene elecciones: quítalas primero.")
        raise ContestsRefused(said % {"office": held.office.name})
    log(held.process, OFFICE_REMOVED, user=by, data={"cuantos": 1, "cargos": [held.office.name]})
    held.delete()
