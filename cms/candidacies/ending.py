"""The end of a candidacy: resignation, cancellation, death, court order; and its reversal.

What is public, and open reviews, follow in `cms.publication.ending`, which callers use.
Source: LGIPE 241, 267; Lineamientos, art. 14 (Instancia interna).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from cms.accounts.models import Role, User
from cms.accounts.permissions import may_administer
from cms.candidacies import standing_mail
from cms.candidacies.bulk_pages import PageWriter
from cms.candidacies.ending_models import StandingChange, StatusChange, name_of
from cms.candidacies.models import CandidacyPage
from cms.candidacies.services import revoke_own_accounts
from cms.catalogs.calendar import resignation_warning
from cms.catalogs.models import CandidacyState, EndCause, Process

# An earlier day is a year that was mistyped.
LONGEST_PROCESS = timedelta(days=730)
STATE_COLUMNS = ["state", "end_cause", "ended_on", "superseded_by"]


class NotYours(PermissionDenied):
    """This account does not change the register."""

    explanation = _("Tu cuenta no cambia el registro de candidaturas.")

    def __init__(self) -> None:
        super().__init__(self.explanation)


class CannotChange(Exception):
    """What was asked cannot be done to this candidacy as it stands; nothing was written.

    Attributes:
        field: the field of the form that has to change; empty if it is none.
    """

    def __init__(self, explanation: str, *, field: str = "") -> None:
        self.explanation, self.field = explanation, field
        super().__init__(explanation)


class Moved(CannotChange):
    """Somebody else changed the candidacy first."""


@dataclass(frozen=True, slots=True)
class End:
    """An end as the institute registers it.

    Attributes:
        on: the day on which the candidacy ended. agreement: of the Council, or the ruling.
    """

    cause: str
    on: date
    agreement: str = ""
    reason: str = ""


def may_change_register(user: Any) -> bool:
    """Whether an account ends, replaces and corrects candidacies: administrators and UTTAIP."""
    if may_administer(user):
        return True
    is_active = isinstance(user, User) and user.is_active
    return bool(is_active and user.role == Role.INTERNAL_BODY)


def require_register(user: Any) -> None:
    """Raise NotYours unless `may_change_register`."""
    if not may_change_register(user):
        raise NotYours


def limit_warning(process: Process, end: End) -> str | None:
    """What the law says against a replacement after this end; None where it says nothing."""
    return resignation_warning(process, end.on) if end.cause == EndCause.RESIGNATION else None


def locked(candidacy_ids: Collection[int]) -> list[CandidacyPage]:
    """Candidacies as they are now, locked until the transaction ends, in the order of their ids."""
    ids = sorted(set(candidacy_ids))
    own = CandidacyPage.objects.filter(pk__in=ids).order_by("pk")
    list(own.select_for_update(of=("self",)).values_list("pk", flat=True))
    # A query of its own: rows joined to a row that had to be waited for are as they were before.
    return list(
        own.select_related("process", "territory", "office", "actor", "responsible_actor", "person")
    )


@transaction.atomic
def end_locked(*, candidacies: Sequence[CandidacyPage], end: End, by: User) -> list[StatusChange]:
    """End candidacies that the caller has locked: all or none. Their own accounts are out at once.

    As many queries for a whole slate as for one candidacy. The caller tells the liaisons
    (`standing_mail.tell`).

    Returns: what is kept of it, all of the same moment.
    Raises: NotYours; CannotChange: one of them ended already, or the day cannot be.
    """
    require_register(by)
    for candidacy in candidacies:
        if candidacy.state == CandidacyState.ENDED:
            raise Moved(already_ended(candidacy))
    beyond_limit = _beyond_limit(candidacies, end)
    for candidacy in candidacies:
        candidacy.state = CandidacyState.ENDED
        candidacy.end_cause, candidacy.ended_on = end.cause, end.on
    write(candidacies, by=by, columns=STATE_COLUMNS)
    revoke_own_accounts(candidacies=candidacies, by=by, because=end.cause)
    now = timezone.now()
    return StatusChange.objects.bulk_create(
        changed(
            candidacy,
            StandingChange.ENDED,
            by,
            at=now,
            cause=end.cause,
            on=end.on,
            agreement=end.agreement,
            reason=end.reason,
            beyond_limit=candidacy.process_id in beyond_limit,
        )
        for candidacy in candidacies
    )


def _beyond_limit(candidacies: Sequence[CandidacyPage], end: End) -> set[int]:
    """The processes in which this end is beyond the law's limit, where an agreement is needed."""
    found = set()
    for process in {candidacy.process_id: candidacy.process for candidacy in candidacies}.values():
        _require_possible(process, end)
        warning = limit_warning(process, end)
        if warning and not end.agreement:
            said = _("%(warning)s Escribe el número del acuerdo.") % {"warning": warning}
            raise CannotChange(said, field="agreement")
        if warning:
            found.add(process.pk)
    return found


def already_ended(candidacy: CandidacyPage) -> str:
    """Why a candidacy that ended cannot end again, in Spanish."""
    change = candidacy.status_changes.filter(change=StandingChange.ENDED).first()
    if change is None:
        return _("Esta candidatura ya estaba dada de baja. No se cambió nada.")
    return _("%(who)s ya dio de baja esta candidatura el %(when)s h. No se cambió nada.") % {
        "who": change.by_name,
        "when": date_format(timezone.localtime(change.at), r"j \d\e F \d\e Y, H:i").lower(),
    }


def _require_possible(process: Process, end: End) -> None:
    if end.cause not in EndCause.values:
        raise CannotChange(_("Elige la causa de la baja."), field="cause")
    if end.on > timezone.localdate():
        raise CannotChange(_("Esa fecha todavía no llega."), field="on")
    election = process.election_date
    if election is not None and end.on < election - LONGEST_PROCESS:
        raise CannotChange(
            _("Esa fecha es muy anterior a la jornada de este proceso. Revisa el año."), field="on"
        )


@transaction.atomic
def reinstate_candidacy(*, candidacy: CandidacyPage, reason: str, by: User) -> StatusChange:
    """Undo an end that was registered by mistake, of a candidacy that the caller has locked.

    Its account stays closed: whoever captures gets a new one.

    Raises: NotYours; CannotChange: it did not end, somebody replaced it, or no reason was given.
    """
    require_register(by)
    if candidacy.state != CandidacyState.ENDED:
        raise Moved(_("Esta candidatura no está dada de baja. No se cambió nada."))
    if candidacy.superseded_by_id is not None:
        raise CannotChange(
            _("Otra persona ya la sustituye: primero hay que dar de baja a quien entró.")
        )
    if not reason.strip():
        raise CannotChange(_("Escribe por qué la baja no debe tener efecto."), field="reason")
    candidacy.state, candidacy.end_cause = CandidacyState.ACTIVE, ""
    candidacy.ended_on = None
    write([candidacy], by=by, columns=STATE_COLUMNS)
    change = changed(candidacy, StandingChange.REINSTATED, by, reason=reason.strip())
    change.save()
    standing_mail.tell([change])
    return change


def write(candidacies: Sequence[CandidacyPage], *, by: User, columns: list[str]) -> None:
    """Write changed columns of candidacies with a new revision of each."""
    PageWriter(at=timezone.now(), user=by).revise(candidacies, columns)


def changed(candidacy: CandidacyPage, change: str, by: User, **said: Any) -> StatusChange:
    """The unsaved row that keeps what happened to a candidacy, now unless it says `at`."""
    said.setdefault("at", timezone.now())
    return StatusChange(candidacy=candidacy, change=change, by=by, by_name=name_of(by), **said)
