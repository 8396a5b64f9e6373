"""Whether a session has passed the second factor, and who must (ADR 0056).

A session knows it by itself, without a query: django-allauth writes down in it which proofs
somebody gave, and when. Setting a factor or taking one away ends the account's other sessions
(`cms.accounts.open_sessions`), so what a session says stays true.
"""

import time
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from cms.accounts.models import User

# Where django-allauth writes the proofs down. It is not installed where nobody signs in, and this
# module is read there too.
PROOFS, PROVED_BY = "account_authentication_methods", "account_authentication_methods_user"
# How each proof is written down in the session.
FACTOR, PASSWORD, LINK = "mfa", "password", "enlace"
# Seconds during which a proof is good for changing factors, and for the screens of accounts.
FRESH = 15 * 60
# Screens of the admin that ask for a proof that is fresh.
_asked_afresh: set[str] = {"/admin/users/", "/admin/auditoria/", "/admin/segundo-paso/"}


def ask_afresh(path: str) -> None:
    """Ask for a fresh factor below a path of the admin. Rooms call it when they start."""
    _asked_afresh.add(path)


def is_required_of(user: Any) -> bool:
    """Whether an account enters with a second factor only: the people of the institute do."""
    return bool(settings.CONOCELES_SECOND_FACTOR and getattr(user, "is_institute_staff", False))


def _proofs(request: HttpRequest, user: User) -> list[dict[str, Any]]:
    """The proofs that somebody gave in this session of being the owner of this account."""
    if request.session.get(PROVED_BY) != str(user.pk):
        return []
    proofs: list[dict[str, Any]] = request.session.get(PROOFS, [])
    return proofs


def has_passed(request: HttpRequest, user: User) -> bool:
    """Whether somebody proved a second factor of this account in this session."""
    return any(proof["method"] == FACTOR for proof in _proofs(request, user))


def holds_back(request: HttpRequest, user: Any) -> bool:
    """Whether the session counts as nobody's outside the pages of signing in."""
    return user.is_authenticated and is_required_of(user) and not has_passed(request, user)


def held_back(request: HttpRequest) -> User | None:
    """The account of a session that lacks its second factor, where it must have it; or None."""
    request.user.is_authenticated  # noqa: B018 (the account is read here)
    found: User | None = getattr(request, "held_back", None)
    return found


def write_down(request: HttpRequest, user: User, method: str, **more: Any) -> None:
    """Write down in the session that somebody just gave a proof: FACTOR, PASSWORD or LINK."""
    from allauth.account.internal.flows.login import record_authentication

    record_authentication(request, user, method, **more)


def forget(request: HttpRequest) -> None:
    """Forget the proofs of this session: its account has no second factor any more."""
    from allauth.account.internal.flows.login import clear_authentication_records

    clear_authentication_records(request)
    user = request.user
    if isinstance(user, User):
        # Just proved with the factor that is gone: another may be set up without a password.
        write_down(request, user, PASSWORD)


def is_fresh(request: HttpRequest) -> bool:
    """Whether somebody proved just now who they are: with a factor if the account has any."""
    user = request.user
    if not isinstance(user, User):
        return False
    methods = {
        proof["method"] for proof in _proofs(request, user) if time.time() - proof["at"] < FRESH
    }
    if FACTOR in methods:
        return True
    return bool(methods & {PASSWORD, LINK}) and not user.has_second_factor


def must_be_fresh(request: HttpRequest) -> bool:
    """Whether the address is a screen that a fresh proof opens, which the session lacks."""
    if not settings.CONOCELES_SECOND_FACTOR:
        return False
    return request.path_info.startswith(tuple(_asked_afresh)) and not is_fresh(request)
