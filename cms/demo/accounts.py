"""The demonstration's accounts: one per role, with passwords made on this machine and printed."""

import json
import secrets
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from cms.accounts.models import Role, User
from cms.accounts.services import create_liaison, create_staff
from cms.catalogs.models import PoliticalActor, Process

LIAISONS = {
    "enlace.pan": "pan",
    "enlace.alianza": "alianza-ciudadana-por-la-seguridad",
    "enlace.historia": "sigamos-haciendo-historia-en-coahuila",
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
    """An account to try, with its password."""

    username: str
    password: str
    role: str


def _passwords() -> dict[str, str]:
    """Kept in the data folder, readable by its owner only, so that every start prints them."""
    path = Path(settings.CONOCELES_DATA_DIR) / "keys" / "demo_passwords.json"
    known: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
    missing = [name for name in (*LIAISONS, *STAFF) if name not in known]
    if missing:
        known |= {name: f"demo-{secrets.token_urlsafe(9)}" for name in missing}
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(json.dumps(known))
    return known


def ensure_accounts(process: Process) -> list[DemoAccount]:
    """Make the accounts that are missing, and say all of them."""
    passwords = _passwords()
    known = {user.username: user for user in User.objects.filter(username__in=passwords)}
    accounts: list[DemoAccount] = []
    for username, key in LIAISONS.items():
        user = known.get(username) or create_liaison(
            username=username,
            actors=[PoliticalActor.objects.get(process=process, key=key)],
            password=passwords[username],
        )
        accounts.append(_account(user, passwords[username]))
    for username, role in STAFF.items():
        user = known.get(username) or create_staff(
            username=username, role=role, password=passwords[username]
        )
        if role == Role.ADMINISTRATOR and not user.is_superuser:
            user.is_superuser = True
            user.save(update_fields=["is_superuser"])
        accounts.append(_account(user, passwords[username]))
    return accounts


def _account(user: User, password: str) -> DemoAccount:
    if not user.check_password(password):
        user.set_password(password)
        user.save(update_fields=["password"])
    return DemoAccount(user.username, password, str(Role(user.role).label))
