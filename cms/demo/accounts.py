"""The accounts of the demonstration. Their passwords are made on this machine and printed."""

import json
import secrets
from base64 import b32encode
from dataclasses import dataclass
from hashlib import sha256
from itertools import chain, count
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from cms.accounts.factors import code_of_now, set_up_codes
from cms.accounts.models import Role, User
from cms.accounts.services import create_liaison, create_staff
from cms.candidacies.own_accounts import generation, receipts, selectors
from cms.candidacies.own_accounts.models import Arrival
from cms.candidacies.services import give_own_account
from cms.catalogs.models import PoliticalActor, Process

LIAISONS = {
    "enlace.pan": "pan",
    "enlace.alianza": "alianza-ciudadana-por-la-seguridad",
    "enlace.historia": "sigamos-haciendo-historia-en-coahuila",
}
# Whose candidates have an account of their own.
CANDIDATES = {
    "candidatura": "pan",
    "candidatura.alianza": "alianza-ciudadana-por-la-seguridad",
}
STAFF = {
    "revision": Role.CURRICULAR_REVIEWER,
    "instancia": Role.INTERNAL_BODY,
    "comunicacion": Role.COMMUNICATION,
    "consulta": Role.OBSERVER,
    "administracion": Role.ADMINISTRATOR,
}


@dataclass(frozen=True)
class DemoAccount:
    """An account to try, with its password.

    Attributes:
        part: its name in the demonstration. Its username differs if somebody already had that name.
        is_staff: it enters with a second factor; `manage.py demo_code` says the code of now.
    """

    part: str
    username: str
    password: str
    role: str
    is_staff: bool = False


class _Passwords:
    """Passwords, kept in the data folder for its owner alone, so that each start prints them."""

    def __init__(self) -> None:
        self.path = Path(settings.CONOCELES_DATA_DIR) / "keys" / "demo_passwords.json"
        self.known: dict[str, str] = json.loads(self.path.read_text()) if self.path.exists() else {}

    def new(self, username: str) -> str:
        """Make a password and keep it."""
        self.known[username] = f"demo-{secrets.token_urlsafe(9)}"
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.path.touch(mode=0o600)
        self.path.write_text(json.dumps(self.known))
        return self.known[username]

    def are_of(self, user: User) -> bool:
        """Whether the demonstration made this account, which still has its first password."""
        return user.username in self.known and user.check_password(self.known[user.username])


def _own_name(part: str, passwords: _Passwords) -> tuple[str, User | None]:
    """The first name that is free or already belongs to the demonstration. Other accounts stay.

    Returns: the name, and the account if there is one.
    """
    for name in chain([part], (f"demo{number}.{part}" for number in count(1))):
        user = User.objects.filter(username=name).first()
        if user is None or passwords.are_of(user):
            return name, user
    raise AssertionError("names do not end")


def ensure_accounts(process: Process) -> list[DemoAccount]:
    """Make the accounts that are missing. Returns all of them."""
    passwords = _Passwords()
    accounts: list[DemoAccount] = []
    for part, key in LIAISONS.items():
        username, user = _own_name(part, passwords)
        user = user or create_liaison(
            username=username,
            actors=[PoliticalActor.objects.get(process=process, key=key)],
            password=passwords.new(username),
        )
        accounts.append(_account(part, user, passwords))
    for part, key in CANDIDATES.items():
        username, user = _own_name(part, passwords)
        user = user or _candidate(process, key, username, passwords)
        if user is not None:
            accounts.append(_account(part, user, passwords))
    for part, role in STAFF.items():
        username, user = _own_name(part, passwords)
        if user is None:
            user = create_staff(username=username, role=role, password=passwords.new(username))
            user.is_superuser = role == Role.ADMINISTRATOR
            user.save(update_fields=["is_superuser"])
        if settings.CONOCELES_SECOND_FACTOR and not user.has_second_factor:
            set_up_codes(user=user, secret=secret_of(passwords.known[username]))
        accounts.append(_account(part, user, passwords))
    return accounts


def _candidate(process: Process, actor: str, username: str, passwords: _Passwords) -> User | None:
    """The account of the first candidacy of an actor that has none, received and activated.

    None if every candidacy of the actor has an account.
    """
    without = generation.without_account(process.pk).filter(actor__key=actor)
    candidacy = selectors.in_process_order(without, by_actor=False).first()
    if candidacy is None:
        return None
    user = give_own_account(candidacy=candidacy, username=username, by=None)
    user.set_password(passwords.new(username))
    user.save(update_fields=["password"])
    arrived = [receipts.Arrived(user, None)]
    receipts.record(arrived, how=Arrival.SAID, at=timezone.now(), received_by="", by=None)
    return user


def _account(part: str, user: User, passwords: _Passwords) -> DemoAccount:
    label = str(Role(user.role).label)
    password = passwords.known[user.username]
    return DemoAccount(part, user.username, password, label, is_staff=user.is_institute_staff)


def secret_of(password: str) -> str:
    """The secret of the codes of a demo account. Whoever tries it knows its password anyway."""
    return b32encode(sha256(f"second factor {password}".encode()).digest()[:20]).decode()


def code_of(username: str) -> str | None:
    """The code of now of an account of the demonstration; None if there is no such account."""
    password = _Passwords().known.get(username)
    return code_of_now(secret_of(password)) if password else None
