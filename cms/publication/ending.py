"""Ends, replacements and corrections of candidacies, with all that follows in the same transaction.

At commit: nobody can approve what the old candidacy sent, its page says that it ended, and lists,
search, API and site map do not know it (ADR 0058). The electoral silence holds none of it back:
the register is no text of the candidacies (LGTAIP 63).
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from cms.accounts.models import User
from cms.candidacies import corrections, ending, replacement, standing_mail
from cms.candidacies.corrections import Correction
from cms.candidacies.ending import CannotChange, End, Moved
from cms.candidacies.models import CandidacyPage
from cms.candidacies.replacement import Substitute
from cms.candidacies.selectors import in_ballot_order
from cms.catalogs.models import CandidacyState
from cms.publication.history import Entry, write_entries
from cms.publication.log_actions import CORRECTED, ENDED, REINSTATED, REPLACED
from cms.publication.reviews import close_reviews
from cms.publication.services import write_published
from cms.questionnaires.models import Questionnaire


@transaction.atomic
def end_candidacies(
    *, candidacy_ids: Collection[int], end: End, by: User
) -> Sequence[CandidacyPage]:
    """End candidacies for the same cause and day: all of them or none.

    Raises: ending.NotYours; ending.CannotChange.
    """
    ending.require_register(by)
    found = _locked(candidacy_ids)
    changes = ending.end_locked(candidacies=found, end=end, by=by)
    write_entries(ENDED, [_of_an_end(candidacy, end) for candidacy in found], by=by)
    close_reviews(candidacy_ids=candidacy_ids, by=by)
    write_published(candidacy_ids=candidacy_ids)
    standing_mail.tell(changes)
    return found


def slate_of(candidacy: CandidacyPage) -> QuerySet[CandidacyPage]:
    """The active candidacies of an actor in a territory: what it withdraws as a whole slate."""
    return in_ballot_order(
        CandidacyPage.objects.filter(
            process=candidacy.process_id,
            territory=candidacy.territory_id,
            actor=candidacy.actor_id,
            state=CandidacyState.ACTIVE,
        )
    )


@transaction.atomic
def withdraw_slate(
    *, candidacy: CandidacyPage, seen: Collection[int], end: End, by: User
) -> Sequence[CandidacyPage]:
    """End every candidacy of an actor in a territory, exactly those that were shown before.

    Raises: ending.NotYours; ending.CannotChange; Moved: the slate is another one by now.
    """
    ending.require_register(by)
    standing = set(slate_of(candidacy).values_list("pk", flat=True))
    if not standing or standing != set(seen):
        raise Moved(_("La planilla cambió desde que la viste. Revísala otra vez."))
    return end_candidacies(candidacy_ids=standing, end=end, by=by)


@transaction.atomic
def replace(
    *, candidacy_id: int, substitute: Substitute, end: End | None, agreement: str, by: User
) -> CandidacyPage:
    """Register who takes the seat of a candidacy; it ends, if it had not. Returns the new one.

    Raises: ending.NotYours; ending.CannotChange.
    """
    ending.require_register(by)
    [old] = _locked([candidacy_id])
    new = replacement.replace_candidacy(
        candidacy=old, substitute=substitute, end=end, agreement=agreement, by=by
    )
    if end is not None:
        write_entries(ENDED, [_of_an_end(old, end)], by=by)
    write_entries(REPLACED, [Entry(old, {"sustituta": new.pk})], by=by)
    close_reviews(candidacy_ids=[old.pk], by=by)
    write_published(candidacy_ids=[old.pk, new.pk])
    return new


@transaction.atomic
def reinstate(*, candidacy_id: int, reason: str, by: User) -> CandidacyPage:
    """Undo an end that was registered by mistake; what was published is shown again.

    `moderation.services.reinstate` also opens again the reviews that the end closed.

    Raises: ending.NotYours; ending.CannotChange.
    """
    ending.require_register(by)
    [candidacy] = _locked([candidacy_id])
    ending.reinstate_candidacy(candidacy=candidacy, reason=reason, by=by)
    write_entries(REINSTATED, [Entry(candidacy)], by=by)
    write_published(candidacy_ids=[candidacy.pk])
    return candidacy


@transaction.atomic
def correct(
    *,
    candidacy_id: int,
    wanted: Mapping[str, Any],
    correction: Correction,
    seen: int,
    by: User,
) -> Sequence[CandidacyPage]:
    """Correct the register of a candidacy, and what the public reads of it.

    Args: those of `corrections.correct_registration`.
    Returns: the candidacies that changed.
    Raises: ending.NotYours; ending.CannotChange.
    """
    ending.require_register(by)
    [candidacy] = _locked([candidacy_id])
    done = corrections.correct_registration(
        candidacy=candidacy, wanted=wanted, correction=correction, seen=seen, by=by
    )
    write_entries(CORRECTED, [Entry(page) for page in done], by=by)
    write_published(candidacy_ids=[page.pk for page in done])
    return done


def _locked(candidacy_ids: Collection[int]) -> list[CandidacyPage]:
    """The candidacies and then their dossiers, which whoever sends or approves locks as well."""
    found = ending.locked(candidacy_ids)
    if len(found) != len(set(candidacy_ids)):
        raise CannotChange(_("Esa candidatura no existe."))
    dossiers = Questionnaire.objects.filter(candidacy__in=candidacy_ids).order_by("pk")
    list(dossiers.select_for_update(of=("self",)).values_list("pk", flat=True))
    return found


def _of_an_end(candidacy: CandidacyPage, end: End) -> Entry:
    return Entry(candidacy, {"causa": end.cause, "fecha": end.on.isoformat()})
