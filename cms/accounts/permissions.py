"""Who may do what. Asked by the services themselves, not only by views and buttons."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from cms.accounts.models import REVIEW_ROLES, Role, User


class NotAReviewer(PermissionDenied):
    """This account has no part in the review of questionnaires."""

    explanation = _("Tu cuenta no revisa cuestionarios.")

    def __init__(self) -> None:
        super().__init__(self.explanation)


class NotAnAdministrator(PermissionDenied):
    """This account does not administer the platform."""

    explanation = _("Tu cuenta no administra la plataforma.")

    def __init__(self) -> None:
        super().__init__(self.explanation)


def may_administer(user: Any) -> bool:
    """Whether an account answers for accounts and for the platform as a whole."""
    if not (isinstance(user, User) and user.is_active and user.is_institute_staff):
        return False
    return user.is_superuser or user.role == Role.ADMINISTRATOR


def require_administration(user: Any) -> None:
    """Raise NotAnAdministrator unless `may_administer`."""
    if not may_administer(user):
        raise NotAnAdministrator


def may_review(user: Any) -> bool:
    """Whether an account reviews curricular questionnaires: by its role, never by being superuser.

    Source: work plan 1 (Unidad Técnica de Transparencia, a).
    """
    return isinstance(user, User) and user.is_active and user.role in REVIEW_ROLES


def require_review(user: Any) -> None:
    """Raise NotAReviewer unless `may_review`."""
    if not may_review(user):
        raise NotAReviewer
