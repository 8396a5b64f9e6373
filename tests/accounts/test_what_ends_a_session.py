"""A session lasts while the account is what it was; a liaison never enters the admin."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import IntegrityError, transaction
from django.test import Client

from cms.accounts.models import Role, User
from cms.accounts.services import create_staff, set_role
from tests.second_factors import enter

pytestmark = pytest.mark.django_db
RIGHT = "palabra-de-prueba-1"


def signed_in(name: str = "enlace.pd", password: str = RIGHT) -> Client:
    client = Client()
    assert enter(client, {"login": name, "password": password}).status_code == 302
    return client


@pytest.fixture
def reviewer(db):
    return create_staff(username="revision.uno", role=Role.CURRICULAR_REVIEWER, password=RIGHT)


def make_an_observer(user):
    set_role(user=user, role=Role.OBSERVER)


def close(user):
    user.is_active = False
    user.save()


def give_another_password(user):
    user.set_password("otra-palabra-de-prueba")
    user.save()


def make_a_superuser(user):
    user.is_superuser = True
    user.save()


@pytest.mark.parametrize(
    "change", [make_an_observer, close, give_another_password, make_a_superuser]
)
def test_another_role_or_password_or_a_closed_account_ends_its_sessions(reviewer, change):
    client = signed_in("revision.uno")
    assert client.get("/admin/").status_code == 200
    change(reviewer)
    assert client.get("/admin/")["Location"].startswith("/acceso/")


def test_signing_in_gives_a_new_session_key(liaison):
    client = Client()
    client.session.save()  # As a thief would plant it in the browser of somebody else.
    before = client.cookies["sessionid"].value
    client.post("/acceso/", {"login": "enlace.pd", "password": RIGHT})
    after = client.cookies["sessionid"].value
    assert before != after
    thief = Client()
    thief.cookies["sessionid"] = before
    assert thief.get("/captura/").status_code == 302


@pytest.mark.parametrize(
    "address",
    [
        "https://malo.example/",
        "//malo.example/",
        "/\\malo.example",
        "javascript:alert(1)",
        "https:malo.example",
        "\thttps://malo.example",
        "http://testserver@malo.example/",
    ],
)
def test_signing_in_leads_to_no_other_site(liaison, address):
    answer = Client().post("/acceso/", {"login": "enlace.pd", "password": RIGHT, "next": address})
    assert answer.status_code == 302
    assert answer["Location"] == "/captura/"


def test_a_closed_account_is_told_what_a_wrong_password_is_told(liaison):
    close(liaison)
    answer = Client().post("/acceso/", {"login": "enlace.pd", "password": RIGHT})
    assert answer.status_code == 200
    assert "No pudimos entrar con esos datos" in answer.content.decode()


def test_no_permission_lets_a_liaison_into_the_admin(liaison):
    group = Group.objects.get(name="Administración")
    liaison.groups.add(group)
    liaison.user_permissions.set(Permission.objects.all())
    liaison.is_staff = True
    liaison.save()
    client = signed_in()
    for address in ("/admin/", "/admin/pages/", "/admin/users/", "/admin/choose-page/"):
        answer = client.get(address)
        assert answer.status_code == 403
    assert not User.objects.get(pk=liaison.pk).has_perm("wagtailadmin.access_admin")


def test_a_liaison_is_no_superuser(liaison, superuser):
    liaison.is_superuser = True
    with pytest.raises(IntegrityError), transaction.atomic():
        liaison.save()
    set_role(user=superuser, role=Role.LIAISON)
    assert not User.objects.get(pk=superuser.pk).is_superuser


def test_two_accounts_do_not_differ_by_capitals_alone(liaison):
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create_user(username="ENLACE.PD")


def test_staff_change_their_password_with_our_rules_in_spanish(reviewer):
    client = signed_in("revision.uno")
    assert "password" not in client.get("/admin/account/").content.decode(), "there is one form"
    address = "/acceso/cuenta/contrasena/"

    def change(new: str, again: str = ""):
        return client.post(address, {"password1": new, "password2": again or new})

    assert "Tu contraseña no puede ser una de las más usadas." in client.get(address).text
    short = change("corta-9").content.decode()
    assert "Esta contraseña es muy corta: debe tener al menos 12 caracteres." in short
    assert "no son iguales" in change("mezquite-al-sol-47", "otra").content.decode()
    assert change("mezquite-al-sol-47").status_code == 302
    assert client.get("/admin/").status_code == 200, "this session lives on"
    signed_in("revision.uno", "mezquite-al-sol-47")


@pytest.mark.parametrize(
    "path", ["reset/", "reset/done/", "reset/complete/", "reset/confirm/MQ/x-y/"]
)
def test_no_password_is_reset_by_mail(client, process, path):
    answer = client.get(f"/admin/password_{path}")
    assert answer.status_code == 404 or answer["Location"].startswith("/acceso/")


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(liaison):
    client = signed_in()
    for name in ("sessionid", "dispositivo"):
        cookie = client.cookies[name]
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"
    assert not client.cookies["sessionid"]["expires"]
