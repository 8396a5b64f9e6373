"""The checks of a walk: what each role may see, change and learn. ADR 0020."""

import os
from collections.abc import Callable
from typing import Any

import pytest

from tests.security import scene as scenes
from tests.security import table
from tests.security.scene import ANONYMOUS, CANARIES, PROOF, ROLES, Scene
from tests.security.walk import Visit, addresses, walk

Walked = dict[str, dict[str, dict[str, Visit]]]
REFUSED = frozenset("eahfnm")
# What no cache keeps, whoever asks. Of the rest, what is answered to somebody who is signed in.
PRIVATE = ("acceso/", "captura/", "ayuda/", "admin/")
# Tables that signing in, and asking for a link, may write for any visitor.
OF_SIGNING_IN = {"accounts_signinlink", "procrastinate_jobs", "procrastinate_events"}
# Everybody keeps their own account: its sessions, and what the audit says of it.
OWN_ACCOUNT = {"accounts_user", "accounts_accountevent", "accounts_opensession"}
_OWN = {"wagtailcore_modellogentry"} | OWN_ACCOUNT
_DECIDING = {
    "moderation_decision",
    "moderation_observation",
    "published_publishedcandidacy",
    "questionnaires_",
    "wagtailcore_",
    "procrastinate_",
    "catalogs_",
}
_CAPTURE = {"questionnaires_", "privacy_", "capture_"}
# Answering people who capture, and saying which candidacies are of the same person.
_HELPING = {"capture_", "candidacies_candidacypage", "wagtailcore_pagelogentry"}
_CONTENT = {"wagtail", "portal_", "published_", "taggit_", "procrastinate_"}
# Prefixes of the tables that each role may change by sending forms; roles not listed: all tables.
MAY_CHANGE: dict[str, set[str]] = {
    "anonymous": OF_SIGNING_IN,
    "liaison": OF_SIGNING_IN | OWN_ACCOUNT | _CAPTURE,
    "rival": OF_SIGNING_IN | OWN_ACCOUNT | _CAPTURE,
    "candidate": OF_SIGNING_IN | OWN_ACCOUNT | _CAPTURE,
    "other_candidate": OF_SIGNING_IN | OWN_ACCOUNT | _CAPTURE,
    "identity_reviewer": OF_SIGNING_IN | _OWN,
    "observer": OF_SIGNING_IN | _OWN,
    "reviewer": OF_SIGNING_IN | _OWN | _DECIDING,
    "internal_body": OF_SIGNING_IN
    | _OWN
    | _DECIDING
    | _HELPING
    | {"privacy_simplifiednotice", "candidacies_accountrun"},
    "communication": OF_SIGNING_IN | _OWN | _CONTENT,
    "administrator": OF_SIGNING_IN
    | _OWN
    | _CONTENT
    | _HELPING
    | {
        "catalogs_",
        "questionnaires_",
        "privacy_",
        "accounts_signinbudget",
        "imports_",
        "candidacies_accountrun",
    },
}


@pytest.fixture
def scene(
    process: Any,
    actor: Any,
    other_actor: Any,
    make_candidacy: Callable[..., Any],
    complete_answers: dict[str, Any],
) -> Scene:
    """Accounts of every role, and a sample of every object that an address may name."""
    from cms.catalogs.models import PortalSettings

    accounts = scenes.make_accounts(actor, other_actor)
    pages = scenes.make_pages(accounts["communication"])
    objects = {
        **pages,
        **scenes.make_files(),
        **scenes.make_questionnaires(make_candidacy, complete_answers, accounts, other_actor),
        **scenes.make_version_draft(),
        **scenes.make_the_rest(pages["live"]),
        "portal": PortalSettings.load(),
        "process_office": process.offices.get(office__code="presidencia_municipal"),
    }
    return Scene(accounts, objects)


def _rows(walked: Walked) -> table.Rows:
    def letters(by_role: dict[str, Visit]) -> str:
        return "".join(by_role[role].answer for role in ROLES)

    return {name: (letters(ways["GET"]), letters(ways["POST"])) for name, ways in walked.items()}


def _each(walked: Walked) -> list[tuple[str, str, str, Visit]]:
    return [
        (name, method, role, visit)
        for name, ways in walked.items()
        for method, by_role in ways.items()
        for role, visit in by_role.items()
    ]


def _wrong_answers(walked: Walked) -> list[str]:
    expected, got = table.read(), _rows(walked)
    wrong = [f"has no entry: {name}" for name in got.keys() - expected.keys()]
    for name in got.keys() & expected.keys():
        for method, was, now in zip(("GET", "POST"), expected[name], got[name], strict=True):
            for role, before, after in zip(ROLES, was, now, strict=True):
                if before != after:
                    wrong.append(f"{method} {name} by {role}: {after}, expected {before}")
    return wrong


def _wrong_changes(walked: Walked) -> list[str]:
    wrong = []
    for name, method, role, visit in _each(walked):
        allowed = MAY_CHANGE.get(role, {""})
        if method == "GET" or (visit.answer in REFUSED and not name.startswith("acceso/")):
            allowed = set()
        prefixes = tuple(allowed)
        changed = {row_table for row_table in visit.changed if not row_table.startswith(prefixes)}
        if changed:
            wrong.append(f"{method} {name} by {role} ({visit.answer}) changed {sorted(changed)}")
    return wrong


def _wrong_knowledge(walked: Walked, proof: dict[str, set[str]]) -> list[str]:
    wrong = []
    for name, method, role, visit in _each(walked):
        told = {word for word in visit.learned if role not in CANARIES[word]}
        if told:
            wrong.append(f"{method} {name} tells {role}: {sorted(told)}")
    for word, roles in proof.items():
        knowing = {role for _name, _method, role, visit in _each(walked) if word in visit.learned}
        # A word that nobody ever sees would prove nothing.
        wrong += [f"{word} was never shown to {role}" for role in roles - knowing]
    return wrong


def _kept_or_compressed(walked: Walked) -> list[str]:
    """What is private and yet may be kept by a cache, or was compressed (ADR 0043)."""
    wrong = []
    for name, method, role, visit in _each(walked):
        if visit.answer == "-" or (role == ANONYMOUS and not name.startswith(PRIVATE)):
            continue
        if visit.caching != "private, no-store" or visit.is_compressed:
            how = f"«{visit.caching}»{' and compressed' * visit.is_compressed}"
            wrong.append(f"{method} {name} by {role} ({visit.answer}) is answered with {how}")
    return wrong


def check(scene: Scene, part: str) -> None:
    """Walk a part of the site; fail with a list of everything that is wrong."""
    walked = walk(scene, part)
    if os.environ.get("WRITE_ADDRESSES"):
        _write(scene, _rows(walked))
    failed = [
        f"{method} {name} by {role}: {visit.answer}"
        for name, method, role, visit in _each(walked)
        if visit.answer.isdigit()
    ]

    wrong = failed + _wrong_answers(walked) + _wrong_changes(walked)
    wrong += _wrong_knowledge(walked, PROOF[part]) + _kept_or_compressed(walked)

    assert not wrong, "\n".join(wrong)


def _write(scene: Scene, answered: table.Rows) -> None:
    rows = table.read() | answered
    names = [address.name for address in addresses(scene)]
    table.FILE.write_text(table.written({name: rows[name] for name in names if name in rows}))
