"""What was done to accounts, and by whom. It is never altered, and survives the accounts."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from cms.accounts.models import AccountEvent, User


class Event(TextChoices):
    """What can happen to an account. Each stands in the database and never changes."""

    MADE = "creada", _("Se creó la cuenta")
    ROLE_CHANGED = "funcion", _("Cambió su función o su alcance")
    REVOKED = "revocada", _("Se cerró la cuenta")

    # What accounts do to enter, and what administrators do for them (ADR 0056).
    PASSWORD_CHANGED = "contrasena", _("Cambió la contraseña")
    EMAIL_ASKED = "correo_pedido", _("Pidió cambiar el correo")
    EMAIL_CHANGED = "correo", _("Cambió el correo")
    FACTOR_SET = "paso_activado", _("Se activó un segundo paso")
    FACTOR_REMOVED = "paso_quitado", _("Su titular quitó un segundo paso")
    FACTORS_TAKEN = "pasos_quitados", _("Administración quitó el segundo paso")
    RECOVERY_CODES_MADE = "respaldo_hecho", _("Se hicieron otros códigos de respaldo")
    RECOVERY_CODE_USED = "respaldo_usado", _("Se usó un código de respaldo")
    SESSIONS_ENDED = "sesiones", _("Se terminaron sesiones")
    LOCKED_OUT = "detenida", _("Se detuvieron intentos de acceso")
    LET_IN = "intentos", _("Administración le devolvió sus intentos")
    CHANGED = "datos", _("Cambiaron sus datos")
    DEACTIVATED = "desactivada", _("Se desactivó la cuenta")
    REACTIVATED = "reactivada", _("Se reactivó la cuenta")
    DELETED = "eliminada", _("Se eliminó la cuenta")

    # How accounts reach their owners.
    LINK_MADE = "enlace_hecho", _("Se hizo un enlace para activarla")
    LINK_REVOKED = "enlace_anulado", _("Se anuló el enlace para activarla")
    RECEIVED = "recibida", _("Su dueña o dueño dijo que la recibió")
    DELIVERED = "entregada", _("El personal confirmó su entrega")
    ACTIVATED = "activada", _("Se activó la cuenta")


# How somebody who operates the server does it, in the details of an event.
SERVER = "servidor"


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


def record_all(
    event: Event,
    accounts: Collection[tuple[User, dict[str, Any]]],
    *,
    by: User | None,
    at: datetime,
) -> None:
    """Write down the same event of many accounts, each with its detail (one statement)."""
    AccountEvent.objects.bulk_create(
        AccountEvent(
            event=event,
            account=account.pk,
            account_name=account.get_username(),
            by=by.pk if by is not None else None,
            by_name=by.get_username() if by is not None else "",
            at=at,
            detail=detail,
        )
        for account, detail in accounts
    )
