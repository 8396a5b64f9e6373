"""Accounts are made in the admin: a role, its group and, for liaisons, their actors."""

import re

import pytest
from django.urls import reverse

from cms.accounts.models import Role, User
from cms.notifications import services
from cms.notifications.models import Notification

pytestmark = pytest.mark.django_db
PASSWORD = "mezquite-al-sol-47"


@pytest.fixture
def office(client, superuser):
    """A superuser, who makes the accounts, signed in."""
    client.force_login(superuser, backend="django.contrib.auth.backends.ModelBackend")
    return client


def make(client, **changes):
    data = {"username": "enlace.nuevo", "password1": PASSWORD, "password2": PASSWORD, **changes}
    return client.post(reverse("wagtailusers_users:add"), data)


def test_a_liaison_made_in_the_admin_signs_in_and_sees_its_candidacies(
    office, client, actor, make_candidacy
):
    candidacy = make_candidacy()
    assert make(office, role=Role.LIAISON, actors=[actor.pk]).status_code == 302
    client.logout()
    client.post("/acceso/", {"login": "enlace.nuevo", "password": PASSWORD})
    assert candidacy.name in client.get("/captura/").content.decode()


def test_a_role_gives_its_group_and_another_takes_it_away(office, actor):
    make(office, role=Role.CURRICULAR_REVIEWER)
    user = User.objects.get(username="enlace.nuevo")
    assert [group.name for group in user.groups.all()] == ["Revisión curricular"]
    assert not user.is_superuser

    address = reverse("wagtailusers_users:edit", args=[user.pk])
    office.post(
        address,
        {"username": user.username, "is_active": "on", "role": Role.LIAISON, "actors": [actor.pk]},
    )
    user.refresh_from_db()
    assert user.role == Role.LIAISON
    assert not user.groups.exists()
    assert [scope.actor for scope in user.scopes.all()] == [actor]
    assert user.check_password(PASSWORD)


@pytest.mark.parametrize(
    ("role", "with_actor", "said"),
    [
        (Role.LIAISON, False, "Elige al menos un actor"),
        (Role.CURRICULAR_REVIEWER, True, "quita los actores"),
        ("", False, "Elige la función"),
    ],
)
def test_what_does_not_go_together_is_said_and_nothing_is_made(
    office, actor, role, with_actor, said
):
    response = make(office, role=role, actors=[actor.pk] if with_actor else [], is_superuser="on")
    assert said in response.content.decode()
    assert not User.objects.filter(username="enlace.nuevo").exists()


def test_nobody_else_makes_accounts(client, validator):
    client.force_login(validator, backend="django.contrib.auth.backends.ModelBackend")
    make(client, role=Role.ADMINISTRATOR)
    assert not User.objects.filter(username="enlace.nuevo").exists()


def test_an_account_without_a_password_gets_a_link_and_its_owner_chooses_one(
    office, client, superuser, mailoutbox, settings
):
    """Nobody else ever knows the password; a second link makes the first one worthless."""
    settings.CONOCELES_SECOND_FACTOR = False
    blank = {"password1": "", "password2": "", "role": Role.INTERNAL_BODY}
    refused = make(office, **blank).content.decode()
    assert "Escribe su correo: ahí le llega el enlace" in refused
    assert not User.objects.filter(username="enlace.nuevo").exists()

    assert make(office, **blank, email="nueva@instituto.example").status_code == 302
    user = User.objects.get(username="enlace.nuevo")
    assert not user.has_usable_password()
    first = link_in_the_mail(mailoutbox)
    again = {"username": user.username, "email": user.email, "is_active": "on"}
    address = reverse("wagtailusers_users:edit", args=[user.pk])
    assert "Enviarle otro enlace" in office.get(address).content.decode()
    office.post(address, {**again, "role": Role.INTERNAL_BODY, "invite": "on"})
    second = link_in_the_mail(mailoutbox)
    assert first != second

    client.logout()
    assert client.get(first).status_code == 410
    client.get(second)
    client.post("/acceso/activar/recibir/")
    chosen = {"password": PASSWORD, "again": PASSWORD}
    assert client.post("/acceso/activar/contrasena/", chosen).url == "/admin/"
    user.refresh_from_db()
    assert user.check_password(PASSWORD)
    client.force_login(superuser, backend="django.contrib.auth.backends.ModelBackend")
    assert "Enviarle otro enlace" not in client.get(address).content.decode()


def link_in_the_mail(mailoutbox):
    """The path of the link in the newest mail, which is taken away."""
    services.send(notification_id=Notification.objects.filter(kind="activacion").last().pk)
    text = mailoutbox.pop().body
    return re.search(r"/acceso/activar/[0-9A-Z]{20}/", text)[0]
