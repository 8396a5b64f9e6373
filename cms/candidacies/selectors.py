"""What is read of people and candidacies."""

from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q, QuerySet

from cms.accounts.models import ActorScope, Role, User
from cms.accounts.selectors import scopes_in_force
from cms.candidacies.models import CandidacyPage, CandidateAccount

# The actors of a candidacy whose liaisons capture it.
CAPTURING = ("actor", "responsible_actor")


def own_accounts_in_force() -> QuerySet[CandidateAccount]:
    """Which active account belongs to which candidacy."""
    return CandidateAccount.objects.filter(
        revoked_at=None, user__is_active=True, user__role=Role.CANDIDATE
    )


def capturable_by(user: Any) -> QuerySet[CandidacyPage]:
    """The candidacies that an account may capture, in no order. Only this says who may capture.

    A liaison captures the candidacies that its actors postulate, and those for which one of its
    actors is the responsible party (a coalition says which of its parties captures). The account of
    a candidacy captures that candidacy. Staff and superusers capture none. Another way of being
    allowed is another condition here, and in `capturers_of`, which is the same statement read from
    the candidacy.
    """
    candidacies: QuerySet[CandidacyPage] = CandidacyPage.objects.all()
    if not isinstance(user, User):
        return candidacies.none()
    if user.role == Role.CANDIDATE:
        own = own_accounts_in_force().filter(user=user)
        return candidacies.filter(pk__in=own.values("candidacy"))
    actors = scopes_in_force().filter(user=user).values("actor")
    return candidacies.filter(reduce(or_, (Q(**{f"{name}__in": actors}) for name in CAPTURING)))


def capturers_of(candidacy: CandidacyPage) -> QuerySet[User]:
    """The accounts that may capture a candidacy, in the order of their names."""
    actors = [getattr(candidacy, f"{name}_id") for name in CAPTURING]
    scopes = scopes_in_force().filter(actor__in=[actor for actor in actors if actor is not None])
    return _accounts(scopes, own_accounts_in_force().filter(candidacy=candidacy))


def capturers_of_any(candidacies: QuerySet[CandidacyPage]) -> QuerySet[User]:
    """The accounts that may capture one of these candidacies, or several."""
    names = (Q(actor__in=candidacies.values(name)) for name in CAPTURING)
    scopes = scopes_in_force().filter(reduce(or_, names))
    return _accounts(scopes, own_accounts_in_force().filter(candidacy__in=candidacies.values("pk")))


def _accounts(scopes: QuerySet[ActorScope], own: QuerySet[CandidateAccount]) -> QuerySet[User]:
    return User.objects.filter(
        Q(pk__in=scopes.values("user")) | Q(pk__in=own.values("user"))
    ).order_by("username")


def in_ballot_order(candidacies: QuerySet[CandidacyPage]) -> QuerySet[CandidacyPage]:
    """Candidacies in the order of the ballot, with what is needed to name them (one query)."""
    return candidacies.select_related("process", "territory", "office", "actor").order_by(
        "-process__election_date",
        "territory__sort_key",
        "office__ballot_order",
        "actor__ballot_order",
        "list_number",
        "seat_kind",
        "folded_name",
    )
