"""A person takes the seat of somebody whose candidacy ended.

The new candidacy has its own page, person, account and term; no text or photograph is inherited.
Callers use `cms.publication.ending`, which also writes what is public.
Source: LGIPE 241; Plan de trabajo 2024, 1 (Unidad Técnica de Transparencia: sustituciones).
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cms.accounts.models import User
from cms.candidacies import ending, standing_mail
from cms.candidacies.bulk_pages import PageWriter
from cms.candidacies.ending import CannotChange, End, Moved
from cms.candidacies.ending_models import StandingChange
from cms.candidacies.models import CandidacyPage, Person, ProcessPage
from cms.candidacies.services import (
    NewCandidacy,
    add_candidacies,
    ensure_territory_pages,
    folded,
)
from cms.catalogs.models import CandidacyState


@dataclass(frozen=True, slots=True)
class Substitute:
    """Who takes the seat. E-mail and birth date are for the person, never for a page."""

    name: str
    sex: str = ""
    age: int | None = None
    nickname: str = ""
    email: str = ""
    birth_date: date | None = None
    external_id: str = ""


def predecessors_of(candidacy_ids: Collection[int]) -> dict[int, int]:
    """Candidacy → the one that it replaced, of those that replaced one (one query)."""
    found = CandidacyPage.objects.filter(superseded_by__in=candidacy_ids).order_by("pk")
    return dict(found.values_list("superseded_by_id", "pk"))


@transaction.atomic
def replace_candidacy(
    *, candidacy: CandidacyPage, substitute: Substitute, end: End | None, agreement: str, by: User
) -> CandidacyPage:
    """Register who takes the seat of a candidacy that the caller has locked.

    Args:
        end: how it ended, if it is still active; None: it ended before.
        agreement: the Council's, by which the substitute is registered.

    Returns: the new candidacy.
    Raises: NotYours; CannotChange.
    """
    ending.require_register(by)
    if candidacy.superseded_by_id is not None:
        raise Moved(_("Otra persona ya la sustituye: alguien lo registró antes. Nada cambió."))
    if folded(substitute.name) == folded(candidacy.name):
        raise CannotChange(
            _("Es el mismo nombre. Si es la misma persona, corrige su registro."), field="name"
        )
    if candidacy.state == CandidacyState.ACTIVE:
        if end is None:
            raise Moved(_("La baja de esta candidatura se dejó sin efecto. Nada cambió."))
        ending.end_locked(candidacies=[candidacy], end=end, by=by)
    elif end is not None:
        raise Moved(ending.already_ended(candidacy))
    new = _register(candidacy, substitute, by)
    candidacy.superseded_by = new
    ending.write([candidacy], by=by, columns=ending.STATE_COLUMNS)
    change = ending.changed(
        candidacy, StandingChange.REPLACED, by, successor=new, agreement=agreement, on=None
    )
    change.save()
    standing_mail.tell([change])
    return new


def _register(old: CandidacyPage, substitute: Substitute, by: User) -> CandidacyPage:
    """The candidacy of the substitute for the same seat."""
    writer = PageWriter(at=timezone.now(), user=by)
    page = CandidacyPage(
        process=old.process,
        territory=old.territory,
        office=old.office,
        actor=old.actor,
        responsible_actor=old.responsible_actor,
        principle=old.principle,
        seat_kind=old.seat_kind,
        list_number=old.list_number,
        external_id=substitute.external_id,
        name=substitute.name,
        nickname=substitute.nickname,
        sex=substitute.sex,
        age=substitute.age,
    )
    person = Person(name=substitute.name, email=substitute.email, birth_date=substitute.birth_date)
    pages = ensure_territory_pages(
        process_page=ProcessPage.objects.get(process=old.process),
        territories=[old.territory],
        writer=writer,
    )
    add_candidacies(new=[NewCandidacy(page, person)], territory_pages=pages, writer=writer)
    return page
