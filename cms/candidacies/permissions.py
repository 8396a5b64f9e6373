"""Who may capture a candidacy. Services ask this themselves, not only views and buttons."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from cms.candidacies.models import CandidacyPage
from cms.candidacies.selectors import capturable_by


class NotYourCandidacy(PermissionDenied):
    """This account does not capture this candidacy."""

    explanation = _("Esta candidatura no está a tu cargo.")

    def __init__(self) -> None:
        super().__init__(self.explanation)


def require_capture(user: Any, candidacy: CandidacyPage) -> None:
    """Raise NotYourCandidacy unless the candidacy is among `capturable_by(user)` (one query)."""
    if not capturable_by(user).filter(pk=candidacy.pk).exists():
        raise NotYourCandidacy
