"""Who answers. Services ask this themselves, not only views and buttons."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext_lazy as _

from cms.accounts.models import User

ANSWERS = "capture.change_advicerequest"


class DoesNotAnswer(PermissionDenied):
    """This account does not answer those who ask for advice."""

    explanation = _("Tu cuenta no responde asesorías.")

    def __init__(self) -> None:
        super().__init__(str(self.explanation))


def may_answer(user: Any) -> bool:
    """Whether an account reads and answers what people who capture ask (ADR 0034)."""
    return isinstance(user, User) and user.is_active and user.has_perm(ANSWERS)


def require_answering(user: Any) -> None:
    """Raise DoesNotAnswer unless `may_answer`."""
    if not may_answer(user):
        raise DoesNotAnswer
