"""How often a password may be tried: counted in the database before it is tried. ADR 0019.

An allowance permits some attempts at once, and then another attempt every so often. A row holds the
next free instant of an allowance, and a single statement takes an attempt from it, so simultaneous
attempts in any number of processes cannot take the same. An attempt is taken before the password is
checked, and given back if the password was right.
"""

import ipaddress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone

from cms.accounts import audit
from cms.accounts.keys import fingerprint
from cms.accounts.models import FailedSignIns, SignInBudget, User

REMEMBERED = timedelta(days=30)
# After so long without a failure, the count of an account begins anew.
QUIET = timedelta(days=1)


@dataclass(frozen=True)
class Allowance:
    """`at_once` attempts are permitted together, and then another attempt `every` so often."""

    name: str
    at_once: int
    every: timedelta


# Somebody who mistypes, or who guesses from a single place: 14 attempts in the first hour.
ADDRESS_AND_ACCOUNT = Allowance("address and account", 5, timedelta(minutes=6))
# An office whose people share an address, or somebody who tries a password on many accounts.
ADDRESS = Allowance("address", 30, timedelta(minutes=2))
# Somebody who guesses the password of an account from many places. Known devices do not count.
ACCOUNT = Allowance("account", 40, timedelta(minutes=3))
# A device with the cookie of an earlier signing in: its owner's, or a thief's copy.
KNOWN_DEVICE = Allowance("known device", 10, timedelta(minutes=6))
# Codes of the second factor: whoever tries them has the password.
CODES_OF_PLACE = Allowance("codes, address and account", 5, timedelta(minutes=6))
CODES_OF_ACCOUNT = Allowance("codes, account", 20, timedelta(minutes=5))
CODES_OF_DEVICE = Allowance("codes, known device", 10, timedelta(minutes=6))
LINKS_OF_ADDRESS = Allowance("links of an address", 5, timedelta(minutes=10))
# So slow that a link of the owner stays good while somebody else asks for links.
LINKS_OF_ACCOUNT = Allowance("links of an account", 3, timedelta(minutes=10))
# Somebody inside who would have mail sent to addresses of others.
NEW_ADDRESSES = Allowance("new e-mails of an account", 5, timedelta(minutes=10))
CODES_OF_ADDRESS = Allowance("activation codes of an address", 30, timedelta(minutes=1))
OPENED_BY_ADDRESS = Allowance("links opened by an address", 20, timedelta(minutes=1))


# What is whole again after a right attempt.
_OF_THE_PLACE = {ADDRESS_AND_ACCOUNT, KNOWN_DEVICE, CODES_OF_PLACE, CODES_OF_DEVICE}


class TooManyAttempts(Exception):
    """An allowance is spent; there is another attempt at the instant `until`."""

    def __init__(self, until: datetime) -> None:
        self.until = until
        super().__init__(until)


_TAKE = """
insert into accounts_signinbudget as kept (key, free_at) values (%(key)s, %(now)s + %(every)s)
on conflict (key) do update
set free_at = greatest(kept.free_at, %(now)s) + %(every)s
where greatest(kept.free_at, %(now)s) + %(every)s <= %(now)s + %(most)s
returning free_at
"""


def _key(allowance: Allowance, *parts: str) -> str:
    return fingerprint("throttle", allowance.name, *parts)


def _take(allowance: Allowance, *parts: str) -> str:
    """Take one attempt; returns the key, to give it back. Raises: TooManyAttempts."""
    key, now = _key(allowance, *parts), timezone.now()
    most = allowance.at_once * allowance.every
    values: dict[str, Any] = {"key": key, "now": now, "every": allowance.every, "most": most}
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, values)
        taken = cursor.fetchone()
    if taken is None:
        free_at = SignInBudget.objects.values_list("free_at", flat=True).get(key=key)
        raise TooManyAttempts(free_at + allowance.every - most)
    return key


def network_of(address: str) -> str:
    """The place of an address: the IPv4 address, or the /64 network that an IPv6 customer has."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is not None:
            return str(found.ipv4_mapped)
        return str(ipaddress.ip_network((found, 64), strict=False))
    return str(found)


def account_named(name: str) -> User | None:
    """The account that `authenticate` would find for a typed name; None without one."""
    return User.objects.filter(username__iexact=name).first()


def _identity(name: str, user: User | None) -> str:
    """The same text for every way to type a name, so that capitals give no further attempts."""
    return f"account {user.pk}" if user is not None else f"name {name.upper().casefold()}"


@dataclass
class Attempt:
    """An attempt that was counted."""

    user: User | None
    keys: dict[Allowance, str] = field(default_factory=dict)

    def was_right(self) -> None:
        """Give it back, and forget the failures of this place with this account."""
        own = [key for allowance, key in self.keys.items() if allowance in _OF_THE_PLACE]
        SignInBudget.objects.filter(key__in=own).delete()
        for allowance, key in self.keys.items():
            SignInBudget.objects.filter(key=key).update(free_at=F("free_at") - allowance.every)

    def was_wrong(self) -> None:
        """Count it among the failures that administrators see."""
        _note(self.user, "wrong")


def begin(*, name: str, address: str, known_device: str | None = None) -> Attempt:
    """Count an attempt to sign in, before looking at its password.

    Args:
        name: as it was typed; there may be no such account.
        address: the visitor's address; empty if there is none.
        known_device: the identifier of a device on which this account signed in before.

    Raises: TooManyAttempts; then nothing was counted.
    """
    user, network = account_named(name), network_of(address)
    identity = _identity(name, user)
    allowances: tuple[tuple[Allowance, tuple[str, ...]], ...] = (
        (ADDRESS, (network,)),
        (ADDRESS_AND_ACCOUNT, (network, identity)),
        (ACCOUNT, (identity,)),
    )
    if known_device is not None:
        allowances = ((KNOWN_DEVICE, (known_device, identity)),)
    return _begin(user, allowances)


def begin_code(*, user: User, address: str, known_device: str | None = None) -> Attempt:
    """Count an attempt at a code of the second factor, before looking at the code.

    Raises: TooManyAttempts; then nothing was counted.
    """
    identity = _identity(user.username, user)
    allowances: tuple[tuple[Allowance, tuple[str, ...]], ...] = (
        (CODES_OF_PLACE, (network_of(address), identity)),
        (CODES_OF_ACCOUNT, (identity,)),
    )
    if known_device is not None:
        allowances = ((CODES_OF_DEVICE, (known_device, identity)),)
    return _begin(user, allowances)


def _begin(user: User | None, allowances: tuple[tuple[Allowance, tuple[str, ...]], ...]) -> Attempt:
    try:
        # Always in the same order, so that two attempts never wait for each other.
        with transaction.atomic():
            keys = {allowance: _take(allowance, *parts) for allowance, parts in allowances}
    except TooManyAttempts:
        _note(user, "refused")
        raise
    return Attempt(user, keys)


def may_ask_for_a_link(*, name: str, address: str) -> bool:
    """Count that somebody asks for a link, and say whether it may be sent.

    Raises: TooManyAttempts if this address asked too often. That an account was asked for too often
    is told to nobody: it would show that the account exists.
    """
    _take(LINKS_OF_ADDRESS, network_of(address))
    try:
        _take(LINKS_OF_ACCOUNT, _identity(name, account_named(name)))
    except TooManyAttempts:
        return False
    return True


def count_new_address(user: User) -> None:
    """Count that an account asked for another e-mail. Raises: TooManyAttempts."""
    _take(NEW_ADDRESSES, str(user.pk))


def count_opened_link(*, address: str) -> None:
    """Count that a link was confirmed. Raises: TooManyAttempts."""
    _take(OPENED_BY_ADDRESS, network_of(address))


def count_code(*, address: str) -> str:
    """Count that a code of activation was tried. Returns what `code_was_right` asks for.

    Raises: TooManyAttempts.
    """
    return _take(CODES_OF_ADDRESS, network_of(address))


def code_was_right(key: str) -> None:
    """Give the attempt back: an office from which many people activate is no attacker."""
    every = CODES_OF_ADDRESS.every
    SignInBudget.objects.filter(key=key).update(free_at=F("free_at") - every)


_NOTE = """
insert into accounts_failedsignins as kept (user_id, since, last, wrong, refused)
select id, %(now)s, %(now)s, %(wrong)s, %(refused)s from accounts_user where id = %(user)s
on conflict (user_id) do update
set since = case when kept.last < %(quiet)s then excluded.since else kept.since end,
    last = excluded.last,
    wrong = case when kept.last < %(quiet)s then 0 else kept.wrong end + excluded.wrong,
    refused = case when kept.last < %(quiet)s then 0 else kept.refused end + excluded.refused
returning refused
"""


def _note(user: User | None, what: str) -> None:
    """Count a failure of an account. The same statement runs for a name that no account has.

    So the work of an answer, and the time that it takes, does not show which accounts exist.
    """
    now = timezone.now()
    values: dict[str, Any] = {
        "user": None if user is None else user.pk,
        "now": now,
        "quiet": now - QUIET,
        "wrong": int(what == "wrong"),
        "refused": int(what == "refused"),
    }
    with connection.cursor() as cursor:
        cursor.execute(_NOTE, values)
        noted = cursor.fetchone()
    # Once a day at most, so that whoever guesses cannot fill the audit.
    if user is not None and what == "refused" and noted == (1,):
        audit.record(audit.Event.LOCKED_OUT, account=user, by=None)


def let_in_again(user: User) -> None:
    """Forget what was counted against an account from all places together."""
    identity = _identity(user.username, user)
    keys = [_key(allowance, identity) for allowance in (ACCOUNT, CODES_OF_ACCOUNT)]
    SignInBudget.objects.filter(key__in=keys).delete()


def purge() -> int:
    """Delete allowances that are full again and old failures. Returns how many rows."""
    whole, _kinds = SignInBudget.objects.filter(free_at__lt=Now()).delete()
    old, _kinds = FailedSignIns.objects.filter(last__lt=timezone.now() - REMEMBERED).delete()
    return whole + old
