"""What accounts may do. Services ask this themselves, not only views and buttons."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from cms.accounts.models import Role, User


class NotAnAdministrator(PermissionDenied):
    """This account does not administer the platform."""

    explanation = _("Tu cuenta no administra la plataforma.")

    def __init__(self) -> None:
        super().__init__(self.explanation)


def may_administer(user: Any) -> bool:
    """Whether an account is responsible for accounts and for the platform as a whole."""
    if not (isinstance(user, User) and user.is_active and user.is_institute_staff):
        return False
    return user.is_superuser or user.role == Role.ADMINISTRATOR


def require_administration(user: Any) -> None:
    """Raise NotAnAdministrator unless `may_administer`."""
    if not may_administer(user):
        raise NotAnAdministrator
