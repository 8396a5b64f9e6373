"""The manuals inside the product: who reads which, as a page and as a PDF (ADR 0060)."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cms.accounts.models import CAPTURE_ROLES, Role, User
from conoceles_site.manuals.catalog import MANUALS
from conoceles_site.manuals.page import html_of
from conoceles_site.manuals.reading import PARSER, Read, read
from conoceles_site.manuals.views import _printed
from tests.printed import text_of

BACKEND = "django.contrib.auth.backends.ModelBackend"
OF_EACH_ROLE = {
    Role.CANDIDATE: ["candidatura"],
    Role.LIAISON: ["enlace"],
    Role.CURRICULAR_REVIEWER: ["revision"],
    Role.IDENTITY_REVIEWER: ["revision"],
    Role.INTERNAL_BODY: ["instancia-interna", "revision", "cuestionarios"],
    Role.COMMUNICATION: ["comunicacion"],
    Role.OBSERVER: ["consulta"],
}
SLUGS = [manual.slug for manual in MANUALS]


def _client_of(role: Role) -> Client:
    if role in CAPTURE_ROLES:
        user = User.objects.create_user(f"quien.{role}", role=role)
    else:
        from cms.accounts.services import create_staff

        user = create_staff(username=f"quien.{role}", role=role, password="palabra-de-prueba-1")
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


@pytest.mark.django_db
@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMINISTRATOR])
def test_each_role_reads_its_manuals_and_for_it_there_are_no_others(
    role: Role, process: Any
) -> None:
    client = _client_of(role)
    readable = [*OF_EACH_ROLE[role], "cuenta"]
    assert client.get("/ayuda/")["Location"] == f"/ayuda/{readable[0]}/"
    answers = {slug: client.get(f"/ayuda/{slug}/") for slug in SLUGS}
    assert sorted(s for s, answer in answers.items() if answer.status_code == 200) == sorted(
        readable
    )
    assert {answers[slug].status_code for slug in SLUGS if slug not in readable} == {404}
    others = [slug for slug in SLUGS if slug not in readable]
    assert {client.get(f"/ayuda/{slug}/manual.pdf").status_code for slug in others} == {404}
    shown = answers[readable[0]].content.decode()
    links = set(re.findall(r'href="/ayuda/([a-z-]+)/', shown))
    assert links <= set(readable)


@pytest.mark.django_db
def test_who_administers_reads_all_of_them_and_finds_them_in_the_menu(process: Any) -> None:
    client = _client_of(Role.ADMINISTRATOR)
    assert {client.get(f"/ayuda/{slug}/").status_code for slug in SLUGS} == {200}
    assert client.get("/ayuda/")["Location"] == "/ayuda/administracion/"
    menu = client.get("/admin/").content.decode()
    assert all(f"/ayuda/{slug}/" in menu for slug in SLUGS)


@pytest.mark.django_db
def test_nobody_reads_them_without_signing_in(client: Client, process: Any) -> None:
    for path in ("", "enlace/", "enlace/manual.pdf", "imagenes/acuse.webp"):
        response = client.get(f"/ayuda/{path}")
        assert response["Location"] == f"/acceso/?next=/ayuda/{path}"
        assert "no-store" in response["Cache-Control"]


@pytest.mark.django_db
def test_those_who_capture_and_those_of_the_institute_find_their_manual(
    liaison: Any, process: Any
) -> None:
    client = Client()
    client.force_login(liaison, backend=BACKEND)
    assert 'href="/ayuda/"' in client.get("/captura/aviso/").content.decode()
    menu = _client_of(Role.OBSERVER).get("/admin/avance/").content.decode()
    assert "/ayuda/consulta/" in menu
    assert "/ayuda/administracion/" not in menu


@pytest.mark.django_db
def test_pictures_are_of_manuals_that_the_account_reads(process: Any) -> None:
    client = _client_of(Role.LIAISON)
    pictures = {picture.name for picture in read("enlace").pictures}
    for name in pictures:
        response = client.get(reverse("manuals:picture", args=[name.removesuffix(".webp")]))
        assert response["Content-Type"] == "image/webp"
        assert response.getvalue()[8:12] == b"WEBP"
    for name in ("avance.webp", "no-hay.webp", "..%2f..%2fenlace"):
        assert client.get(f"/ayuda/imagenes/{name}").status_code == 404


@pytest.mark.django_db
def test_a_page_has_one_title_its_contents_and_pictures_with_words(process: Any) -> None:
    client = _client_of(Role.CANDIDATE)
    text = client.get("/ayuda/candidatura/").content.decode()
    written = read("candidatura")
    assert text.count("<h1") == 1
    assert f"<h1>{written.title}</h1>" in text
    for anchor, heading in written.contents:
        assert f'<a href="#{anchor}">{heading}</a>' in text
        assert text.count(f'id="{anchor}"') == 1
    pictures = re.findall(r'<img class="manual-picture"[^>]*alt="([^"]*)"', text)
    assert pictures == [picture.alt for picture in written.pictures]


@pytest.mark.parametrize("slug", SLUGS)
def test_each_is_an_accessible_document_with_all_its_words(slug: str) -> None:
    document = _printed(slug, False)
    assert b"pdfuaid:part>1<" in document
    text = text_of(document)
    for _anchor, heading in read(slug).contents:
        assert re.sub(r"\s+", " ", heading) in text


def test_the_training_copy_prints_its_mark(settings: Any) -> None:
    settings.CONOCELES_TRAINING = True
    _printed.cache_clear()
    marked = _printed("consulta", True)
    settings.CONOCELES_TRAINING = False
    _printed.cache_clear()
    assert marked != _printed("consulta", False)


def test_what_a_manual_says_is_never_markup() -> None:
    source = "# T\n\n<script>x</script> [a](javascript:alert(1)) [b](no-hay#x) [c](https://d.mx)\n"
    tokens = tuple(PARSER.parse(source))
    written = Read("T", (), (), (), (), tokens, 0)
    html = html_of(written, readable=set())
    assert "<script" not in html
    assert re.findall(r'href="([^"]*)"', html) == ["https://d.mx"]
