"""What is read of holidays and of the rules of terms."""

from collections.abc import Collection
from datetime import date

from cms.catalogs.models import Process, TermRules
from cms.catalogs.term_models import Holiday


def rules_of(process: Process) -> TermRules:
    """The rules of a process; the usual ones, not stored, where nobody wrote its own."""
    return TermRules.objects.filter(process=process).first() or TermRules(process=process)


def rules_of_each(process_ids: Collection[int]) -> dict[int, TermRules]:
    """The rules of each of several processes (one query)."""
    stored = {
        rules.process_id: rules for rules in TermRules.objects.filter(process__in=process_ids)
    }
    return {pk: stored.get(pk) or TermRules(process_id=pk) for pk in process_ids}


def holidays() -> frozenset[date]:
    """Every day on which the institute does not work (one query)."""
    return frozenset(Holiday.objects.order_by().values_list("day", flat=True))
