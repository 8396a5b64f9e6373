"""Who sees the progress of a process, and who sees names in it."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from cms.accounts.models import Role, User
from cms.accounts.permissions import may_administer

MAY_SEE = "reports.view_progress"


class NotYourProgress(PermissionDenied):
    """This account does not follow the progress."""

    explanation = _("Tu cuenta no consulta el avance.")

    def __init__(self) -> None:
        super().__init__(self.explanation)


def may_see(user: Any) -> bool:
    """Whether an account may see the figures."""
    return bool(user.has_perm(MAY_SEE))


def require_progress(user: Any) -> None:
    """Raise NotYourProgress unless `may_see`."""
    if not may_see(user):
        raise NotYourProgress


def may_see_names(user: Any) -> bool:
    """Whether an account may know who has nothing captured (ADR 0020)."""
    return may_see(user) and may_administer(user)


def only_looks(user: Any) -> bool:
    """Whether following the progress is all that an account does in the admin."""
    return (
        isinstance(user, User)
        and user.role == Role.OBSERVER
        and not user.is_superuser
        and may_see(user)
    )
