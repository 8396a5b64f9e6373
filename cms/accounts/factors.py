"""Second factors: codes of an application, passkeys and recovery codes (ADR 0056).

django-allauth keeps them. What is added here: a code is good once in all processes of the server,
secrets are sealed, and every change ends the account's other sessions, is told to the owner by
mail, and is in the audit.
"""

import hmac
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from allauth.mfa import app_settings
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import format_hotp_value, generate_totp_secret, hotp_value
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import TextChoices
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cms.accounts import audit, open_sessions, permissions, told
from cms.accounts.keys import Unreadable, seal, unseal
from cms.accounts.models import SECOND_FACTORS, User

Kind = Authenticator.Type
PENDING, PENDING_LASTS = "codigos_por_activar", timedelta(hours=1)


class FactorIsSet(Exception):
    """The account already has codes of an application; they are taken away first."""


class NotOnOneself(PermissionDenied):
    """Nobody takes their own second factor away as an administrator: a colleague does."""

    explanation = _("Pide a otra persona de Administración que quite tu segundo paso.")


class Reason(TextChoices):
    """Why somebody's second factors are taken away; the audit keeps it."""

    LOST = "perdido", gettext_lazy("Perdió su teléfono o su llave")
    STOLEN = "robado", gettext_lazy("Le robaron su teléfono o su llave")
    BROKEN = "descompuesto", gettext_lazy("Se descompuso su teléfono o su llave")
    REPLACED = "cambiado", gettext_lazy("Cambió de teléfono sin pasar la aplicación")


class Check(TextChoices):
    """How the administrator checked that the owner asks for it; the audit keeps it."""

    IN_PERSON = "presencial", gettext_lazy("En persona, con su identificación oficial")
    VIDEO = "video", gettext_lazy("Por videollamada, con su identificación oficial")
    LETTER = "oficio", gettext_lazy("Por oficio firmado de su partido o de su área")


@dataclass(frozen=True)
class OwnFactor:
    """A second factor of an account, for its owner."""

    pk: int
    is_key: bool
    name: str
    set_at: datetime
    used_at: datetime | None


def factors_of(user: User) -> list[OwnFactor]:
    """The second factors of an account, the oldest first; recovery codes are not among them."""
    rows = Authenticator.objects.filter(user=user, type__in=SECOND_FACTORS).order_by("pk")
    return [
        OwnFactor(
            row.pk,
            row.type == Kind.WEBAUTHN,
            row.wrap().name if row.type == Kind.WEBAUTHN else _("Aplicación de códigos"),
            row.created_at,
            row.last_used_at,
        )
        for row in rows
    ]


def recovery_codes_left(user: User) -> int:
    """How many recovery codes nobody used yet."""
    row = Authenticator.objects.filter(user=user, type=Kind.RECOVERY_CODES).first()
    with suppress(Unreadable):
        return len(row.wrap().get_unused_codes()) if row is not None else 0
    return 0


# Codes.


def _matching(secret: str, code: str) -> Iterator[int]:
    """The half minutes around now in which this is the code."""
    now, typed = int(time.time()) // app_settings.TOTP_PERIOD, "".join(code.split()).encode()
    for step in range(-app_settings.TOTP_TOLERANCE, app_settings.TOTP_TOLERANCE + 1):
        if hmac.compare_digest(format_hotp_value(hotp_value(secret, now + step)).encode(), typed):
            yield now + step


def code_of_now(secret: str) -> str:
    """What an application shows now for a secret."""
    now = int(time.time()) // app_settings.TOTP_PERIOD
    return str(format_hotp_value(hotp_value(secret, now)))


@transaction.atomic
def accept_code(*, user: User, code: str) -> Authenticator | None:
    """Use up a code of the application or a recovery code; None where it is neither, or was used.

    The rows are locked: of two requests with the same code, in any processes, one is let in.
    """
    rows = list(Authenticator.objects.select_for_update().filter(user=user).order_by("pk"))
    accepted = next((row for row in rows if _accepts(row, code)), None)
    if accepted is None:
        return None
    _seal_anew(rows)
    if accepted.type == Kind.RECOVERY_CODES:
        told.tell(audit.record(audit.Event.RECOVERY_CODE_USED, account=user, by=user))
    return accepted


def _accepts(row: Authenticator, code: str) -> bool:
    """Whether a code is one of this factor; then it is used up. A lost key opens nothing."""
    try:
        if row.type == Kind.TOTP:
            unused = [step for step in _matching(_secret(row), code) if step > row.data["last"]]
            row.data["last"] = unused[0] if unused else row.data["last"]
            return bool(unused)
        if row.type == Kind.RECOVERY_CODES:
            wrapped = row.wrap()
            is_right = bool(wrapped.validate_code("".join(code.split())))
            row.data = wrapped.instance.data
            return is_right
    except Unreadable:
        return False
    return False


def _secret(row: Authenticator) -> str:
    return str(get_adapter().decrypt(row.data["secret"]))


def _seal_anew(rows: list[Authenticator]) -> None:
    """Seal what is sealed with the newest key: a key that was replaced becomes needless by use."""
    for row in rows:
        for name in {"secret", "seed"} & set(row.data):
            with suppress(Unreadable):
                row.data[name] = get_adapter().encrypt(get_adapter().decrypt(row.data[name]))
        row.save(update_fields=["data"])


def pending_secret(request: HttpRequest) -> str:
    """The secret that somebody is about to set up; the same in every tab, sealed in the session."""
    try:
        return unseal(PENDING, request.session.get(PENDING, ""), max_age=PENDING_LASTS)
    except Unreadable:
        secret = str(generate_totp_secret())
        request.session[PENDING] = seal(PENDING, secret)
        return secret


def step_of(secret: str, code: str) -> int | None:
    """The half minute in which this is the code of the secret; None where it is not."""
    return next(_matching(secret, code), None)


# Changes by the owner. The views ask for a fresh proof before.


@transaction.atomic
def set_up_codes(*, user: User, secret: str, step: int = 0) -> None:
    """Give an account codes of an application. The code that proved them (`step`) is used up.

    Raises: FactorIsSet.
    """
    _lock(user)
    if Authenticator.objects.filter(user=user, type=Kind.TOTP).exists():
        raise FactorIsSet
    data = {"secret": get_adapter().encrypt(secret), "last": step}
    Authenticator.objects.create(user=user, type=Kind.TOTP, data=data)
    _was_set(user, Kind.TOTP)


@transaction.atomic
def add_key(*, user: User, name: str, credential: dict[str, Any]) -> None:
    """Give an account a passkey, whose ceremony the form has verified."""
    _lock(user)
    data = {"name": name, "credential": credential}
    Authenticator.objects.create(user=user, type=Kind.WEBAUTHN, data=data)
    _was_set(user, Kind.WEBAUTHN)


@transaction.atomic
def remove_factor(*, user: User, factor_id: int) -> bool:
    """Take away a factor of one's own; with the last of them the recovery codes go too.

    Returns: whether there was such a factor.
    """
    _lock(user)
    row = Authenticator.objects.filter(user=user, pk=factor_id, type__in=SECOND_FACTORS).first()
    if row is None:
        return False
    kind = row.type
    row.delete()
    if not user.has_second_factor:
        Authenticator.objects.filter(user=user).delete()
    told.tell(audit.record(audit.Event.FACTOR_REMOVED, account=user, by=user, kind=kind))
    return True


@transaction.atomic
def make_recovery_codes(*, user: User) -> None:
    """Make other recovery codes; those of before are worthless from now on."""
    _lock(user)
    Authenticator.objects.filter(user=user, type=Kind.RECOVERY_CODES).delete()
    RecoveryCodes.activate(user)
    audit.record(audit.Event.RECOVERY_CODES_MADE, account=user, by=user)


@transaction.atomic
def show_recovery_codes(*, user: User) -> list[str]:
    """The recovery codes, once after they were made; empty ever after."""
    _lock(user)
    row = Authenticator.objects.filter(user=user, type=Kind.RECOVERY_CODES).first()
    if row is None or row.wrap().did_view:
        return []
    wrapped = row.wrap()
    try:
        codes: list[str] = wrapped.get_unused_codes()
    except Unreadable:
        return []
    wrapped.mark_as_viewed()
    return codes


# What an administrator does for somebody who lost everything.


@transaction.atomic
def remove_all_factors(*, user: User, by: Any, because: Reason, checked: Check) -> None:
    """Take all second factors of somebody else away, who sets up another when next signing in.

    The administrator has checked the owner's identity. The account's sessions end.

    Raises: permissions.NotAnAdministrator, NotOnOneself.
    """
    permissions.require_administration(by)
    if by.pk == user.pk:
        raise NotOnOneself(NotOnOneself.explanation)
    _lock(user)
    Authenticator.objects.filter(user=user).delete()
    open_sessions.end_all(user=user, by=by)
    event = audit.record(
        audit.Event.FACTORS_TAKEN, account=user, by=by, because=because.value, checked=checked.value
    )
    told.tell(event)


def used(*, user: User, factor: Authenticator) -> None:
    """Write down when a factor was used last."""
    Authenticator.objects.filter(pk=factor.pk, user=user).update(last_used_at=timezone.now())


def _lock(user: User) -> None:
    User.objects.select_for_update().get(pk=user.pk)


def _was_set(user: User, kind: str) -> None:
    if not Authenticator.objects.filter(user=user, type=Kind.RECOVERY_CODES).exists():
        RecoveryCodes.activate(user)
    told.tell(audit.record(audit.Event.FACTOR_SET, account=user, by=user, kind=kind))
