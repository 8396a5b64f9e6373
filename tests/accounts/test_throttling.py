"""Guessing passwords is slow, and does not lock the owner out. ADR 0019."""

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from time_machine import travel

from cms.accounts import tasks, throttle
from cms.accounts.devices import COOKIE
from cms.accounts.models import FailedSignIns, SignInBudget
from cms.accounts.services import create_staff

pytestmark = pytest.mark.django_db
RIGHT, WRONG = "palabra-de-prueba-1", "palabra-equivocada-9"


def from_address(address: str) -> Client:
    return Client(REMOTE_ADDR=address)


def try_to_enter(client: Client, name: str = "enlace.pd", password: str = WRONG) -> Any:
    return client.post("/acceso/", {"login": name, "password": password})


def is_inside(client: Client) -> bool:
    return bool(client.get("/captura/").status_code == 200)


def words(response: Any, name: str) -> str:
    page = response.content.decode().replace(name, "")
    return page[page.index("<main") : page.index("</main>")].split("csrfmiddlewaretoken")[0]


@pytest.fixture
def addresses() -> Iterator[str]:
    return (f"198.51.{third}.{fourth}" for third in range(100, 120) for fourth in range(1, 250))


def spend(addresses: Iterator[str], name: str = "enlace.pd") -> None:
    """Spend all that is left of an account from many places, without pages in between."""
    with suppress(throttle.TooManyAttempts):
        for address in addresses:
            throttle.begin(name=name, address=address).was_wrong()


def test_two_hundred_wrong_passwords_from_twenty_places_do_not_lock_the_owner_out(
    liaison, addresses
):
    known = from_address("203.0.113.7")
    try_to_enter(known, password=RIGHT)
    known.post("/acceso/salir/")

    places = [from_address(next(addresses)) for _place in range(20)]
    answers = [try_to_enter(places[turn % 20]).status_code for turn in range(200)]

    assert set(answers) == {200, 429}
    assert answers.count(200) == throttle.ACCOUNT.at_once
    assert try_to_enter(known, password=RIGHT).status_code == 302
    assert is_inside(known)


def test_the_known_device_enters_from_the_place_of_the_attack_too(liaison):
    known = from_address("203.0.113.7")
    try_to_enter(known, password=RIGHT)
    known.post("/acceso/salir/")
    for _attempt in range(50):
        last = try_to_enter(from_address("203.0.113.7"))
    assert last.status_code == 429

    try_to_enter(known, password=RIGHT)

    assert is_inside(known)


def test_one_place_gets_fifteen_tries_an_hour_at_one_account(liaison):
    looked_at = 0
    with travel(timezone.now(), tick=False) as clock:
        for _minute in range(60):
            for name in ("enlace.pd", "ENLACE.PD", "Enlace.pd"):
                with suppress(throttle.TooManyAttempts):
                    throttle.begin(name=name, address="198.51.100.9").was_wrong()
                    looked_at += 1
            clock.shift(timedelta(minutes=1))
    assert looked_at == 14


def test_one_place_that_tries_many_accounts_is_stopped_and_others_are_not(liaison):
    client = from_address("198.51.100.9")
    answers = [try_to_enter(client, f"cuenta.{turn}").status_code for turn in range(60)]
    assert answers.count(200) == throttle.ADDRESS.at_once
    elsewhere = from_address("198.51.100.10")
    try_to_enter(elsewhere, password=RIGHT)
    assert is_inside(elsewhere)


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:198.51.100.9", "198.51.100.9", True),
        ("198.51.100.9", "198.51.100.8", False),
        ("no es una dirección", "", True),
    ],
)
def test_a_place_is_an_address_or_what_a_customer_of_ipv6_receives(first, second, same):
    assert (throttle.network_of(first) == throttle.network_of(second)) is same


def test_the_answer_says_when_and_what_to_do_and_is_the_same_for_no_account(liaison):
    with travel("2026-05-04T16:00:00+00:00", tick=False):
        for _attempt in range(6):
            known = try_to_enter(from_address("198.51.100.9"), "enlace.pd")
            unknown = try_to_enter(from_address("198.51.100.10"), "nadie.existe")
    assert known.status_code == unknown.status_code == 429
    assert known["Retry-After"] == unknown["Retry-After"] == "361"
    assert "no-store" in known["Cache-Control"]
    page = words(known, "enlace.pd")
    assert page == words(unknown, "nadie.existe")
    assert "en 7 minutos" in page
    assert "10:06" in page
    assert "Pide un enlace por correo" in page
    assert "desde otro dispositivo" in page


def test_a_password_is_hashed_once_whether_or_not_the_account_exists(
    liaison, settings, monkeypatch
):
    from cms.accounts.hashers import BoundedArgon2

    settings.PASSWORD_HASHERS = ["cms.accounts.hashers.BoundedArgon2"]
    create_staff(username="sin.clave", role="consulta")
    create_staff(username="inactiva", role="consulta", password=WRONG)
    closed = create_staff(username="cerrada", role="consulta", password=WRONG)
    closed.is_active = False
    closed.save()
    liaison.set_password(RIGHT)
    liaison.save()
    hashed: list[str] = []
    for name in ("encode", "verify"):
        whole = getattr(BoundedArgon2, name)

        def counted(self: Any, *args: Any, whole: Any = whole, name: str = name) -> Any:
            hashed.append(name)
            return whole(self, *args)

        monkeypatch.setattr(BoundedArgon2, name, counted)
    for turn, account in enumerate(("enlace.pd", "no.existe", "sin.clave", "cerrada")):
        hashed.clear()
        assert try_to_enter(from_address(f"198.51.100.{turn}"), account).status_code == 200
        assert len(hashed) == 1, account


def test_other_capitals_are_the_same_account(liaison):
    client = from_address("203.0.113.7")
    try_to_enter(client, " Enlace.PD ", RIGHT)
    assert is_inside(client)


def test_a_right_password_gives_the_attempts_of_its_place_back(liaison):
    for _day in range(12):
        client = from_address("203.0.113.7")
        for _attempt in range(2):
            try_to_enter(client)
        assert try_to_enter(client, password=RIGHT).status_code == 302


def test_signing_in_to_one_account_gives_no_attempts_at_another(liaison, other_liaison):
    client = from_address("198.51.100.9")
    looked_at = 0
    for _attempt in range(20):
        looked_at += try_to_enter(client, "enlace.pd").status_code == 200
        try_to_enter(Client(REMOTE_ADDR="198.51.100.9"), "enlace.ps", "palabra-de-prueba-2")
    assert looked_at == throttle.ADDRESS_AND_ACCOUNT.at_once


def test_a_known_device_is_of_one_account_and_of_one_password(liaison, other_liaison, addresses):
    known = from_address("203.0.113.7")
    try_to_enter(known, password=RIGHT)
    cookie = known.cookies[COOKIE]
    assert cookie["httponly"]
    assert cookie["path"] == "/acceso/"
    assert cookie["samesite"] == "Lax"
    known.post("/acceso/salir/")
    spend(addresses, "enlace.ps")
    assert try_to_enter(known, "enlace.ps", "palabra-de-prueba-2").status_code == 429

    liaison.set_password("otra-palabra-de-prueba")
    liaison.save()
    spend(addresses)
    assert try_to_enter(known, password="otra-palabra-de-prueba").status_code == 429


def test_a_stolen_or_altered_cookie_gives_few_attempts(liaison):
    known = from_address("203.0.113.7")
    try_to_enter(known, password=RIGHT)
    value = known.cookies[COOKIE].value
    looked_at = 0
    for turn in range(30):
        thief = from_address(f"198.51.100.{turn}")
        thief.cookies[COOKIE] = value
        looked_at += try_to_enter(thief).status_code == 200
    assert looked_at == throttle.KNOWN_DEVICE.at_once

    for altered in (value[:-2], "x" + value, "é.." * 2000, value.upper()):
        client = from_address("198.51.100.200")
        client.cookies[COOKIE] = altered
        assert try_to_enter(client, password=RIGHT).status_code == 302


def test_a_shared_computer_keeps_a_few_accounts(liaison, other_liaison, addresses):
    shared = from_address("203.0.113.7")
    for name, password in (("enlace.pd", RIGHT), ("enlace.ps", "palabra-de-prueba-2")):
        try_to_enter(shared, name, password)
        shared.post("/acceso/salir/")
    spend(addresses)
    try_to_enter(shared, password=RIGHT)
    assert is_inside(shared)


def test_behind_a_proxy_each_visitor_has_its_own_attempts(liaison, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    for _attempt in range(10):
        Client(headers={"x-forwarded-for": "198.51.100.9"}).post(
            "/acceso/", {"login": "enlace.pd", "password": WRONG}
        )
    other = Client(headers={"x-forwarded-for": "198.51.100.9, 203.0.113.7"})
    try_to_enter(other, password=RIGHT)
    assert is_inside(other)
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 2
    assert try_to_enter(Client(headers={"x-forwarded-for": "1.2.3.4"})).status_code == 200


def test_whoever_administers_is_told_and_gives_attempts_back(liaison, addresses):
    client = Client(enforce_csrf_checks=True)
    spend(addresses)
    spend(addresses, "no.existe")
    office = create_staff(username="admin.uno", role="administracion", password=RIGHT)
    client.force_login(office, backend="django.contrib.auth.backends.ModelBackend")

    page = client.get("/admin/").content.decode()

    assert "Intentos de acceso" in page
    assert "enlace.pd" in page
    assert "no.existe" not in page
    assert "198.51." not in page
    row = FailedSignIns.objects.get()
    assert (row.wrong, row.refused) == (40, 1)
    newcomer = from_address("203.0.113.7")
    assert try_to_enter(newcomer, password=RIGHT).status_code == 429
    address = f"/admin/intentos/{liaison.pk}/dejar-entrar/"
    form = page[page.index(f'action="{address}"') :]
    [token] = re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)[:1]
    client.post(address, {"csrfmiddlewaretoken": token})
    try_to_enter(newcomer, password=RIGHT)
    assert is_inside(newcomer)


@pytest.mark.parametrize("role", ["instancia_interna", "consulta", "comunicacion"])
def test_nobody_else_is_told_or_gives_attempts(liaison, addresses, client, role):
    spend(addresses)
    user = create_staff(username="otra", role=role, password=RIGHT)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    assert "enlace.pd" not in client.get("/admin/").content.decode()
    client.post(f"/admin/intentos/{liaison.pk}/dejar-entrar/")
    assert try_to_enter(from_address("203.0.113.7"), password=RIGHT).status_code == 429


def test_nothing_that_was_typed_and_no_address_is_kept(liaison):
    client = from_address("198.51.100.9")
    try_to_enter(client, "clave-escrita-por-error", WRONG)
    try_to_enter(client)
    kept = [
        str(vars(row)) for model in (SignInBudget, FailedSignIns) for row in model.objects.all()
    ]
    assert len(kept) == 6
    for secret in ("clave-escrita-por-error", WRONG, "198.51.100.9"):
        assert not any(secret in row for row in kept)


def test_what_is_whole_again_is_deleted(liaison):
    try_to_enter(from_address("198.51.100.9"))
    assert tasks.purge_sign_ins(0) == 0
    SignInBudget.objects.update(free_at=timezone.now() - timedelta(seconds=1))
    FailedSignIns.objects.update(last=timezone.now() - timedelta(days=31))
    assert tasks.purge_sign_ins(0) == 4
    assert not SignInBudget.objects.exists()


def test_an_attempt_costs_the_database_few_queries(liaison, django_assert_num_queries):
    client = from_address("198.51.100.9")
    try_to_enter(client)
    with django_assert_num_queries(10):
        try_to_enter(client)
