"""Signing in: a single form, and the same answer to every failure."""

import pytest

from cms.questionnaires.kinds import CURRICULAR
from tests.second_factors import code, give_codes


def enter(client, username, password):
    return client.post("/acceso/", {"login": username, "password": password})


def test_a_liaison_arrives_at_its_candidacies(client, liaison):
    assert enter(client, "enlace.pd", "palabra-de-prueba-1")["Location"] == "/captura/"


def test_staff_arrive_at_the_admin_after_their_second_factor(client, validator):
    give_codes(validator)
    second = enter(client, "revision.uno", "palabra-de-prueba-3")
    assert second["Location"] == "/acceso/segundo-paso/"
    assert client.post("/acceso/segundo-paso/", {"code": code()})["Location"] == "/admin/"


def test_a_wrong_name_and_a_wrong_password_look_the_same(client, liaison):
    unknown = enter(client, "nadie", "palabra-equivocada-9")
    known = enter(client, "enlace.pd", "palabra-equivocada-9")
    assert unknown.status_code == known.status_code == 200

    def words(response, name):
        page = response.content.decode().replace(name, "")
        return page[page.index("<main") : page.index("</main>")].split("csrfmiddlewaretoken")[0]

    assert words(unknown, "nadie") == words(known, "enlace.pd")


@pytest.mark.parametrize("path", ["/admin/login/", "/admin/password_reset/"])
def test_wagtails_own_forms_of_signing_in_lead_to_ours(client, process, path):
    response = client.get(path)
    assert response.status_code == 302
    assert response["Location"].startswith("/acceso/")


def test_nobody_registers_by_themselves(client, process):
    for path in ("/acceso/signup/", "/accounts/signup/", "/acceso/registro/"):
        assert client.get(path).status_code == 404


def test_signing_out_needs_a_post(client, liaison):
    enter(client, "enlace.pd", "palabra-de-prueba-1")
    client.get("/acceso/salir/")
    assert client.get("/captura/").status_code == 200
    client.post("/acceso/salir/")
    assert client.get("/captura/").status_code == 302


def test_being_superuser_is_not_being_a_reviewer(superuser, validator, liaison):
    assert CURRICULAR.may_review(validator)
    assert not CURRICULAR.may_review(superuser)
    assert not CURRICULAR.may_review(liaison)
