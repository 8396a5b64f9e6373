"""Activating an account: a link that works once, and a password that only its owner knows."""

import re
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone
from time_machine import travel

from cms.accounts import activation, throttle
from cms.accounts.activation_models import ActivationLink, Way
from cms.accounts.models import AccountEvent, User
from cms.accounts.services import close_accounts, create_liaison
from tests.two_connections import at_once

pytestmark = pytest.mark.django_db
PASSWORD = "nube trigo cobre lago"
RECEIVE, CHOOSE = "/acceso/activar/recibir/", "/acceso/activar/contrasena/"


@pytest.fixture
def owner(actor) -> User:
    return create_liaison(username="cobre-nube-trigo-482", actors=[actor])


def link_for(user: User, way: str = Way.MAIL) -> tuple[ActivationLink, str]:
    (link,) = activation.make_links(users=[user], way=way, at=timezone.now(), by=None)
    return link, activation.code_of(link)


def arrive(code: str) -> Client:
    client = Client()
    client.get(f"/acceso/activar/{code}/")
    return client


def choose(client: Client, password: str = PASSWORD, again: str | None = None) -> Any:
    client.post(RECEIVE)
    return client.post(CHOOSE, {"password": password, "again": again or password})


def test_the_owner_opens_the_link_receives_the_account_chooses_a_password_and_is_inside(owner):
    _link, code = link_for(owner)
    client = Client()
    arrived = client.get(f"/acceso/activar/{code}/")
    assert arrived["Location"] == RECEIVE
    page = client.get(RECEIVE).content.decode()
    assert "cobre-nube-trigo-482" in page
    assert client.post(RECEIVE)["Location"] == CHOOSE
    assert client.get(CHOOSE).status_code == 200
    assert choose(client)["Location"] == "/captura/"
    assert client.get("/captura/").status_code == 200
    owner.refresh_from_db()
    assert owner.check_password(PASSWORD)
    events = AccountEvent.objects.filter(account=owner.pk).order_by("pk")
    assert [row.event for row in events] == [
        "creada",
        "enlace_hecho",
        "recibida",
        "activada",
    ]


def test_no_table_holds_the_code_and_no_session_does(owner):
    link, code = link_for(owner)
    arrive(code)
    stored = str(ActivationLink.objects.values().get(pk=link.pk))
    stored += "".join(str(session.get_decoded()) for session in Session.objects.all())
    stored += str(list(AccountEvent.objects.values()))
    assert code not in stored
    assert len(code) == 20


def test_a_link_works_once_and_says_that_the_account_is_active(owner):
    _link, code = link_for(owner)
    choose(arrive(code))
    answer = Client().get(f"/acceso/activar/{code}/")
    assert answer.status_code == 410
    assert "ya se usó" in answer.content.decode()
    assert "sessionid" not in answer.client.cookies


def test_two_tabs_activate_once(owner):
    _link, code = link_for(owner)
    one, two = arrive(code), arrive(code)
    one.post(RECEIVE)
    two.post(RECEIVE)
    assert choose(one)["Location"] == "/captura/"
    answer = choose(two, "otra palabra muy larga")
    assert answer.status_code == 410
    owner.refresh_from_db()
    assert owner.check_password(PASSWORD)
    assert two.get("/captura/").status_code == 302


def test_two_people_who_send_at_the_same_instant_activate_once(committed):
    user = User.objects.create_user(username="trigo-lago-nube-101", password=None)
    link, _code = link_for(user)

    def activate(password: str) -> User:
        return activation.activate(link_id=link.pk, password=password)

    got = at_once(lambda: activate(PASSWORD), lambda: activate("otra palabra muy larga"))
    assert sorted(type(one).__name__ for one in got) == ["LinkNotGood", "User"]
    assert AccountEvent.objects.filter(event="activada").count() == 1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("late", "venció"),
        ("revoked", "fue anulado"),
        ("superseded", "más nuevo"),
        ("closed", "fue anulado"),
        ("activated", "ya se usó"),
    ],
)
def test_a_link_that_is_worth_nothing_says_why_and_what_to_do(owner, change, said):
    _link, code = link_for(owner)
    moment = timezone.now()
    if change == "late":
        moment += activation.lasts() + timedelta(seconds=1)
    elif change == "revoked":
        activation.revoke_links(users=[owner], at=moment, by=None)
    elif change == "superseded":
        link_for(owner)
    elif change == "closed":
        close_accounts(users=[owner], by=None, because="prueba")
    else:
        owner.set_password(PASSWORD)
        owner.save()
    with travel(moment):
        client = Client()
        for answer in (client.get(f"/acceso/activar/{code}/"), client.get(RECEIVE)):
            assert answer.status_code == 410
        answer = client.post("/acceso/activar/", {"code": code})
        assert answer.status_code == 410
        assert said in answer.content.decode()
        assert not Session.objects.exists()


@pytest.mark.parametrize("change", ["late", "revoked", "superseded", "closed"])
def test_a_link_that_dies_while_somebody_chooses_gives_no_password(owner, change):
    _link, code = link_for(owner)
    client = arrive(code)
    client.post(RECEIVE)
    moment = timezone.now()
    if change == "late":
        moment += activation.lasts() + timedelta(seconds=1)
    elif change == "revoked":
        activation.revoke_links(users=[owner], at=moment, by=None)
    elif change == "superseded":
        link_for(owner)
    else:
        close_accounts(users=[owner], by=None, because="prueba")
    with travel(moment):
        answer = client.post(CHOOSE, {"password": PASSWORD, "again": PASSWORD})
    assert answer.status_code in {302, 410}
    owner.refresh_from_db()
    assert not owner.has_usable_password()


@pytest.mark.parametrize(
    ("password", "again", "said"),
    [
        ("corta", None, "12"),
        ("password1234", None, "común"),
        ("cobre-nube-trigo-482", None, "usuario"),
        ("", "", "Escribe la contraseña"),
        (PASSWORD, "otra palabra muy larga", "no son iguales"),
        ("x" * 201, None, "200"),
    ],
)
def test_a_password_that_does_not_serve_is_not_shown_again(owner, password, again, said):
    _link, code = link_for(owner)
    answer = choose(arrive(code), password, again)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert said in page
    assert 'type="password" autocomplete="new-password" required aria' in page
    assert not re.search(r'type="password"[^>]*value=', page)
    owner.refresh_from_db()
    assert not owner.has_usable_password()


def test_programs_that_read_mail_receive_nothing(owner):
    link, code = link_for(owner)
    for _scan in range(3):
        Client().get(f"/acceso/activar/{code}/", follow=True)
        Client().head(f"/acceso/activar/{code}/")
    link.refresh_from_db()
    assert link.opened_at is not None
    assert link.received_at is None
    assert not AccountEvent.objects.filter(event="recibida").exists()


def test_a_code_is_read_as_it_is_typed_from_paper(owner):
    _link, code = link_for(owner, Way.PAPER)
    typed = activation.grouped(code).lower().replace("0", "o").replace("1", "l")
    answer = Client().post("/acceso/activar/", {"code": f" {typed} "})
    assert answer["Location"] == RECEIVE


@pytest.mark.parametrize("code", ["x", "ñ" * 40, "0" * 20, "../.."])
def test_an_invented_code_makes_no_session(code):
    client = Client()
    assert client.post("/acceso/activar/", {"code": code}).status_code == 422
    assert client.get(f"/acceso/activar/{quote(code, safe='')}/").status_code in {404, 410}
    assert not Session.objects.exists()


def test_whoever_tries_codes_is_stopped_and_an_office_is_not(owner):
    client = Client(REMOTE_ADDR="203.0.113.9")
    answers = [
        client.post("/acceso/activar/", {"code": f"{number:020}"}).status_code
        for number in range(throttle.CODES_OF_ADDRESS.at_once + 1)
    ]
    assert answers[-2:] == [422, 429]
    _link, code = link_for(owner)
    for _time in range(throttle.CODES_OF_ADDRESS.at_once + 1):
        office = Client(REMOTE_ADDR="203.0.113.10")
        assert office.get(f"/acceso/activar/{code}/").status_code == 302


def test_whoever_was_signed_in_is_signed_out(owner, other_liaison):
    _link, code = link_for(owner)
    client = Client()
    client.force_login(other_liaison)
    client.get(f"/acceso/activar/{code}/")
    choose(client)
    assert client.get("/captura/").wsgi_request.user == owner


def test_who_does_not_hand_out_accounts_makes_and_revokes_no_links(owner, validator, liaison):
    for user in (validator, liaison):
        for work in (activation.revoke_links, activation.make_links):
            extra = {"way": Way.MAIL} if work is activation.make_links else {}
            with pytest.raises(activation.NotYourAccounts):
                work(users=[owner], at=timezone.now(), by=user, **extra)
    assert not ActivationLink.objects.exists()


def test_an_account_that_is_active_or_closed_gets_no_link(owner, liaison):
    close_accounts(users=[owner], by=None, because="prueba")
    made = activation.make_links(users=[owner, liaison], way=Way.MAIL, at=timezone.now(), by=None)
    assert made == []


def test_a_form_that_is_older_than_the_session_leads_back(owner):
    client = Client(enforce_csrf_checks=True)
    answer = client.post(CHOOSE, {"password": PASSWORD, "again": PASSWORD})
    assert answer.status_code == 302
    assert answer["Location"] == CHOOSE
