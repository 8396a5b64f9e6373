"""Signing in with a link by mail, for owners on a new device. ADR 0019."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob
from time_machine import travel

from cms.accounts import links, tasks, throttle
from cms.accounts.keys import seal
from cms.accounts.models import SignInLink
from cms.accounts.services import create_staff
from cms.notifications.models import Notification
from cms.notifications.tasks import deliver
from tests.mail_server import Mailbox, serving
from tests.waiting import free_port

pytestmark = pytest.mark.django_db
EMAIL = "enlace.pd@partido.example"


@pytest.fixture
def mailbox(settings) -> Iterator[Mailbox]:
    """A real mail server, to which the site is told to deliver."""
    port = free_port()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = port
    settings.WAGTAILADMIN_BASE_URL = "https://interno.instituto.example"
    with serving(Mailbox(), port) as box:
        yield box


@pytest.fixture
def owner(liaison) -> Any:
    liaison.email = EMAIL
    liaison.save()
    return liaison


def ask(client: Client, name: str = "enlace.pd", **extra: str) -> Any:
    return client.post("/acceso/enlace/", {"login": name}, **extra)


def work_off() -> list[dict[str, Any]]:
    """Run what is queued, as a worker does; returns the arguments that were in the queue."""
    queued = [job.args for job in ProcrastinateJob.objects.filter(task_name__endswith=".deliver")]
    for arguments in queued:
        deliver(**arguments)
    return queued


def link_for(user: Any) -> str:
    link = SignInLink.objects.create(user=user)
    sealed = seal(links.PURPOSE, f"{link.pk} {user.password_mark}")
    return f"/acceso/enlace/{sealed}/"


def use(client: Client, address: str) -> Any:
    client.get(address)
    return client.post("/acceso/enlace/entrar/")


def is_inside(client: Client) -> bool:
    return bool(client.get("/captura/").status_code == 200)


def test_while_others_guess_the_owner_enters_on_a_new_device_by_mail(owner, mailbox):
    for place in range(throttle.ACCOUNT.at_once):
        throttle.begin(name="enlace.pd", address=f"198.51.100.{place}")
    client = Client(REMOTE_ADDR="203.0.113.7")
    answer = client.post("/acceso/", {"login": "enlace.pd", "password": "palabra-de-prueba-1"})
    assert answer.status_code == 429

    ask(client, headers={"host": "atacante.example"})
    assert work_off() == [{"notification_id": Notification.objects.get().pk}]

    (letter,) = mailbox.letters
    assert letter.rcpt_tos == [EMAIL]
    text = letter.content.decode().replace("=\r\n", "").replace("=3D", "=")
    address = re.search(r"https://interno\.instituto\.example(/acceso/enlace/[^/\s]+/)", text)[1]
    arrived = client.get(address)
    assert arrived["Location"] == "/acceso/enlace/entrar/"
    assert "Entrar como enlace.pd" in client.get("/acceso/enlace/entrar/").content.decode()
    assert not is_inside(client)
    assert client.post("/acceso/enlace/entrar/")["Location"] == "/captura/"
    assert is_inside(client)

    # From then on the device is known, and its password is looked at.
    client.post("/acceso/salir/")
    client.post("/acceso/", {"login": "enlace.pd", "password": "palabra-de-prueba-1"})
    assert is_inside(client)


def test_programs_that_read_mail_do_not_use_the_link_up(owner):
    address = link_for(owner)
    for _scan in range(3):
        scanner = Client()
        scanner.get(address, follow=True)
        scanner.head(address)
        assert not is_inside(scanner)
    client = Client()
    use(client, address)
    assert is_inside(client)


def test_a_link_serves_once_and_takes_the_others_along(owner):
    first, second = link_for(owner), link_for(owner)
    use(Client(), second)
    for address in (first, second):
        client = Client()
        answer = use(client, address)
        assert answer.status_code == 410
        assert "ya no sirve" in answer.content.decode()
        assert not is_inside(client)


@pytest.mark.parametrize("token", ["x", "%C3%B1" * 40, "a.b.c", "gAAAAA" + "A" * 90])
def test_an_invented_link_leaves_no_session_behind(client, token):
    answer = client.get(f"/acceso/enlace/{token}/")
    assert answer.status_code == 410
    assert "ya no sirve" in answer.content.decode()
    assert "sessionid" not in client.cookies
    assert not Session.objects.exists()


def test_a_link_that_served_leaves_no_session_behind(owner):
    address = link_for(owner)
    use(Client(), address)
    before, client = Session.objects.count(), Client()
    assert client.get(address).status_code == 410
    assert "sessionid" not in client.cookies
    assert Session.objects.count() == before


@pytest.mark.parametrize("change", ["late", "password", "closed", "altered"])
def test_a_link_dies_with_time_another_password_or_the_account(owner, change):
    address, moment = link_for(owner), timezone.now()
    if change == "late":
        moment += links.LASTS + timedelta(seconds=1)
    elif change == "password":
        owner.set_password("otra-palabra-de-prueba")
    elif change == "closed":
        owner.is_active = False
    else:
        address = address[:-6] + "aaaa=/"
    owner.save()
    client = Client()
    with travel(moment, tick=False):
        assert use(client, address).status_code == 410
        assert not is_inside(client)


def test_the_answer_is_the_same_for_every_name(owner):
    create_staff(username="sin.correo", role="consulta")
    closed = create_staff(username="cerrada", role="consulta")
    closed.email, closed.is_active = "cerrada@instituto.example", False
    closed.save()
    pages, queries = set(), set()
    for turn, name in enumerate(("enlace.pd", "sin.correo", "cerrada", "no.existe")):
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as done:
            answer = ask(Client(REMOTE_ADDR=f"198.51.100.{turn}"), name)
        assert answer.status_code == 200
        page = answer.content.decode()
        pages.add(page[page.index("<main") : page.index("</main>")])
        queries.add(len(done))
    assert len(pages) == 1
    assert len(queries) == 1


def test_only_accounts_with_an_address_are_written_to(owner, mailbox):
    create_staff(username="sin.correo", role="consulta")
    for turn, name in enumerate(("sin.correo", "no.existe", "ENLACE.PD")):
        ask(Client(REMOTE_ADDR=f"198.51.100.{turn}"), name)
    assert len(work_off()) == 3
    assert [letter.rcpt_tos for letter in mailbox.letters] == [[EMAIL]]


def test_asking_does_not_flood_the_owner_who_always_holds_a_good_link(owner):
    with travel(timezone.now(), tick=False) as clock:
        for turn in range(120):
            links.ask_for_link(name="enlace.pd", address=f"198.51.{turn}.9")
            assert SignInLink.objects.filter(asked_at__gt=timezone.now() - links.LASTS / 2).exists()
            clock.shift(timedelta(minutes=1))
    assert SignInLink.objects.count() == 14


def test_one_place_asks_a_few_times_and_is_told_when_to_go_on(owner):
    answers = [ask(Client(), f"cuenta.{turn}") for turn in range(8)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [429] * 3
    assert "Retry-After" in answers[-1]


def test_without_a_mail_server_nothing_is_promised(owner, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    page = ask(Client()).content.decode()
    assert "no envía correos" in page
    assert "<form" not in page[page.index("<main") :]
    assert not SignInLink.objects.exists()


def test_a_name_that_is_missing_is_asked_for_at_its_field(owner):
    page = ask(Client(), "").content.decode()
    assert "<title>Error:" in page
    assert 'aria-describedby="e-login"' in page
    assert "Escribe tu usuario." in page


def test_old_links_are_deleted(owner):
    link_for(owner)
    assert tasks.purge_sign_ins(0) == 0
    SignInLink.objects.update(asked_at=timezone.now() - timedelta(days=2))
    assert tasks.purge_sign_ins(0) == 1
