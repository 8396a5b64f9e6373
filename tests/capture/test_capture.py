"""Capture by HTTP: parties are isolated, the notice comes first, and nothing typed is lost."""

import re

import pytest
from django.urls import reverse

from cms.capture.own_list import ROWS_AT_ONCE
from cms.privacy.models import NoticeAcceptance
from cms.privacy.selectors import notice_hash, notice_in_force
from cms.questionnaires.models import Draft, Questionnaire


@pytest.fixture
def candidacy(make_candidacy):
    return make_candidacy()


@pytest.fixture
def signed_in(client, liaison):
    client.force_login(liaison, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def ready(signed_in, liaison):
    """Signed in, and the notice accepted."""
    NoticeAcceptance.objects.create(
        user=liaison,
        username=liaison.username,
        capacity=liaison.role,
        notice_hash=notice_hash(notice_in_force()),
    )
    return signed_in


A_PHOTOGRAPH = "00000000-0000-0000-0000-000000000000"


def step(candidacy, section="propuestas"):
    return reverse("capture:section", args=[candidacy.pk, section])


def every_address(candidacy):
    return [
        reverse("capture:start", args=[candidacy.pk]),
        reverse("capture:review", args=[candidacy.pk]),
        reverse("capture:receipt", args=[candidacy.pk]),
        step(candidacy),
        reverse("capture:autosave", args=[candidacy.pk, "propuestas"]),
        reverse("capture:photograph", args=[candidacy.pk, A_PHOTOGRAPH]),
    ]


def test_another_actors_candidacy_does_not_exist_on_any_address(client, candidacy, other_liaison):
    client.force_login(other_liaison, backend="django.contrib.auth.backends.ModelBackend")
    only_read = [
        reverse(f"capture:{name}", args=[candidacy.pk, *more])
        for name, more in (("start", ()), ("receipt", ()), ("photograph", (A_PHOTOGRAPH,)))
    ]
    for address in every_address(candidacy):
        assert client.get(address).status_code == 404, address
        refused = 405 if address in only_read else 404
        assert client.post(address).status_code == refused, address
    assert not Questionnaire.objects.exists()


def test_nobody_enters_without_signing_in(client, candidacy):
    for address in every_address(candidacy):
        assert client.get(address)["Location"].startswith("/acceso/")
        assert client.post(address).status_code == 401
        assert client.post(address, headers={"HX-Request": "true"}).status_code == 401


@pytest.mark.parametrize("account", ["validator", "superuser"])
def test_staff_do_not_capture(client, candidacy, account, request):
    client.force_login(
        request.getfixturevalue(account), backend="django.contrib.auth.backends.ModelBackend"
    )
    client.post(step(candidacy), {"propuesta_1": "Algo"})
    assert not Draft.objects.exists()


def test_a_liaison_does_not_enter_the_admin(signed_in):
    response = signed_in.get("/admin/")
    assert response.status_code == 403


def test_nothing_is_stored_before_the_notice_is_accepted(signed_in, candidacy):
    response = signed_in.post(step(candidacy), {"propuesta_1": "Algo"})
    assert response.status_code == 409
    assert "<h1>Aviso de privacidad" in response.content.decode()
    assert not Questionnaire.objects.exists()
    autosave = reverse("capture:autosave", args=[candidacy.pk, "propuestas"])
    assert signed_in.post(autosave, {"propuesta_1": "Algo"}).status_code == 403
    assert not Questionnaire.objects.exists()


def test_accepting_keeps_the_hash_of_the_text_that_was_shown(signed_in, candidacy):
    shown = notice_hash(notice_in_force())
    signed_in.post("/captura/aviso/", {"acepto": "si", "hash": shown, "next": step(candidacy)})
    assert NoticeAcceptance.objects.get().notice_hash == shown


def test_an_old_notice_cannot_be_accepted(signed_in, process):
    response = signed_in.post("/captura/aviso/", {"acepto": "si", "hash": "0" * 64})
    assert response.status_code == 409
    assert not NoticeAcceptance.objects.exists()


def test_after_accepting_nobody_is_sent_to_another_site(signed_in, process):
    response = signed_in.post(
        "/captura/aviso/",
        {"acepto": "si", "hash": notice_hash(notice_in_force()), "next": "https://malo.example/"},
    )
    assert response["Location"] == "/captura/"


@pytest.mark.parametrize(
    "after", ["candidaturas", "capture:receipt", "//malo.example", "a.b", "/\\m.example"]
)
def test_after_accepting_only_a_path_is_gone_to(signed_in, process, after):
    shown = notice_hash(notice_in_force())
    response = signed_in.post("/captura/aviso/", {"acepto": "si", "hash": shown, "next": after})
    assert response.status_code == 302
    assert response["Location"] == "/captura/"


def test_after_accepting_the_page_that_was_asked_for_is_gone_to(signed_in, candidacy):
    shown, asked = notice_hash(notice_in_force()), f"{step(candidacy)}?desde=aviso"
    response = signed_in.post("/captura/aviso/", {"acepto": "si", "hash": shown, "next": asked})
    assert response["Location"] == asked


def test_what_was_typed_stays_when_it_is_wrong(ready, candidacy):
    response = ready.post(step(candidacy), {"propuesta_1": "Muy corta", "siguiente": "1"})
    content = response.content.decode()
    assert response.status_code == 422
    assert "<title>Error: Propuestas" in content
    assert "Muy corta</textarea>" in content
    assert "llevas 8." in content
    assert Draft.objects.get().answers["propuesta_1"] == "Muy corta"


def test_line_ends_of_the_browser_are_not_counted(ready, candidacy):
    response = ready.post(step(candidacy), {"propuesta_1": "ab\r\ncd\r\n", "siguiente": "1"})
    assert "llevas 4." in response.content.decode()


def test_two_people_do_not_overwrite_each_other(ready, candidacy):
    ready.post(step(candidacy), {"propuesta_1": "La primera versión", "version": "0"})
    response = ready.post(
        step(candidacy), {"propuesta_1": "La mía, sobre la vieja", "version": "0"}
    )
    content = response.content.decode()
    assert response.status_code == 409
    assert "La primera versión" in content
    assert "La mía, sobre la vieja</textarea>" in content
    assert Draft.objects.get().answers["propuesta_1"] == "La primera versión"


def test_autosave_answers_one_line_with_the_time(ready, candidacy):
    address = reverse("capture:autosave", args=[candidacy.pk, "propuestas"])
    response = ready.post(address, {"propuesta_1": "Mientras escribo", "version": "0"})
    assert "Guardado a las" in response.content.decode()
    assert Draft.objects.get().answers["propuesta_1"] == "Mientras escribo"


def test_pages_of_capture_are_never_kept_by_a_cache(ready, candidacy):
    for address in ("/captura/", step(candidacy)):
        assert ready.get(address)["Cache-Control"] == "private, no-store"


def test_a_file_that_is_no_image_is_refused_and_the_rest_is_kept(ready, candidacy):
    from django.core.files.uploadedfile import SimpleUploadedFile

    upload = SimpleUploadedFile("foto.jpg", b"PK\x05\x06" + b"\0" * 18, content_type="image/jpeg")
    response = ready.post(
        step(candidacy, "foto_contacto"),
        {"fotografia_archivo": upload, "pagina_web": "https://cenizo.example/"},
    )
    content = response.content.decode()
    assert response.status_code == 422
    assert "No es una imagen: el archivo dice .jpg pero contiene un ZIP." in content
    assert Draft.objects.get().answers["pagina_web"] == "https://cenizo.example/"


def test_sending_what_is_incomplete_says_what_is_missing_and_writes_nothing(ready, candidacy):
    address = reverse("capture:review", args=[candidacy.pk])
    ready.post(step(candidacy), {"propuesta_1": "Muy corta"})
    response = ready.post(address, {"confirmo": "si"})
    assert response.status_code == 422
    assert "Falta la fotografía" in response.content.decode()
    assert not Questionnaire.objects.get().submissions.exists()


def test_the_list_takes_the_same_queries_however_long(ready, make_candidacy):
    def count(total):
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(
            connection,
        ) as queries:
            content = ready.get("/captura/").content.decode()
        assert content.count("Empezar<") == total
        return len(queries)

    make_candidacy()
    few = count(1)
    for number in range(12):
        make_candidacy(
            name=f"Candidata Sabino Número {number}", office="regiduria", list_number=number
        )
    assert count(13) == few


def test_a_long_list_comes_in_pages_and_keeps_its_filters(ready, make_candidacy):
    for number in range(ROWS_AT_ONCE + 3):
        make_candidacy(name=f"Ana Sabino {number}", office="regiduria", list_number=number)

    first = ready.get("/captura/?estado=sin_captura").content.decode()
    assert first.count("Empezar<") == ROWS_AT_ONCE
    assert "Página 1 de 2" in first
    following = re.search(r'href="([^"]+)" rel="next"', first)[1].replace("&amp;", "&")
    assert "estado=sin_captura" in following

    second = ready.get(f"/captura/{following}").content.decode()
    assert second.count("Empezar<") == 3
    assert ready.get("/captura/?pagina=malo").status_code == 200


def test_only_own_candidacies_are_listed(ready, candidacy, make_candidacy, other_actor):
    make_candidacy(name="Ajena Nogal Junco", actor=other_actor)
    content = ready.get("/captura/").content.decode()
    assert candidacy.name in content
    assert "Ajena Nogal" not in content
