"""What was typed when a session ended comes back, in every form of capture and the admin."""

import re
import time
import uuid

import pytest
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from cms.accounts import resume, typed
from cms.accounts.models import User
from cms.candidacies.models import CandidacyPage
from cms.candidacies.services import register_candidacy
from cms.capture.advice.services import ask
from cms.catalogs.models import Office
from cms.moderation.models import Observation
from cms.questionnaires.models import Draft, Questionnaire, Submission
from tests.accounts.ended_sessions import PASSWORDS, WORD, patterns, sealed_in, sign_in
from tests.moderation.samples import accept_notice_in_force

BACKEND = "django.contrib.auth.backends.ModelBackend"
# Every address of capture and of the desk that takes forms, and the page where they come back.
FORMS = {
    "capture:notice": "capture:notice",
    "capture:section": "capture:section",
    "capture:autosave": "capture:section",
    "capture:review": "capture:review",
    "capture:copy": "capture:copy",
    "capture:advice_ask": "capture:advice_ask",
    "capture:advice_conversation": "capture:advice_conversation",
    "moderation:approve": "moderation:review",
    "moderation:return": "moderation:review",
}
# Addresses of the accounts that only take forms: these come back on a page of their own.
OF_ACCOUNTS = {"own_accounts:generate", "own_accounts:action", "own_accounts:delivery"}
READ_ONLY = {
    "capture:candidacies",
    "capture:start",
    "capture:receipt",
    "capture:document",
    "capture:sealed",
    "capture:advice_list",
    "capture:photograph",
    "capture:small_photograph",
    "moderation:queue",
    "moderation:queue_results",
    "moderation:next",
    "moderation:review",
    "moderation:photograph",
}


def arguments(name, candidacy_id, submission_id):
    if name == "capture:advice_ask":
        return []
    if name == "capture:advice_conversation":
        liaison = User.objects.get(username="enlace.pd")
        return [ask(user=liaison, topic="otro", message="Una duda").pk]
    if name == "capture:copy":
        # Another candidacy of the same person, in which nothing was captured yet.
        sent = CandidacyPage.objects.get(pk=candidacy_id)
        process, office = sent.process, Office.objects.get(code="regiduria")
        of_the_same = {"process": process, "territory": sent.territory, "actor": sent.actor}
        made = register_candidacy(
            **of_the_same, office=office, name=sent.name, seat_kind=sent.seat_kind
        )
        CandidacyPage.objects.filter(pk=made.pk).update(person=sent.person_id)
        return [made.pk]
    if name in {"capture:section", "capture:autosave"}:
        return [candidacy_id, "propuestas"]
    if name.startswith("moderation"):
        return [submission_id]
    return [] if name == "capture:notice" else [candidacy_id]


@pytest.fixture
def browser():
    """A browser whose tokens are checked, as on the site."""
    return Client(enforce_csrf_checks=True)


def end_sessions():
    Session.objects.all().delete()


def token(browser, path="/acceso/"):
    """The CSRF token in the page of a form."""
    page = browser.get(path).content.decode()
    return re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]


def test_every_address_of_capture_and_desk_is_known():
    found = {name for name, _p, _w in patterns("captura/")}
    found |= {name for name, _p, _w in patterns("admin/revision/")}
    assert found == set(FORMS) | READ_ONLY, "say where the forms of a new address come back"
    assert set(FORMS) | OF_ACCOUNTS == set(resume._ways)


@pytest.mark.parametrize("name", sorted(FORMS))
def test_a_form_comes_back_after_signing_in(
    client, candidacy, submission, validator, other_liaison, name
):
    args = arguments(name, candidacy.pk, submission.pk)
    Questionnaire.objects.update(state="observado" if "capture" in name else "enviado")
    username = "revision.uno" if name.startswith("moderation") else "enlace.pd"
    if name == "capture:notice":
        username = "enlace.ps"  # has not read it yet
    typed_in = {
        "seal": submission.seal,
        "propuesta_1": WORD,
        "propuesta_1-verdict": "observar",
        "propuesta_1-text": WORD,
        "confirmo": "si",
        "acepto": "si",
        "version": "1",
        "mensaje": WORD,
        "copiar": "propuesta_2",
    }
    ended = client.post(reverse(name, args=args), typed_in)
    assert ended.status_code == 401
    assert WORD not in ended.content.decode()
    assert ended["Cache-Control"] == "private, no-store"

    back = sign_in(client, username, ended)
    assert back.status_code == 200
    assert back.request["PATH_INFO"] == reverse(FORMS[name], args=args)
    page = back.content.decode()
    assert "Aquí está lo que escribiste" in page
    shown = {
        "capture:notice": 'si" checked',
        "capture:review": 'si" checked',
        "capture:copy": 'value="propuesta_2" checked',
    }
    assert shown.get(name, WORD) in page
    again = client.get(back.request["PATH_INFO"] + "?" + back.request["QUERY_STRING"])
    assert again.content.decode().count(WORD) == page.count(WORD), "the page can be opened again"
    assert not Observation.objects.exists()
    assert Submission.objects.count() == 1
    assert not Draft.objects.filter(answers__propuesta_1=WORD).exists(), "nothing is sent by itself"


def test_every_form_of_the_admin_is_carried_along(client, process):
    reached = 0
    for name, pattern, whole in patterns("admin/"):
        if whole.startswith(("admin/login", "admin/logout", "admin/password_reset")):
            continue
        path = "/" + re.sub(r"\(\?P<\w+>[^)]*\)|<(\w+:)?\w+>", "1", whole).strip("^$")
        path = path.replace("^", "").replace("$", "").replace("\\", "")
        if "(" in path or not pattern.resolve(path[1:][len(whole) - len(str(pattern.pattern)) :]):
            continue
        answer = client.post(path, {"texto": WORD})
        if answer.status_code == 404:
            continue
        assert answer.status_code == 401, (name, path)
        assert typed.unseal(sealed_in(answer)).fields == (("texto", WORD),), (name, path)
        reached += 1
    assert reached == 413


def test_a_form_of_the_admin_comes_back_on_a_page_of_its_own(client, superuser, liaison):
    address = reverse("wagtailusers_users:edit", args=[liaison.pk])
    typed_in = {"username": WORD, "role": "enlace", "password1": "secreta-larga-1"}
    ended = client.post(address, typed_in)
    assert "secreta" not in str(typed.unseal(sealed_in(ended)))

    back = sign_in(client, "root", ended)
    page = back.content.decode()
    assert back.status_code == 200
    assert f'action="{address}"' in page
    assert f'name="username" value="{WORD}"' in page
    assert not User.objects.filter(username=WORD).exists()

    name = re.search(r'name="retomado" value="(\w+)"', page)[1]
    actor = liaison.scopes.get().actor_id
    data = {**typed_in, "password1": "", "actors": actor, "is_active": "on", "retomado": name}
    assert client.post(address, data).status_code == 302
    assert User.objects.filter(username=WORD).exists()
    assert client.get(f"/acceso/retomar/{name}/").status_code == 404, "it is forgotten"


@pytest.mark.parametrize("name", sorted(OF_ACCOUNTS))
def test_a_form_of_the_accounts_comes_back_on_a_page_of_its_own(
    client, superuser, validator, process, name
):
    address = reverse(name, args=[process.pk])
    chosen = {"once": str(uuid.uuid4()), "cuenta": ["11", "12"], "received_by": WORD}
    ended = client.post(address, chosen)
    refused = sign_in(client, "revision.uno", ended)
    assert "Esta cuenta no tiene ese formulario" in refused.content.decode()
    assert WORD not in refused.content.decode()

    back = sign_in(client, "root", refused, cambiar="1")
    page = back.content.decode()
    assert f'action="{address}"' in page
    assert re.findall(r'name="cuenta" value="(\d+)"', page) == ["11", "12"]
    assert f'href="/admin/cuentas/{process.pk}/"' in page
    assert client.get(f"/admin/cuentas/{process.pk}/").status_code == 200


def test_another_account_sees_nothing_and_destroys_nothing(
    client, candidacy, liaison, other_liaison
):
    accept_notice_in_force(liaison)
    address = reverse("capture:section", args=[candidacy.pk, "propuestas"])
    ended = client.post(address, {"propuesta_1": WORD})

    other = sign_in(client, "enlace.ps", ended)
    assert "Esta cuenta no tiene ese formulario" in other.content.decode()
    assert WORD not in other.content.decode()
    assert not Questionnaire.objects.exists()

    back = sign_in(client, "enlace.pd", other, cambiar="1")
    assert f"{WORD}</textarea>" in back.content.decode()


@pytest.mark.parametrize(("account", "refusal"), [("enlace.ps", 404), ("revision.uno", 403)])
def test_a_form_sent_as_another_account_is_not_lost(
    client, candidacy, liaison, other_liaison, validator, account, refusal
):
    """Somebody else signed in in another tab of the same browser."""
    accept_notice_in_force(liaison)
    sign_in(client, account)
    address = reverse("capture:section", args=[candidacy.pk, "propuestas"])
    refused = client.post(address, {"propuesta_1": WORD})
    assert refused.status_code == refusal
    assert not Questionnaire.objects.exists()
    assert (
        f"{WORD}</textarea>" in sign_in(client, "enlace.pd", refused, cambiar="1").content.decode()
    )


@pytest.mark.parametrize("account", ["enlace.pd", "root"])
def test_a_return_sent_as_another_account_is_not_lost(
    client, submission, validator, superuser, account
):
    sign_in(client, account)
    address = reverse("moderation:return", args=[submission.pk])
    refused = client.post(address, {"propuesta_1-text": WORD, "seal": submission.seal})
    assert refused.status_code == 403
    assert WORD in sign_in(client, "revision.uno", refused, cambiar="1").content.decode()


def test_a_token_that_is_older_than_the_session_costs_one_press(browser, candidacy, liaison):
    accept_notice_in_force(liaison)
    address = reverse("capture:section", args=[candidacy.pk, "propuestas"])
    data = {"login": "enlace.pd", "password": PASSWORDS["enlace.pd"]}
    browser.post("/acceso/", data | {"csrfmiddlewaretoken": token(browser)})
    old = token(browser, address)
    browser.logout()
    browser.post("/acceso/", data | {"csrfmiddlewaretoken": token(browser)})
    browser.cookies.pop("csrftoken")
    fresh = token(browser, "/captura/")
    refused = browser.post(address, {"propuesta_1": WORD, "csrfmiddlewaretoken": old})
    assert refused.status_code == 403
    assert not Questionnaire.objects.exists()

    carried = {"escrito": sealed_in(refused)}
    assert browser.post("/acceso/retomar/", carried).status_code == 403
    back = browser.post("/acceso/retomar/", carried | {"csrfmiddlewaretoken": fresh}, follow=True)
    assert f"{WORD}</textarea>" in back.content.decode()
    assert not Questionnaire.objects.exists()


def test_nothing_of_another_site_comes_back(browser, candidacy, liaison):
    browser.force_login(liaison, backend=BACKEND)
    address = reverse("capture:section", args=[candidacy.pk, "propuestas"])
    answer = browser.post(
        address, {"propuesta_1": WORD}, headers={"origin": "https://malo.example"}
    )
    assert answer.status_code == 403
    assert not sealed_in(answer)
    assert WORD not in answer.content.decode()


def test_two_tabs_of_the_sign_in(browser, liaison):
    first = token(browser)
    second = token(browser)
    data = {"login": "enlace.pd", "password": PASSWORDS["enlace.pd"], "next": "/captura/aviso/"}
    browser.post("/acceso/", data | {"csrfmiddlewaretoken": first})
    answer = browser.post("/acceso/", data | {"csrfmiddlewaretoken": second})
    assert (answer.status_code, answer["Location"]) == (302, "/captura/aviso/")
    unsafe = data | {"csrfmiddlewaretoken": second, "next": "https://malo.example/"}
    assert browser.post("/acceso/", unsafe)["Location"] == "/captura/"
    other = browser.post("/acceso/", data | {"login": "revision.uno"})
    assert "Ya entraste como enlace.pd" in other.content.decode()


def test_an_old_sign_in_page_signs_nobody_in_and_keeps_the_name(browser, liaison):
    old = token(browser)
    browser.cookies.clear()
    data = {"login": "enlace.pd", "password": PASSWORDS["enlace.pd"], "csrfmiddlewaretoken": old}
    answer = browser.post("/acceso/", data)
    page = answer.content.decode()
    assert answer.status_code == 403
    assert 'value="enlace.pd"' in page
    assert PASSWORDS["enlace.pd"] not in page
    assert browser.get("/captura/").status_code == 302
    fresh = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
    answer = browser.post("/acceso/", data | {"csrfmiddlewaretoken": fresh})
    assert answer["Location"] == "/captura/"


def test_an_old_page_that_asks_for_a_link_keeps_the_name(browser, process, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    answer = browser.post("/acceso/enlace/", {"login": "enlace.pd"})
    assert answer.status_code == 403
    assert 'value="enlace.pd"' in answer.content.decode()
    assert browser.post("/acceso/enlace/entrar/")["Location"] == "/acceso/enlace/entrar/"
    assert browser.post("/acceso/salir/")["Location"] == "/acceso/"


def test_only_what_was_not_written_is_at_fault(client, liaison):
    page = client.post("/acceso/", {"login": "enlace.pd", "password": ""}).content.decode()
    assert "<title>Error: " in page
    assert page.count('aria-invalid="true"') == 1
    assert '<a href="#id_password">Escribe tu contraseña.</a>' in page
    wrong = {"login": "enlace.pd", "password": "palabra-equivocada-9"}
    assert 'aria-invalid="true"' not in client.post("/acceso/", wrong).content.decode()


def test_a_wrong_password_and_a_lock_do_not_lose_it(client, candidacy, liaison):
    address = reverse("capture:section", args=[candidacy.pk, "propuestas"])
    page = client.post(address, {"propuesta_1": WORD})
    for _attempt in range(6):
        carried = {"login": "enlace.pd", "password": "palabra-equivocada-9"}
        page = client.post("/acceso/", carried | {"escrito": sealed_in(page)})
        form = typed.unseal(sealed_in(page))
        assert ("propuesta_1", WORD) in form.fields
    assert page.status_code == 429


def test_after_signing_out_a_form_of_before_comes_back(browser, candidacy, liaison):
    accept_notice_in_force(liaison)
    address = reverse("capture:section", args=[candidacy.pk, "propuestas"])
    data = {"login": "enlace.pd", "password": PASSWORDS["enlace.pd"]}
    browser.post("/acceso/", data | {"csrfmiddlewaretoken": token(browser)})
    old = token(browser, address)
    browser.post("/acceso/salir/", {"csrfmiddlewaretoken": old})
    ended = browser.post(address, {"propuesta_1": WORD, "csrfmiddlewaretoken": old})
    assert ended.status_code == 401
    fresh = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', ended.content.decode())[1]
    back = sign_in(browser, "enlace.pd", ended, csrfmiddlewaretoken=fresh)
    assert f"{WORD}</textarea>" in back.content.decode()


def test_the_session_slides_while_somebody_works(client, liaison, process, time_machine):
    now = time.time()
    time_machine.move_to(now, tick=False)
    client.force_login(liaison, backend=BACKEND)
    for later, address, left in (
        (0, "/acceso/sesion/", 28_800),
        (7_200, "/acceso/sesion/", 21_600),
        (7_200, "/captura/", 28_800),
        (20_000, "/acceso/sesion/", 16_000),
    ):
        time_machine.move_to(now + later, tick=False)
        client.get(address)
        assert client.get("/acceso/sesion/").json()["segundos"] == left, address
    client.post("/acceso/sesion/")
    assert client.get("/acceso/sesion/").json()["segundos"] == 28_800
    time_machine.move_to(now + 20_000 + 28_801, tick=False)
    assert client.get("/acceso/sesion/").json()["segundos"] == 0
    assert client.get("/captura/").status_code == 302


def test_a_file_is_asked_for_again(client, candidacy, liaison):
    accept_notice_in_force(liaison)
    address = reverse("capture:section", args=[candidacy.pk, "foto_contacto"])
    upload = SimpleUploadedFile("retrato.jpg", b"\xff\xd8\xff", content_type="image/jpeg")
    ended = client.post(address, {"pagina_web": WORD, "fotografia_archivo": upload})
    assert "vuelve a elegir «retrato.jpg»" in ended.content.decode()
    assert "vuelve a elegir «retrato.jpg»" in sign_in(client, "enlace.pd", ended).content.decode()


def test_what_waits_is_sealed_bounded_and_forgotten_when_sent(client, candidacy, liaison):
    accept_notice_in_force(liaison)
    address = reverse("capture:section", args=[candidacy.pk, "propuestas"])
    back = sign_in(client, "enlace.pd", client.post(address, {"propuesta_1": WORD}))
    stored = Session.objects.get()
    assert WORD not in str(stored.get_decoded())
    assert WORD not in back.request["QUERY_STRING"]
    name = re.search(r'name="retomado" value="(\w+)"', back.content.decode())[1]
    client.post(address, {"propuesta_1": "Otra cosa", "retomado": name})
    assert client.get(f"/acceso/retomar/{name}/").status_code == 404
    page = client.get(f"{address}?retomar={name}").content.decode()
    assert "Otra cosa</textarea>" in page

    for number in range(resume.MOST_KEPT + 1):
        request = client.post(f"/admin/pages/{number}/edit/", {"title": f"{WORD}{number}"})
        answer = client.post("/acceso/retomar/", {"escrito": sealed_in(request)})
    assert answer.status_code == 409
    assert sealed_in(answer), "what finds no room stays in the page"
    assert "Retomar el formulario" in client.get("/acceso/retomar/").content.decode()
    client.logout()
    huge = client.post(address, {"propuesta_1": "a" * (typed.LARGEST + 1)})
    assert "demasiado largo" in huge.content.decode()


def test_what_was_sealed_by_nobody_or_long_ago_is_nothing(client, liaison, time_machine):
    form = typed.TypedForm("/captura/aviso/", (("acepto", "si"),), (), 0)
    sealed = typed.seal(form)
    assert typed.unseal(sealed) == form
    for wrong in ("", "x", sealed[:-2] + "AA", sealed[::-1], "ñ", "gAAAAA" + "A" * 90):
        assert typed.unseal(wrong) is None
        answer = sign_in(client, "enlace.pd", escrito=wrong)
        assert answer.request["PATH_INFO"] == "/captura/"
        client.logout()
    time_machine.move_to(time.time() + typed.LASTS.total_seconds() + 2)
    assert typed.unseal(sealed) is None


@pytest.mark.parametrize(
    ("path", "redirects"), [("/admin/", 0), ("/acceso/?next=/admin/", 1), ("/admin/pages/", 0)]
)
def test_a_liaison_at_the_admin_is_told_where_to_go(client, liaison, process, path, redirects):
    client.force_login(liaison, backend=BACKEND)
    answer = client.get(path, follow=True)
    assert answer.status_code == 403
    assert len(answer.redirect_chain) == redirects
    assert "Ir a mis candidaturas" in answer.content.decode()


def test_an_account_without_a_function_is_told_so(client, process):
    user = User.objects.create_user("sin.funcion", password="palabra-de-prueba-9")
    client.force_login(user, backend=BACKEND)
    for path in ("/captura/", "/admin/", "/acceso/"):
        answer = client.get(path, follow=True)
        assert answer.status_code == 403
        assert "todavía no tiene una función" in answer.content.decode()


def test_staff_in_capture_go_to_their_desk(client, validator, process):
    client.force_login(validator, backend=BACKEND)
    assert client.get("/captura/")["Location"] == "/admin/"


def test_a_notice_that_changed_meanwhile_does_not_lose_it(client, candidacy, liaison):
    client.force_login(liaison, backend=BACKEND)
    address = reverse("capture:section", args=[candidacy.pk, "propuestas"])
    asked = client.post(address, {"propuesta_1": WORD})
    assert asked.status_code == 409
    assert not Questionnaire.objects.exists()
    shown = re.search(r'name="hash" value="(\w+)"', asked.content.decode())[1]
    accepted = {"acepto": "si", "hash": shown, "escrito": sealed_in(asked)}
    back = client.post("/captura/aviso/", accepted, follow=True)
    assert f"{WORD}</textarea>" in back.content.decode()
