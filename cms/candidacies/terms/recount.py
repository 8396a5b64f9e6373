"""Counting open terms again, after a holiday or a rule changed: somebody does it, nothing else.

What a person was told stands: a term is made longer, or stays as it is (ADR 0057).
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from cms.accounts.models import User
from cms.accounts.permissions import require_administration
from cms.candidacies.models import CandidacyPage
from cms.candidacies.term_models import CaptureTerm, StartEvent
from cms.candidacies.terms.log_actions import COUNTED_AGAIN
from cms.catalogs.models import CandidacyState, Process, TermRules
from cms.catalogs.term_rules import holidays, rules_of
from cms.catalogs.terms import Counting, Length, due_at
from cms.catalogs.time_zones import zone_of


@dataclass(frozen=True)
class Move:
    """A term that would end later: its row, and the end that it would have."""

    term: CaptureTerm
    length: Length
    due_at: datetime


class MovesChanged(Exception):
    """Other terms would move now than those that were shown; nothing changed."""


def moves(process: Process, *, at: datetime) -> list[Move]:
    """The terms of a process that are open and would end later if they were counted now.

    Four queries, in the order in which they end.
    """
    rules, closed = rules_of(process), holidays()
    open_terms = (
        CaptureTerm.objects.filter(
            candidacy__process=process, candidacy__state=CandidacyState.ACTIVE, due_at__gte=at
        )
        .select_related("candidacy__territory")
        .order_by("due_at", "pk")
    )
    terms = list(open_terms)
    replaced = set(
        CandidacyPage.objects.filter(process=process, superseded_by__isnull=False).values_list(
            "superseded_by", flat=True
        )
    )
    found = []
    for term in terms:
        length = _length(term, rules, is_replacement=term.candidacy_id in replaced)
        zone = zone_of(term.candidacy.territory.cvegeo)
        ends = due_at(term.starts_at, length, Counting(zone, closed, rules.every_day))
        if ends > term.due_at:
            found.append(Move(term, length, ends))
    return found


@transaction.atomic
def count_again(*, process: Process, seen: int, by: User, at: datetime) -> int:
    """Move the ends of the open terms of a process that end later by today's rules and holidays.

    Args:
        seen: how many moves were shown to the person who confirms.

    Returns: how many moved. Raises: NotAnAdministrator; MovesChanged: nothing changed.
    """
    require_administration(by)
    Process.objects.select_for_update(no_key=True).get(pk=process.pk)
    found = moves(process, at=at)
    if len(found) != seen:
        raise MovesChanged
    for move in found:
        move.term.number, move.term.calendar = move.length.number, move.length.calendar
        move.term.due_at, move.term.moved_at = move.due_at, timezone.now()
    CaptureTerm.objects.bulk_update(
        [move.term for move in found], ["number", "calendar", "due_at", "moved_at"], batch_size=500
    )
    if found:
        log(instance=process, action=COUNTED_AGAIN, user=by, data={"cuantos": len(found)})
    return len(found)


def _length(term: CaptureTerm, rules: TermRules, *, is_replacement: bool) -> Length:
    if term.event == StartEvent.CORRECTION_ASKED:
        return rules.correction
    return rules.replacement if is_replacement else rules.capture
