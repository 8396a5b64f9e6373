"""A right password alone opens nothing of the institute: every address is tried. ADR 0056."""

from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import resolve

from tests.second_factors import pass_second_factor, with_password_alone
from tests.security.scene import ANONYMOUS, Scene
from tests.security.walk import addresses, client_of
from tests.security.walk_checks import scene  # noqa: F401

pytestmark = pytest.mark.django_db
SET_UP, PROVE = "/acceso/segundo-paso/activar/", "/acceso/segundo-paso/confirmar/"
# What Wagtail's admin answers to anybody: the way in and out, and words and pictures of its pages.
FOR_ANYBODY = ("/admin/login/", "/admin/password_reset/", "/admin/logout/", "/admin/failwhale/")
STAFF = ("superuser", "reviewer")


def ask(client: Client, method: str, path: str) -> Any:
    return client.get(path) if method == "GET" else client.post(path)


@pytest.mark.parametrize("role", STAFF)
def test_no_address_of_the_admin_answers_to_a_password_alone(scene: Scene, role: str) -> None:  # noqa: F811
    client = Client(raise_request_exception=False)
    with_password_alone(client, scene.accounts[role])
    answered, asked = [], 0
    for address in addresses(scene):
        if not address.path.startswith("/admin/") or address.path.startswith(FOR_ANYBODY):
            continue
        for method in ("GET", "POST"):
            answer = ask(client, method, address.path)
            leads = answer.status_code == 302 and answer["Location"].startswith(SET_UP)
            asked += 1
            if not leads:
                answered.append(f"{method} {address.name}: {answer.status_code}")
    assert asked > 500
    assert not answered, "\n".join(answered)


def test_elsewhere_a_password_alone_is_a_visitor(scene: Scene) -> None:  # noqa: F811
    client = Client(raise_request_exception=False)
    with_password_alone(client, scene.accounts["superuser"])
    visitor = client_of(scene, ANONYMOUS)
    differ = []
    for address in addresses(scene):
        if address.path.startswith(("/admin/", "/acceso/", "/captura/")):
            continue
        theirs, ours = visitor.get(address.path), client.get(address.path)
        if (theirs.status_code, theirs.get("Location")) != (ours.status_code, ours.get("Location")):
            differ.append(f"{address.name}: {ours.status_code} and not {theirs.status_code}")
    assert not differ, "\n".join(differ)


@pytest.mark.parametrize(
    "path",
    [
        *("/admin/", "/acceso/", "/acceso/cuenta/", "/acceso/listo/", "/acceso/retomar/"),
        *("/ayuda/", "/acceso/?next=/ayuda/", "/captura/"),
    ],
)
@pytest.mark.parametrize("has_codes", [False, True])
def test_every_way_in_ends_at_the_second_factor_without_a_loop(
    validator: Any, path: str, has_codes: bool
) -> None:
    from tests.second_factors import give_codes

    client = Client()
    with_password_alone(client, validator)
    if has_codes:
        give_codes(validator)
    seen: list[str] = []
    answer = client.get(path)
    while answer.status_code == 302:
        assert answer["Location"] not in seen, seen
        seen.append(answer["Location"])
        answer = client.get(answer["Location"])
    assert answer.status_code == 200
    assert urlsplit(seen[-1]).path == (PROVE if has_codes else SET_UP)


def test_scripts_are_told_that_the_session_lacks_something(validator: Any) -> None:
    client = Client()
    with_password_alone(client, validator)
    for headers in ({"HX-Request": "true"}, {"X-Requested-With": "XMLHttpRequest"}):
        assert client.get("/admin/revision/", headers=headers).status_code == 401
    assert (
        client.get("/admin/api/main/pages/", headers={"accept": "application/json"}).status_code
        == 401
    )


def test_screens_of_accounts_ask_for_a_proof_of_the_last_minutes(superuser: Any) -> None:
    client = Client()
    client.force_login(superuser, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get("/admin/users/").status_code == 200
    pass_second_factor(client, superuser, ago=16 * 60)
    assert client.get("/admin/").status_code == 200
    for path in (
        *("/admin/users/", "/admin/users/new/", "/admin/auditoria/"),
        *("/admin/segundo-paso/", "/admin/cuentas/"),
    ):
        assert resolve(path)
        assert client.get(path)["Location"].startswith(PROVE), path


def test_a_form_sent_without_the_factor_waits_for_it(superuser: Any) -> None:
    client = Client()
    with_password_alone(client, superuser)
    answer = client.post("/admin/users/new/", {"username": "zopilotetecleado"})
    assert answer.status_code == 302
    assert answer["Location"].startswith(f"{SET_UP}?next=%2Facceso%2Fretomar%2F")
    pass_second_factor(client, superuser)
    kept = client.get("/acceso/retomar/")
    assert "Retomar el formulario" in kept.content.decode()
