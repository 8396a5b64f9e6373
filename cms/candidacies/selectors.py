"""What is read of people and candidacies."""

from django.db.models import Q, QuerySet

from cms.accounts.models import User
from cms.accounts.selectors import actor_ids_of
from cms.candidacies.models import CandidacyPage
from cms.catalogs.models import Process


def candidacies_of_process(process: Process) -> QuerySet[CandidacyPage]:
    """Every candidacy of a process with what is needed to name it (one query)."""
    found: QuerySet[CandidacyPage] = CandidacyPage.objects.filter(process=process)
    return found.select_related("territory", "office", "actor", "responsible_actor")


def candidacies_for_actor_scopes(user: User) -> QuerySet[CandidacyPage]:
    """The candidacies that a liaison captures, in the order of the ballot (two queries).

    Those whose actor, or responsible party, is in the account's scopes: a scope on a coalition
    covers the candidacies that it postulates. As `accounts.permissions.may_capture` says.
    """
    scopes = actor_ids_of(user)
    found: QuerySet[CandidacyPage] = CandidacyPage.objects.filter(
        Q(actor_id__in=scopes) | Q(responsible_actor_id__in=scopes)
    )
    return found.select_related("process", "territory", "office", "actor").order_by(
        "-process__election_date",
        "territory__sort_key",
        "office__ballot_order",
        "actor__ballot_order",
        "list_number",
        "seat_kind",
        "folded_name",
    )
