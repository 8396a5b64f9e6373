"""What is read about accounts."""

from typing import Any

from cms.accounts.models import User


def actor_ids_of(user: Any) -> list[int]:
    """The actors for which a liaison captures; empty for anybody else."""
    if not (isinstance(user, User) and user.is_active and user.is_liaison):
        return []
    return list(user.scopes.values_list("actor_id", flat=True))
