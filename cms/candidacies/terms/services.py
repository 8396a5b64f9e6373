"""What begins the terms of candidacies. Nothing else writes them."""

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef

from cms.accounts.models import User
from cms.candidacies.models import CandidacyPage
from cms.candidacies.term_models import CaptureTerm, StartEvent
from cms.catalogs.models import CandidacyState, TermRules
from cms.catalogs.term_rules import holidays, rules_of_each
from cms.catalogs.terms import Counting, Length, due_at
from cms.catalogs.time_zones import zone_of


@transaction.atomic
def begin(
    candidacy_ids: Collection[int], *, event: StartEvent, at: datetime, by: User | None
) -> int:
    """Start the capture term of the candidacies that have none for this event.

    A candidacy that takes the place of another has the term of replacements. Those that ended are
    left out. The caller checks who may do what starts the term.

    Args:
        at: when it happened; that day does not count.
        by: the account that did it; None: the system.

    Returns: how many terms began. Calling it again begins none.

    Source: Lineamientos (Anexo 24.2 RE): the term runs from the delivery of the account.
    """
    candidacies = _without_term(candidacy_ids, event)
    rules = rules_of_each({one.process_id for one in candidacies})
    counted = _Counted(at, rules)
    begun = CaptureTerm.objects.bulk_create(
        counted.term(one, _capture_length(rules[one.process_id], one), event=event, by=by)
        for one in candidacies
    )
    return len(begun)


@transaction.atomic
def begin_correction(
    *, candidacy: CandidacyPage, kind: str, about: int, at: datetime, by: User | None
) -> CaptureTerm | None:
    """Start the term to correct what was observed of a questionnaire; None if it runs already.

    Args:
        kind: the key of the questionnaire. about: the key of the submission that was observed.
    """
    of_this = {"candidacy": candidacy, "event": StartEvent.CORRECTION_ASKED, "about": about}
    if CaptureTerm.objects.filter(**of_this).exists():
        return None
    rules = rules_of_each({candidacy.process_id})
    length = rules[candidacy.process_id].correction
    term = _Counted(at, rules).term(candidacy, length, event=StartEvent.CORRECTION_ASKED, by=by)
    term.about, term.kind = about, kind
    term.save()
    return term


def _without_term(candidacy_ids: Iterable[int], event: StartEvent) -> list[CandidacyPage]:
    """The candidacies in which a term may begin, locked: two may be delivered at once."""
    locked = CandidacyPage.objects.filter(pk__in=list(candidacy_ids), state=CandidacyState.ACTIVE)
    ids = list(
        locked.select_for_update(of=("self",), no_key=True)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    # Asked once they are locked, or a term that somebody else began meanwhile would not be seen.
    begun = CaptureTerm.objects.filter(candidacy=OuterRef("pk"), event=event)
    replaced = CandidacyPage.objects.filter(superseded_by=OuterRef("pk"))
    return list(
        CandidacyPage.objects.filter(~Exists(begun), pk__in=ids)
        .select_related("territory")
        .annotate(is_replacement=Exists(replaced))
    )


def _capture_length(rules: TermRules, candidacy: CandidacyPage) -> Length:
    is_replacement: bool = getattr(candidacy, "is_replacement", False)
    return rules.replacement if is_replacement else rules.capture


class _Counted:
    """Counts terms that begin at the same instant: each length in each place only once."""

    def __init__(self, at: datetime, rules: dict[int, TermRules]) -> None:
        self.at, self.rules, self.holidays = at, rules, holidays()
        self._known: dict[tuple[int, Length, str], datetime] = {}

    def term(
        self, candidacy: CandidacyPage, length: Length, *, event: StartEvent, by: User | None
    ) -> CaptureTerm:
        """A term that is not stored yet."""
        ends = self._ends(candidacy, length)
        return CaptureTerm(
            candidacy=candidacy,
            event=event,
            number=length.number,
            calendar=length.calendar,
            starts_at=self.at,
            first_due_at=ends,
            due_at=ends,
            begun_by=by,
        )

    def _ends(self, candidacy: CandidacyPage, length: Length) -> datetime:
        place = candidacy.territory.cvegeo
        key = (candidacy.process_id, length, place)
        if key not in self._known:
            every_day = self.rules[candidacy.process_id].every_day
            counting = Counting(zone_of(place), self.holidays, every_day)
            self._known[key] = due_at(self.at, length, counting)
        return self._known[key]
