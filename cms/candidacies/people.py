"""Which candidacies are of the same person: staff say so, with a reason, and may take it back.

Imports never merge people (a name is no key). The person of the candidacy that was registered last
is kept, since its contact is the newest; the other one stays as it was, so that it can come back.
"""

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from wagtail.log_actions import log
from wagtail.models import PageLogEntry

from cms.accounts.models import Role, User
from cms.candidacies.models import CandidacyPage, Person

LINKED, SEPARATED = "candidacies.same_person", "candidacies.other_person"
LONGEST_REASON = 500


class NotLinked(Exception):
    """Nothing was written. `explanation` says why, in Spanish."""

    def __init__(self, explanation: str) -> None:
        self.explanation = explanation
        super().__init__(explanation)


def may_link(user: Any) -> bool:
    """Whether an account says which candidacies are of the same person."""
    if not (isinstance(user, User) and user.is_active and user.is_institute_staff):
        return False
    return user.is_superuser or user.role in {Role.ADMINISTRATOR, Role.INTERNAL_BODY}


def others_of(
    candidacy: CandidacyPage, among: QuerySet[CandidacyPage] | None = None
) -> list[CandidacyPage]:
    """The other candidacies of the same person, the newest first (one query).

    Args:
        among: those that whoever asks may know of; None: all.
    """
    known = CandidacyPage.objects.all() if among is None else among
    found = known.filter(person=candidacy.person_id).exclude(pk=candidacy.pk)
    return list(
        found.select_related("process", "office", "territory", "actor").order_by("-registered_at")
    )


@transaction.atomic
def link(*, candidacy_id: int, same_as: int, by: User, because: str) -> Person:
    """Say that two candidacies are of the same person. Those of both people then are.

    Raises: NotLinked.
    """
    reason = _reason(by, because)
    pair = _locked(candidacy_id, same_as)
    one, other = pair[candidacy_id], pair[same_as]
    _require_possible(one, other)
    kept, moved = sorted(pair.values(), key=lambda page: (page.registered_at, page.pk))[::-1]
    before = moved.person_id
    moving = list(CandidacyPage.objects.select_for_update(of=("self",)).filter(person=before))
    CandidacyPage.objects.filter(person=before).update(person=kept.person)
    for page in moving:
        # Which person it had, so that it can come back.
        known = {"porque": reason, "antes": before, "otra": kept.pk}
        log(instance=page, action=LINKED, user=by, data=known)
    log(instance=kept, action=LINKED, user=by, data={"porque": reason, "otra": moved.pk})
    person: Person = kept.person
    return person


@transaction.atomic
def separate(*, candidacy_id: int, by: User, because: str) -> Person:
    """Say that a candidacy is of nobody else: it gets its own person back, or a new one.

    Raises: NotLinked.
    """
    reason = _reason(by, because)
    page = _locked(candidacy_id)[candidacy_id]
    if not others_of(page):
        raise NotLinked(_("Esta candidatura no está unida a otra."))
    person = _person_before(page) or Person.objects.create(name=page.name)
    CandidacyPage.objects.filter(pk=page.pk).update(person=person)
    log(instance=page, action=SEPARATED, user=by, data={"porque": reason})
    return person


def _reason(by: User, because: str) -> str:
    if not may_link(by):
        raise NotLinked(_("Tu cuenta no une candidaturas."))
    reason = because.strip()
    if not reason:
        raise NotLinked(_("Escribe cómo lo sabes: queda en el historial."))
    return reason[:LONGEST_REASON]


def _locked(*numbers: int) -> dict[int, CandidacyPage]:
    """Candidacies by key, locked in the order of their keys. Raises NotLinked."""
    found = (
        CandidacyPage.objects.select_for_update(of=("self",))
        .select_related("person", "process")
        .filter(pk__in=numbers)
        .order_by("pk")
    )
    pages = {page.pk: page for page in found}
    if set(pages) != set(numbers):
        raise NotLinked(_("Esa candidatura no existe."))
    return pages


def _require_possible(one: CandidacyPage, other: CandidacyPage) -> None:
    if one.pk == other.pk or one.person_id == other.person_id:
        raise NotLinked(_("Ya son de la misma persona."))
    if one.process.is_rehearsal != other.process.is_rehearsal:
        raise NotLinked(_("Una es de un ensayo, con personas que no existen."))
    born = {page.person.birth_date for page in (one, other)} - {None}
    if len(born) > 1:
        raise NotLinked(_("Sus fechas de nacimiento son distintas: revisa el registro."))


def _person_before(page: CandidacyPage) -> Person | None:
    """The person that a candidacy had before it was linked, if nobody else has it."""
    entry = PageLogEntry.objects.filter(page=page.pk, action=LINKED).order_by("-timestamp").first()
    before = entry.data.get("antes") if entry is not None else None
    if before is None or CandidacyPage.objects.filter(person=before).exists():
        return None
    found: Person | None = Person.objects.filter(pk=before).first()
    return found
