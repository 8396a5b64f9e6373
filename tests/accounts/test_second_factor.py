"""Second factors: setting them up, using each code once, and losing them. ADR 0056."""

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from django.core.exceptions import PermissionDenied
from django.test import Client
from time_machine import travel

from cms.accounts import factors, throttle
from cms.accounts.audit import Event
from cms.accounts.models import AccountEvent, SignInLink, User
from tests.accounts.test_links_by_mail import link_for
from tests.accounts.test_links_by_mail import use as use_link
from tests.second_factors import SECRET, code, give_codes, with_password_alone
from tests.two_connections import thread

pytestmark = pytest.mark.django_db
PASSWORD = "palabra-de-prueba-3"
SECOND = "/acceso/segundo-paso/"
ACTIVATE = "/acceso/segundo-paso/activar/codigos/"


def enter(client, password=PASSWORD):
    return client.post("/acceso/", {"login": "revision.uno", "password": password})


def shown_secret(page):
    return re.search(r'data-secret="(\w+)"', page.content.decode())[1]


def events(user):
    return list(AccountEvent.objects.filter(account=user.pk).values_list("event", flat=True))


def test_staff_set_codes_up_after_their_first_password_and_arrive_where_they_were_going(validator):
    client = Client()
    assert enter(client)["Location"] == "/admin/"
    asked = client.get("/admin/revision/")["Location"]
    assert "Activa el segundo paso" in client.get(asked).content.decode()

    page = client.get(ACTIVATE)
    secret = shown_secret(page)
    assert shown_secret(client.get(ACTIVATE)) == secret, "another tab shows the same"
    wrong = client.post(ACTIVATE, {"code": "000000"})
    assert "El código no es correcto" in wrong.content.decode()
    assert not validator.has_second_factor

    done = client.post(ACTIVATE, {"code": factors.code_of_now(secret)}, follow=True)
    words = done.content.decode()
    assert "Guarda tus códigos de respaldo" in words
    codes = re.findall(r"<li>(\d{8})</li>", words)
    assert len(codes) == 10
    assert 'href="/admin/revision/"' in words
    assert client.get("/admin/revision/").status_code == 200
    again = client.get("/acceso/cuenta/respaldo/").content.decode()
    assert not any(one in again for one in codes), "they are shown once"
    assert Event.FACTOR_SET in events(validator)


def test_no_secret_can_be_read_in_the_database(validator):
    client = Client()
    enter(client)
    secret = shown_secret(client.get(ACTIVATE))
    assert secret not in str(dict(client.session.items())), "nor before it is set up"
    client.post(ACTIVATE, {"code": factors.code_of_now(secret)})
    stored = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert secret not in stored
    for one in factors.show_recovery_codes(user=validator):
        assert one not in stored


def test_a_code_lets_in_once(validator):
    give_codes(validator)
    now = code()
    first, second = Client(), Client()
    enter(first)
    enter(second)
    assert first.get("/admin/").status_code == 302
    assert first.post(SECOND, {"code": now})["Location"] == "/admin/"
    refused = second.post(SECOND, {"code": now})
    assert refused.status_code == 200
    assert "ya se usó" in refused.content.decode()
    assert second.get("/admin/").status_code == 302


def test_of_two_at_the_same_time_one_enters(committed):
    user = User.objects.create_user(username="uno", password=PASSWORD)
    give_codes(user)
    now = code()

    def attempt():
        return factors.accept_code(user=user, code=now) is not None

    outcomes: list[bool] = []
    together = [thread(attempt, outcomes) for _person in range(4)]
    for one in together:
        one.start()
    for one in together:
        one.join()
    assert sorted(outcomes) == [False, False, False, True]


def test_a_code_of_two_minutes_ago_is_worthless_and_of_half_a_minute_ago_is_not(validator):
    give_codes(validator)
    now = int(time.time())
    with travel(now - 120, tick=False):
        old = code()
    with travel(now - 30, tick=False):
        late = code()
    with travel(now, tick=False):
        assert factors.accept_code(user=validator, code=old) is None
        assert factors.accept_code(user=validator, code=f"{late[:3]} {late[3:]}") is not None


def test_a_recovery_code_serves_once_and_is_told(validator):
    give_codes(validator)
    one = factors.show_recovery_codes(user=validator)[0]
    client = Client()
    enter(client)
    assert client.post(SECOND, {"code": one})["Location"] == "/admin/"
    assert factors.accept_code(user=validator, code=one) is None
    assert factors.recovery_codes_left(validator) == 9
    assert Event.RECOVERY_CODE_USED in events(validator)


def test_guessing_codes_is_stopped_in_the_database_and_noted_once(validator):
    give_codes(validator)
    client = Client()
    enter(client)
    answers = [client.post(SECOND, {"code": f"{n:06}"}).status_code for n in range(8)]
    assert answers == [200] * throttle.CODES_OF_PLACE.at_once + [429] * 3
    assert client.post(SECOND, {"code": code()}).status_code == 429
    assert events(validator).count(Event.LOCKED_OUT) == 1


def test_a_link_by_mail_never_skips_the_second_factor(validator):
    give_codes(validator)
    client = Client()
    assert use_link(client, link_for(validator))["Location"] == SECOND
    assert client.get("/admin/").status_code == 302
    assert SignInLink.objects.get().used_at is not None
    assert client.post(SECOND, {"code": code()})["Location"] == "/admin/"


def test_a_password_alone_sets_up_no_other_factor(validator):
    give_codes(validator)
    client = Client()
    with_password_alone(client, validator)
    for path in (ACTIVATE, "/acceso/segundo-paso/activar/llave/"):
        assert client.get(path)["Location"].startswith("/acceso/segundo-paso/confirmar/"), path
        assert client.post(path, {"code": code()}).status_code == 302, path
    assert Authenticator.objects.filter(user=validator, type="totp").count() == 1
    assert factors.accept_code(user=validator, code=code()) is not None, "the code was not used up"


def test_whoever_is_asked_for_a_code_may_enter_with_another_account_instead(validator, liaison):
    give_codes(validator)
    client = Client()
    enter(client)
    assert client.get("/acceso/")["Location"] == SECOND, "the page is found again"
    other = {"login": "enlace.pd", "password": "palabra-de-prueba-1"}
    assert client.post("/acceso/", other)["Location"] == "/captura/"
    client.post("/acceso/salir/")
    enter(client)
    assert client.get("/acceso/?cambiar=1").status_code == 200
    assert client.post(SECOND, {"code": code()})["Location"] == "/acceso/"


def test_a_liaison_may_have_a_second_factor_and_needs_none(liaison):
    client = Client()
    client.post("/acceso/", {"login": "enlace.pd", "password": "palabra-de-prueba-1"})
    assert client.get("/captura/").status_code == 200
    give_codes(liaison)
    other = Client()
    answer = other.post("/acceso/", {"login": "enlace.pd", "password": "palabra-de-prueba-1"})
    assert answer["Location"] == SECOND
    assert other.get("/captura/").status_code == 302


def test_taking_the_last_factor_away_asks_staff_for_another_and_ends_other_sessions(validator):
    give_codes(validator)
    here, there = Client(), Client()
    for client in (here, there):
        client.force_login(validator, backend="django.contrib.auth.backends.ModelBackend")
    factor = factors.factors_of(validator)[0]
    assert here.post(f"/acceso/cuenta/pasos/{factor.pk}/quitar/").status_code == 302
    assert not Authenticator.objects.filter(user=validator).exists()
    assert here.get("/admin/")["Location"].startswith("/acceso/segundo-paso/activar/")
    assert here.get(ACTIVATE).status_code == 200, "without a password once more"
    assert there.get("/admin/")["Location"].startswith("/acceso/?")
    assert Event.FACTOR_REMOVED in events(validator)


@pytest.fixture
def office(client, superuser):
    client.force_login(superuser, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_an_administrator_takes_a_lost_factor_away_with_a_reason(office, superuser, validator):
    give_codes(validator)
    theirs = Client()
    theirs.force_login(validator, backend="django.contrib.auth.backends.ModelBackend")
    address = "/admin/segundo-paso/"
    page = office.post(address, {"username": "revision.uno"}).content.decode()
    assert "Elige por qué se quita." in page
    assert 'value="revision.uno"' in page
    assert validator.has_second_factor
    given = {"username": "REVISION.UNO", "reason": "robado", "checked": "presencial"}
    assert office.post(address, given)["Location"] == "/admin/auditoria/"
    assert not Authenticator.objects.filter(user=validator).exists()
    assert theirs.get("/admin/")["Location"].startswith("/acceso/?")
    event = AccountEvent.objects.get(account=validator.pk, event=Event.FACTORS_TAKEN)
    assert (event.by, event.detail) == (
        superuser.pk,
        {"because": "robado", "checked": "presencial"},
    )
    enter(theirs)
    assert theirs.get("/admin/")["Location"].startswith("/acceso/segundo-paso/activar/")


def test_nobody_takes_their_own_away_nor_without_being_an_administrator(superuser, validator):
    reasons = {"because": factors.Reason.LOST, "checked": factors.Check.VIDEO}
    for user in (superuser, validator):
        give_codes(user)
    for user, by in ((superuser, superuser), (superuser, validator)):
        with pytest.raises(PermissionDenied):
            factors.remove_all_factors(user=user, by=by, **reasons)
    assert superuser.has_second_factor


def test_the_secret_of_the_tests_is_read_as_applications_do():
    with travel(59, tick=False):
        # RFC 6238, appendix B: the last six digits of 94287082.
        assert factors.code_of_now("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ") == "287082"
        assert factors.code_of_now(SECRET) != "287082"


def test_entering_seals_the_secrets_with_the_newest_key(validator, settings):
    give_codes(validator)
    old, new = settings.ENCRYPTION_KEYS[0], "otra-clave-de-prueba-" + "abcdefghijklmnopqrstuvw123"
    settings.ENCRYPTION_KEYS = [new, old]
    assert factors.accept_code(user=validator, code=code()) is not None
    settings.ENCRYPTION_KEYS = [new]
    assert factors.recovery_codes_left(validator) == 10
    give_codes(validator)
    assert factors.accept_code(user=validator, code=code()) is not None


def test_without_its_key_a_factor_opens_nothing_and_breaks_nothing(validator, settings, client):
    give_codes(validator)
    settings.ENCRYPTION_KEYS = ["otra-clave-de-prueba-" + "abcdefghijklmnopqrstuvw123"]
    assert factors.accept_code(user=validator, code=code()) is None
    client.force_login(validator, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get("/acceso/cuenta/").status_code == 200
