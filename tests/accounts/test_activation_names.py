"""Nobody learns which accounts exist: neither words nor work differ. Work is counted, not timed."""

import re
from collections import Counter
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cms.accounts.hashers import BoundedArgon2
from cms.accounts.services import close_accounts, create_liaison

pytestmark = pytest.mark.django_db


@pytest.fixture
def names(actor, liaison) -> dict[str, str]:
    """Names of accounts of every kind, and one that no account has."""
    waiting = create_liaison(username="nube-lago-trigo-101", actors=[actor])
    closed = create_liaison(username="lago-trigo-nube-202", actors=[actor], password="x" * 20)
    close_accounts(users=[closed], by=None, because="prueba")
    return {
        "active": liaison.username,
        "waiting": waiting.username,
        "closed": closed.username,
        "nobody": "trigo-nube-lago-303",
    }


def work_of(address: str, data: dict[str, str], place: str) -> tuple[Any, Counter[str], str]:
    """What a request costs: how many hashes, which kinds of statements; and what it answers."""
    hashed: list[str] = []
    encode = BoundedArgon2.encode

    def counted(self: BoundedArgon2, password: str, salt: str) -> str:
        hashed.append("encode")
        return encode(self, password, salt)

    verify = BoundedArgon2.verify

    def counted_verify(self: BoundedArgon2, password: str, encoded: str) -> bool:
        hashed.append("verify")
        return verify(self, password, encoded)

    with pytest.MonkeyPatch.context() as patch, CaptureQueriesContext(connection) as queries:
        patch.setattr(BoundedArgon2, "encode", counted)
        patch.setattr(BoundedArgon2, "verify", counted_verify)
        answer = Client(REMOTE_ADDR=place).post(address, data)
    page = answer.content.decode().replace(data["login"], "NOMBRE")
    page = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page)
    statements = Counter(query["sql"].split(" ", 1)[0].upper() for query in queries)
    return len(hashed), statements, f"{answer.status_code} {page}"


@pytest.mark.parametrize("address", ["/acceso/", "/acceso/enlace/"])
def test_every_name_costs_the_same_and_is_answered_the_same(names, address, settings):
    settings.PASSWORD_HASHERS = ["cms.accounts.hashers.BoundedArgon2"]
    work_of(address, {"login": "x", "password": "x"}, "203.0.113.200")
    found = {
        kind: work_of(address, {"login": name, "password": "no es esta"}, f"203.0.113.{number}")
        for number, (kind, name) in enumerate(names.items())
    }
    strangers = found.pop("nobody")
    for kind, got in found.items():
        assert got == strangers, kind
