"""The texts that the portal brings: what they promise, and whom they leave alone."""

import re
import subprocess
from html import unescape

import pytest

from cms.catalogs.models import PortalSettings
from cms.portal.first_page import renew_first_pages
from cms.portal.first_texts import FIRST_PAGES, FORMER, digest
from cms.portal.models import ContentPage, FaqPage
from cms.published.models import PublishedContent
from tests.database_server import ROOT

pytestmark = pytest.mark.django_db


@pytest.fixture
def statement():
    """The statement as an installation has it that was made before: its text is a former one."""
    page = ContentPage.objects.get(slug="accesibilidad")
    page.title, page.summary, page.body = "Accesibilidad", "Antes.", "<p>Texto de antes.</p>"
    page.save_revision().publish()
    return page


def as_former(monkeypatch, page):
    known = {page.slug: frozenset({digest(page.title, page.summary, page.body)})}
    monkeypatch.setattr("cms.portal.first_page.FORMER", known)


def test_a_text_that_nobody_touched_is_renewed_also_in_its_public_copy(
    client, statement, monkeypatch
):
    as_former(monkeypatch, statement)
    renew_first_pages()
    said = client.get("/accesibilidad/").content.decode()
    assert "Estado de cumplimiento" in said
    assert "Texto de antes" not in said
    copy = PublishedContent.objects.get(title="Declaración de accesibilidad")
    assert "Texto de antes" not in copy.body_html


@pytest.mark.parametrize("what", ["body", "title", "draft", "unpublished"])
def test_what_staff_touched_stays(client, statement, monkeypatch, what):
    as_former(monkeypatch, statement)
    if what == "body":
        statement.body += "<p>Y algo nuestro.</p>"
        statement.save_revision().publish()
    elif what == "title":
        statement.title = "Nuestra declaración"
        statement.save_revision().publish()
    elif what == "draft":
        statement.body = "<p>Borrador.</p>"
        statement.save_revision()
    else:
        statement.unpublish()
    renew_first_pages()
    statement.refresh_from_db()
    assert "Texto de antes." in statement.body


def test_no_text_of_today_counts_as_a_former_one():
    for _kind, slug, title, summary, body in FIRST_PAGES:
        assert digest(title, summary, body) not in FORMER.get(slug, frozenset())


def test_the_statement_follows_the_model_of_w3c(client):
    headings = re.findall(
        r"<h2[^>]*>(.*?)</h2>", client.get("/accesibilidad/").content.decode().split("<footer")[0]
    )
    assert headings == [
        "Compromiso",
        "Qué hacemos",
        "Estado de cumplimiento",
        "Escríbenos",
        "Con qué funciona",
        "Con qué está hecho",
        "Qué falta, y qué puedes hacer mientras",
        "Cómo lo evaluamos",
        "Fecha",
    ]


@pytest.mark.parametrize("path", ["/accesibilidad/", "/privacidad/"])
def test_the_contact_is_in_the_text_and_at_the_foot(client, path):
    portal = PortalSettings.load()
    portal.contact_email = "atencion@instituto.example"
    portal.contact_telephone = "844 123 4567"
    portal.contact_answer_days = 5
    portal.save()
    main, foot = client.get(path).content.decode().split("<footer")
    for part in (main, foot):
        assert 'href="mailto:atencion@instituto.example"' in part
        assert 'href="tel:+528441234567"' in part
        assert "Respondemos en 5 días hábiles" in part


def test_questions_explain_the_words_of_the_ballot(client):
    said = unescape(client.get("/preguntas/").content.decode())
    for word in ("Planilla", "Propietaria", "Suplente", "Lineamientos"):
        assert f"<b>{word}</b>:" in said
    assert "primero va lo que más se parece a tu búsqueda" in said
    assert FaqPage.objects.get().body in {page[4] for page in FIRST_PAGES}


# Words that say «usted»; whatever quotes the official questionnaire speaks of somebody else.
_USTED = re.compile(
    r"\b(usted(?:es)?|ingrese|haga clic|seleccione|escoja|aseg[uú]rese|introduzca|digite|presione"
    r"|oprima)\b",
    re.IGNORECASE,
)


def test_everything_that_people_read_says_tu():
    listed = subprocess.run(
        ["git", "ls-files", "templates", "cms", "search", "conoceles_site", "docs/manuales"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split("\n")
    found = [
        f"{name}: {match[0]}"
        for name in listed
        if name.endswith((".html", ".py", ".js", ".md")) and "/migrations/" not in name
        for match in _USTED.finditer((ROOT / name).read_text(encoding="utf-8"))
    ]
    assert found == []
