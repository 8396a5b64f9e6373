"""Who edits new versions, puts them in force, and notes that INE was informed."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

SEES = "questionnaires.view_definitiondraft"
EDITS = "questionnaires.change_definitiondraft"
PUTS_IN_FORCE = "questionnaires.change_processquestionnaire"
INFORMS = "questionnaires.change_definitionchange"


class NotYours(PermissionDenied):
    """The account has no part in this work; nothing was written."""

    explanation = _("Tu cuenta no hace este trabajo.")


def require(user: Any, permission: str) -> None:
    """Raise NotYours unless the account has the permission."""
    if not user.has_perm(permission):
        raise NotYours(NotYours.explanation)
