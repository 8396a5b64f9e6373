"""Giving somebody an account: a link that works once, and the password that its owner chooses.

No password is made for anybody. Whoever can do it gives links; the owner opens one, says that the
account was received, and chooses a password. ADR 0055.
"""

import hashlib
import secrets
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from cms.accounts import audit
from cms.accounts.activation_models import ActivationLink, LinkState
from cms.accounts.keys import fingerprint
from cms.accounts.models import Role, User
from cms.catalogs.addresses import internal_url

PURPOSE = "activation link"
# Crockford's digits: none is taken for another when it is read on paper. 20 of them are 100 bits.
DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 20
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1", "-": "", " ": ""})
HANDING_OUT = frozenset({Role.ADMINISTRATOR, Role.INTERNAL_BODY})


class NotYourAccounts(PermissionDenied):
    """This account does not hand out accounts."""

    explanation = _("Tu cuenta no entrega cuentas.")

    def __init__(self) -> None:
        super().__init__(self.explanation)


class LinkNotGood(Exception):
    """The link is not ours, or is worth nothing any more. `state` is None for one that is not."""

    def __init__(self, state: LinkState | None = None, link: ActivationLink | None = None) -> None:
        self.state, self.link = state, link
        super().__init__(state)


@dataclass(frozen=True)
class Whom:
    """Whom an account is for, in the words of its activation page and of its mail.

    Attributes:
        name: of the person or candidacy. facts: what tells it from another of the same name.
        consequence: what receiving the account begins; empty if it begins nothing.
        is_closed: nobody activates this account any more.
    """

    name: str
    facts: tuple[str, ...] = field(default=())
    consequence: str = ""
    is_closed: bool = False


# Rooms above say whom their accounts are for, and hear that one was received, by role.
_whom: dict[str, Callable[[User], Whom]] = {}
_when_received: list[Callable[[ActivationLink, datetime], None]] = []


def register_owners(role: str, whom: Callable[[User], Whom]) -> None:
    """Have a room say whom the accounts of a role are for. Rooms call it when they start."""
    _whom[role] = whom


def when_received(hear: Callable[[ActivationLink, datetime], None]) -> None:
    """Have a room hear, in the same transaction, that the owner of an account received it."""
    if hear not in _when_received:
        _when_received.append(hear)


def whom_of(user: User) -> Whom:
    """Whom an account is for; by default, the person whose name the account has."""
    describe = _whom.get(user.role)
    return Whom(user.get_full_name() or user.username) if describe is None else describe(user)


def may_hand_out(user: Any) -> bool:
    """Whether an account delivers accounts: the internal body and the administrators."""
    if not (isinstance(user, User) and user.is_active and user.is_institute_staff):
        return False
    return user.is_superuser or user.role in HANDING_OUT


def require_handing_out(user: Any) -> None:
    """Raise NotYourAccounts unless `may_hand_out`."""
    if not may_hand_out(user):
        raise NotYourAccounts


def lasts() -> timedelta:
    """How long a link is good."""
    return timedelta(days=settings.CONOCELES_ACTIVATION_DAYS)


@transaction.atomic
def make_links(
    *, users: Collection[User], way: str, at: datetime, by: User | None
) -> list[ActivationLink]:
    """Make a link for each account; older links are worth nothing from then on.

    Accounts that are closed, or that somebody activated already, get none.

    Args:
        by: who hands them out; None: the program itself.

    Raises: NotYourAccounts.
    """
    if by is not None:
        require_handing_out(by)
    # In the order of their keys, so that two people who do it never wait for each other.
    locked = User.objects.select_for_update(no_key=True).filter(pk__in=[user.pk for user in users])
    waiting = [
        user for user in locked.order_by("pk") if user.is_active and not user.has_usable_password()
    ]
    still_open(waiting).update(superseded_at=at)
    links = [_new_link(user, way, at, by) for user in waiting]
    made = ActivationLink.objects.bulk_create(links)
    audit.record_all(
        audit.Event.LINK_MADE, [(user, {"por": str(way)}) for user in waiting], by=by, at=at
    )
    return made


def _new_link(user: User, way: str, at: datetime, by: User | None) -> ActivationLink:
    salt = secrets.token_hex(16)
    return ActivationLink(
        user=user,
        salt=salt,
        digest=_digest(_code(salt)),
        way=way,
        made_at=at,
        made_by=by,
        expires_at=at + lasts(),
    )


def still_open(users: Collection[User]) -> Any:
    """The links of these accounts that were not used, superseded or revoked."""
    return ActivationLink.objects.filter(
        user__in=users, used_at=None, superseded_at=None, revoked_at=None
    )


@transaction.atomic
def revoke_links(*, users: Collection[User], at: datetime, by: User | None) -> int:
    """Make the links of these accounts worthless. Returns how many were good.

    Raises: NotYourAccounts.
    """
    if by is not None:
        require_handing_out(by)
    # Locked in the order of their keys; `update` alone would lock them in any order.
    found = still_open(users).select_for_update(of=("self",)).select_related("user").order_by("pk")
    links = list(found)
    ActivationLink.objects.filter(pk__in=[link.pk for link in links]).update(revoked_at=at)
    audit.record_all(audit.Event.LINK_REVOKED, [(link.user, {}) for link in links], by=by, at=at)
    return len(links)


def _code(salt: str) -> str:
    number = int(fingerprint(PURPOSE, salt), 16)
    return "".join(DIGITS[number >> 5 * place & 31] for place in range(LENGTH))


def _digest(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()


def code_of(link: ActivationLink) -> str:
    """The code of an open link, to be mailed or printed. It is written down nowhere.

    If the key of the installation changed, the code is another one, and is made good here.
    """
    code = _code(link.salt)
    digest = _digest(code)
    if digest != link.digest:
        link.digest = digest
        link.save(update_fields=["digest"])
    return code


def address_of(code: str) -> str:
    """The full address of a link."""
    return internal_url(reverse("account_activation_arrived", args=[code]))


def grouped(code: str) -> str:
    """«K7QM-3XTP-…»: a code as somebody types it from paper."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def as_typed(text: str) -> str:
    """The code that somebody meant."""
    return text.strip().upper().translate(_READ_AS)


def link_of(code: str) -> ActivationLink:
    """The good link of a code. Raises: LinkNotGood."""
    link = _links().filter(digest=_digest(as_typed(code))).first()
    return _good(link, timezone.now())


def arrived(link_id: int) -> ActivationLink:
    """A good link by its key, which only the session of who opened it holds.

    Raises: LinkNotGood.
    """
    return _good(_links().filter(pk=link_id).first(), timezone.now())


def _links() -> Any:
    return ActivationLink.objects.select_related("user")


def _good(link: ActivationLink | None, at: datetime) -> ActivationLink:
    if link is None:
        raise LinkNotGood
    state = link.state(at)
    if state == LinkState.OPEN and not link.user.is_active:
        state = LinkState.REVOKED
    if state == LinkState.OPEN and link.user.has_usable_password():
        state = LinkState.USED
    if state != LinkState.OPEN:
        raise LinkNotGood(state, link)
    return link


def note_opened(link: ActivationLink) -> None:
    """Write down when a link's page was first shown. It proves nothing: programs open links too."""
    if link.opened_at is None:
        ActivationLink.objects.filter(pk=link.pk, opened_at=None).update(opened_at=timezone.now())


def _locked(link_id: int, at: datetime) -> ActivationLink:
    """A good link, whose account and then the link itself are locked."""
    User.objects.select_for_update(no_key=True).filter(activation_links=link_id).first()
    found = _links().select_for_update(of=("self",)).filter(pk=link_id).first()
    link = _good(found, at)
    if whom_of(link.user).is_closed:
        raise LinkNotGood(LinkState.REVOKED, link)
    return link


@transaction.atomic
def receive(*, link_id: int) -> ActivationLink:
    """The owner says that the account arrived. Saying so again changes nothing.

    Raises: LinkNotGood.
    """
    at = timezone.now()
    link = _locked(link_id, at)
    if link.received_at is None:
        link.received_at = at
        link.save(update_fields=["received_at"])
        audit.record(audit.Event.RECEIVED, account=link.user, by=None, por=link.way)
        for hear in _when_received:
            hear(link, at)
    return link


@transaction.atomic
def activate(*, link_id: int, password: str) -> User:
    """Give the account the password that its owner chose, and use the link up.

    Raises: LinkNotGood, ValidationError (what is wrong with the password, in Spanish).
    """
    at = timezone.now()
    link = _locked(link_id, at)
    validate_password(password, link.user)
    receive(link_id=link_id)
    link.user.set_password(password)
    link.user.save(update_fields=["password"])
    ActivationLink.objects.filter(pk=link_id).update(used_at=at)
    audit.record(audit.Event.ACTIVATED, account=link.user, by=link.user, por=link.way)
    return link.user
