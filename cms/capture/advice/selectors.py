"""What is read of conversations: each account its own, the institute all."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Count, Min, Q, QuerySet

from cms.accounts.models import Role, User
from cms.capture.advice.permissions import ANSWERS
from cms.capture.models import AdviceMessage, AdviceRequest


def own(user: User) -> QuerySet[AdviceRequest]:
    """The conversations that an account began, the newest first. Nobody else of capture has them.

    An account that captures a candidacy too does not read what another account asked about it.
    """
    return AdviceRequest.objects.filter(account=user).select_related("candidacy")


def own_request(user: User, request_id: int) -> AdviceRequest | None:
    """A conversation of an account; None for any other, as if it did not exist."""
    return own(user).filter(pk=request_id).first()


def may_see_conversation(user: Any, arguments: Mapping[str, Any]) -> bool:
    """Whether an account may see the conversation that the arguments of an address name."""
    if not (isinstance(user, User) and user.captures):
        return False
    return own_request(user, arguments["request_id"]) is not None


def messages_of(request: AdviceRequest) -> list[AdviceMessage]:
    """The messages of a conversation, in their order (one query)."""
    return list(request.messages.all())


def answered(user: User) -> int:
    """How many conversations of an account the institute answered and nobody closed (one query)."""
    return own(user).filter(waits_since=None, closed_at=None).count()


def waiting() -> tuple[int, datetime | None]:
    """How many conversations wait for the institute, and since when the oldest (one query)."""
    found = AdviceRequest.objects.aggregate(
        number=Count("pk", filter=Q(waits_since__isnull=False)), oldest=Min("waits_since")
    )
    return found["number"], found["oldest"]


def answering_accounts() -> Iterable[int]:
    """The keys of the active accounts of the internal body that answer and can be written to."""
    staff = User.objects.filter(is_active=True, role=Role.INTERNAL_BODY).exclude(email="")
    return [user.pk for user in staff if user.has_perm(ANSWERS)]
