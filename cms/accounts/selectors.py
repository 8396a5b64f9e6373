"""What is read about accounts."""

from django.db.models import F, QuerySet
from django.utils import timezone

from cms.accounts.models import ActorScope, FailedSignIns, Role
from cms.accounts.throttle import QUIET

# With fewer failures it is somebody who mistypes.
WORTH_TELLING = 10


def scopes_in_force() -> QuerySet[ActorScope]:
    """Which active liaison captures for which actor."""
    return ActorScope.objects.filter(user__is_active=True, user__role=Role.LIAISON)


def accounts_with_failures() -> QuerySet[FailedSignIns]:
    """Accounts whose passwords were tried many times in the last day, the most tried first."""
    tried = F("wrong") + F("refused")
    return (
        FailedSignIns.objects.annotate(tried=tried)
        .filter(tried__gte=WORTH_TELLING, last__gte=timezone.now() - QUIET)
        .select_related("user")
        .order_by("-tried", "user__username")
    )
