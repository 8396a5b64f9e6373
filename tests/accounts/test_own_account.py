"""One's own account: password, e-mail and sessions; a forgotten password. ADR 0056."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from time_machine import travel

from cms.accounts import open_sessions, password_links, services, tasks
from cms.accounts.audit import Event
from cms.accounts.models import AccountEvent, FormerEmail, OpenSession, SignInLink, User
from cms.accounts.services import create_staff
from cms.notifications.models import Notification
from tests.accounts.test_links_by_mail import EMAIL, mailbox, owner, work_off  # noqa: F401
from tests.second_factors import code, give_codes, pass_second_factor

pytestmark = pytest.mark.django_db
PASSWORD, NEW = "palabra-de-prueba-1", "mezquite-al-sol-47"
ASK, USE = "/acceso/contrasena/", "/acceso/contrasena/nueva/"
CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/130.0 Safari/537.36"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604.1"


def enter(password=PASSWORD, **extra):
    client = Client(**extra)
    assert client.post("/acceso/", {"login": "enlace.pd", "password": password}).status_code == 302
    return client


def is_inside(client):
    return client.get("/captura/").status_code == 200


def events(user):
    return list(AccountEvent.objects.filter(account=user.pk).values_list("event", flat=True))


def ask(typed):
    return Client().post(ASK, {"typed": typed})


def words_of(message):
    return message.get_payload(decode=True).decode()


def links_in(mailbox):  # noqa: F811
    return re.findall(r"https://interno\S+", words_of(mailbox.messages[-1]))


def path_of(address):
    return address.removeprefix("https://interno.instituto.example")


def follow(address):
    client = Client()
    client.get(path_of(address))
    return client


# A forgotten password.


@pytest.mark.parametrize("typed", ["enlace.pd", "ENLACE.PD", EMAIL, EMAIL.upper()])
def test_a_forgotten_password_is_chosen_anew_by_name_or_by_mail(owner, mailbox, typed):  # noqa: F811
    elsewhere = enter()
    assert "Revisa tu correo" in ask(typed).content.decode()
    work_off()
    client = follow(links_in(mailbox)[0])
    short = client.post(USE, {"password1": "corta-9", "password2": "corta-9"})
    assert "muy corta" in short.content.decode()
    done = client.post(USE, {"password1": NEW, "password2": NEW})
    assert "Cambiaste tu contraseña" in done.content.decode()
    assert not is_inside(client), "the link signs nobody in"
    assert not is_inside(elsewhere), "every session ended"
    assert is_inside(enter(NEW))
    assert Event.PASSWORD_CHANGED in events(owner)
    work_off()
    assert "Cambió la contraseña" in words_of(mailbox.messages[-1])

    again = follow(links_in_first(mailbox))
    assert again.post(USE, {"password1": NEW * 2, "password2": NEW * 2}).status_code == 410
    assert User.objects.get(pk=owner.pk).check_password(NEW)


def links_in_first(mailbox):  # noqa: F811
    return re.findall(r"https://interno\S+", words_of(mailbox.messages[0]))[0]


def test_the_answer_and_the_work_are_the_same_for_every_name(owner, mailbox):  # noqa: F811
    words, statements = {}, {}
    for typed in ("enlace.pd", "nadie", EMAIL, "nadie@partido.example"):
        with CaptureQueriesContext(connection) as work:
            page = ask(typed).content.decode()
        words[typed] = page[page.index("<main") : page.index("</main>")]
        statements[typed] = [query["sql"].split()[0] for query in work]
    assert len(set(words.values())) == 1
    assert len({tuple(each) for each in statements.values()}) == 1, statements
    assert SignInLink.objects.count() == Notification.objects.count() == 4


def test_accounts_that_share_an_address_each_get_their_link(owner, other_liaison, mailbox):  # noqa: F811
    User.objects.filter(pk=other_liaison.pk).update(email=EMAIL)
    ask(EMAIL)
    work_off()
    assert len(mailbox.messages) == 1
    first, second = links_in(mailbox)
    follow(second).post(USE, {"password1": NEW, "password2": NEW})
    assert User.objects.get(pk=other_liaison.pk).check_password(NEW)
    assert User.objects.get(pk=owner.pk).check_password(PASSWORD)
    assert follow(first).post(USE, {"password1": NEW, "password2": NEW}).status_code == 410


def test_an_account_that_nobody_activated_gets_no_link(owner, mailbox):  # noqa: F811
    owner.set_unusable_password()
    owner.save()
    assert "Revisa tu correo" in ask("enlace.pd").content.decode()
    Client().post("/acceso/enlace/", {"login": "enlace.pd"})
    work_off()
    assert not mailbox.messages


def test_a_new_password_skips_no_second_factor(owner, mailbox):  # noqa: F811
    give_codes(owner)
    ask("enlace.pd")
    work_off()
    follow(links_in(mailbox)[0]).post(USE, {"password1": NEW, "password2": NEW})
    client = enter(NEW)
    assert not is_inside(client)
    client.post("/acceso/segundo-paso/", {"code": code()})
    assert is_inside(client)


def test_a_link_of_one_kind_is_not_one_of_the_other(owner, mailbox):  # noqa: F811
    ask("enlace.pd")
    work_off()
    token = path_of(links_in(mailbox)[0]).split("/")[-2]
    assert Client().get(f"/acceso/enlace/{token}/").status_code == 410
    assert password_links.owner_of(token) == owner


# Sessions.


def test_the_owner_sees_where_the_account_is_open_and_ends_one(liaison):
    here, there = enter(HTTP_USER_AGENT=CHROME), enter(HTTP_USER_AGENT=PHONE)
    page = here.get("/acceso/cuenta/").content.decode()
    assert "Chrome en Windows</strong> (esta sesión)" in page
    assert "Safari en iPhone" in page
    row = OpenSession.objects.get(device="Safari en iPhone")
    assert here.post(f"/acceso/cuenta/sesiones/{row.pk}/terminar/").status_code == 302
    assert not is_inside(there)
    assert is_inside(here)
    assert Event.SESSIONS_ENDED in events(liaison)
    assert "127.0.0.1" not in page


def test_nobody_ends_the_session_of_somebody_else(liaison, other_liaison):
    theirs = Client()
    theirs.post("/acceso/", {"login": "enlace.ps", "password": "palabra-de-prueba-2"})
    row = OpenSession.objects.get(user=other_liaison)
    assert enter().post(f"/acceso/cuenta/sesiones/{row.pk}/terminar/").status_code == 404
    assert is_inside(theirs)


def test_all_others_end_at_once_also_those_that_no_row_knows(liaison):
    here, there, unknown = enter(), enter(), enter()
    OpenSession.objects.filter(key=unknown.session.session_key).delete()
    assert here.post("/acceso/cuenta/sesiones/terminar/").status_code == 302
    assert [is_inside(client) for client in (here, there, unknown)] == [True, False, False]
    assert [place.is_this for place in places(here)] == [True]


def places(client):
    page = client.get("/acceso/cuenta/")
    return page.context["sessions"]


def test_signing_out_forgets_the_session(liaison):
    client = enter()
    client.post("/acceso/salir/")
    assert not OpenSession.objects.exists()


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("", "Otro dispositivo"),
        ("curl/8.1", "Otro dispositivo"),
        (CHROME + " Edg/130.0", "Edge en Windows"),
        (
            "Mozilla/5.0 (Android 14; Mobile; rv:130.0) Gecko/130.0 Firefox/130.0",
            "Firefox en Android",
        ),
        ("<script>alert(1)</script> Linux", "Linux"),
    ],
)
def test_devices_have_words_and_nothing_else_is_kept_of_them(agent, words):
    assert open_sessions.device_words(agent) == words


# Password and e-mail.


def test_changes_ask_for_a_fresh_proof(liaison):
    client = enter()
    for path in ("contrasena", "correo"):
        assert client.get(f"/acceso/cuenta/{path}/").status_code == 200
    pass_second_factor(client, liaison, ago=3600)
    asked = client.post("/acceso/cuenta/correo/", {"email": "otro@partido.example"})
    assert asked["Location"].startswith("/acceso/segundo-paso/confirmar/?next=")
    wrong = client.post(asked["Location"], {"password": "no-es-esta-palabra"})
    assert "La contraseña no es correcta" in wrong.content.decode()
    right = client.post(asked["Location"], {"password": PASSWORD})
    assert right["Location"] == "/acceso/cuenta/correo/"
    assert client.post("/acceso/cuenta/correo/", {"email": "nada"}).status_code == 200
    assert (
        client.post("/acceso/cuenta/correo/", {"email": "otro@partido.example"}).status_code == 302
    )
    event = AccountEvent.objects.get(account=liaison.pk, event=Event.EMAIL_ASKED)
    assert event.detail == {}, "the audit keeps no address"


def test_another_address_is_told_to_both_and_the_former_is_kept_sealed_for_a_day(owner, mailbox):  # noqa: F811
    services.change_own_email(user=owner, email="otro@partido.example")
    assert EMAIL not in str(list(FormerEmail.objects.values()))
    work_off()
    told = {letter.rcpt_tos[0] for letter in mailbox.letters}
    assert told == {EMAIL, "otro@partido.example"}
    assert all("Cambió el correo" in words_of(message) for message in mailbox.messages)
    with travel(timezone.now() + timedelta(hours=25)):
        tasks.purge_sign_ins(0)
    assert not FormerEmail.objects.exists()


def test_another_password_ends_the_other_sessions_and_not_this_one(liaison):
    here, there = enter(), enter()
    changed = here.post("/acceso/cuenta/contrasena/", {"password1": NEW, "password2": NEW})
    assert changed["Location"] == "/acceso/cuenta/"
    assert "Cambiaste tu contraseña" in here.get("/acceso/cuenta/").content.decode()
    assert [is_inside(here), is_inside(there)] == [True, False]


# The audit.


def test_what_administrators_change_is_in_the_audit_and_survives_the_account(client, superuser):
    client.force_login(superuser, backend="django.contrib.auth.backends.ModelBackend")
    made = {"username": "consulta.uno", "role": "consulta", "password1": NEW, "password2": NEW}
    assert client.post("/admin/users/new/", made).status_code == 302
    user = User.objects.get(username="consulta.uno")
    edit = {"username": "consulta.uno", "role": "comunicacion"}
    assert client.post(f"/admin/users/edit/{user.pk}/", edit).status_code == 302
    key = user.pk
    assert client.post(f"/admin/users/delete/{key}/").status_code == 302
    assert not User.objects.filter(pk=key).exists()
    rows = AccountEvent.objects.filter(account=key).order_by("pk")
    told = [(row.event, row.by_name) for row in rows]
    by = superuser.username
    assert told == [
        (Event.MADE, by),
        (Event.DEACTIVATED, by),
        (Event.ROLE_CHANGED, by),
        (Event.DELETED, by),
    ]
    page = client.get("/admin/auditoria/?q=consulta.uno&event=eliminada").content.decode()
    assert "Se eliminó la cuenta" in page
    assert "consulta.uno" in page


def test_only_administrators_read_the_audit(client, validator):
    client.force_login(validator, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get("/admin/auditoria/").status_code in {302, 403}
    administrator = create_staff(username="innova.uno", role="administracion")
    client.force_login(administrator)
    page = client.get("/admin/auditoria/").content.decode()
    assert "Se creó la cuenta" in page
    assert "Administración (Innovación Electoral)" in page
