"""What is read about accounts."""

from typing import Any

from django.db.models import F, QuerySet
from django.utils import timezone

from cms.accounts.models import FailedSignIns, User
from cms.accounts.throttle import QUIET

# Fewer are somebody who types badly.
WORTH_TELLING = 10


def actor_ids_of(user: Any) -> list[int]:
    """The actors for which a liaison captures; empty for anybody else."""
    if not (isinstance(user, User) and user.is_active and user.is_liaison):
        return []
    return list(user.scopes.values_list("actor_id", flat=True))


def accounts_with_failures() -> QuerySet[FailedSignIns]:
    """Accounts whose password was tried many times and until a day ago, the most tried first."""
    tried = F("wrong") + F("refused")
    return (
        FailedSignIns.objects.annotate(tried=tried)
        .filter(tried__gte=WORTH_TELLING, last__gte=timezone.now() - QUIET)
        .select_related("user")
        .order_by("-tried", "user__username")
    )
