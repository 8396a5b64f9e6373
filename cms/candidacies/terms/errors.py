"""Why something cannot be done with a term; each error explains itself in Spanish."""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _


class MayNotReopen(PermissionDenied):
    """This account does not reopen terms."""

    explanation = _("Tu cuenta no reabre plazos.")

    def __init__(self) -> None:
        super().__init__(self.explanation)


class ReopeningRefused(Exception):
    """A reopening that changes nothing, or that is not complete; nothing was written.

    `field` is what has to be mended: "until", "authorised_by", "reason", or empty for none of them.
    """

    def __init__(self, explanation: str, field: str = "") -> None:
        self.explanation, self.field = explanation, field
        super().__init__(explanation)
