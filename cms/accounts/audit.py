"""What was done to accounts, and by whom. It is never altered, and survives the accounts."""

from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from cms.accounts.models import AccountEvent, User


class Event(TextChoices):
    """What can happen to an account. Each stands in the database and never changes."""

    MADE = "creada", _("Se creó la cuenta")
    ROLE_CHANGED = "funcion", _("Cambió su función o su alcance")
    REVOKED = "revocada", _("Se cerró la cuenta")


def record(event: Event, *, account: User, by: User | None, **detail: Any) -> AccountEvent:
    """Write down, in the transaction that does it, what happens to an account.

    Args:
        by: who did it; None: the program itself, or somebody who had not signed in.
        detail: keys and words of the program. No name, address or text of a person.
    """
    return AccountEvent.objects.create(
        event=event,
        account=account.pk,
        account_name=account.get_username(),
        by=by.pk if by is not None else None,
        by_name=by.get_username() if by is not None else "",
        detail=detail,
    )
