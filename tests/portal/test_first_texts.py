"""The texts that ship with the portal: what they say, and that they never replace staff's texts."""

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
    """The accessibility statement of an older installation, with a text of a former release."""
    page = ContentPage.objects.get(slug="accesibilidad")
    page.title, page.summary, page.body = "Accesibilidad", "Antes.", "<p>Texto de antes.</p>"
    page.save_revision().publish()
    return page


def as_former(monkeypatch, page):
    known = {page.slug: frozenset({digest(page.title, page.summary, page.body)})}
    monkeypatch.setattr("cms.portal.first_page.FORMER", known)


def test_a_text_that_staff_did_not_edit_is_renewed_and_so_is_its_public_copy(
    client, statement, monkeypatch
):
    as_former(monkeypatch, statement)
    renew_first_pages()
    content = client.get("/accesibilidad/").content.decode()
    assert "Estado de cumplimiento" in content
    assert "Texto de antes" not in content
    copy = PublishedContent.objects.get(title="Declaración de accesibilidad")
    assert "Texto de antes" not in copy.body_html


@pytest.mark.parametrize("edited", ["body", "title", "draft", "unpublished"])
def test_a_text_that_staff_edited_stays(statement, monkeypatch, edited):
    as_former(monkeypatch, statement)
    if edited == "body":
        statement.body += "<p>Y algo nuestro.</p>"
        statement.save_revision().publish()
    elif edited == "title":
        statement.title = "Nuestra declaración"
        statement.save_revision().publish()
    elif edited == "draft":
        statement.body = "<p>Borrador.</p>"
        statement.save_revision()
    else:
        statement.unpublish()
    renew_first_pages()
    statement.refresh_from_db()
    assert "Texto de antes." in statement.body


def test_no_current_text_is_listed_as_a_former_text():
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
def test_the_contact_is_in_the_text_and_in_the_footer(client, path):
    portal = PortalSettings.load()
    portal.contact_email = "atencion@instituto.example"
    portal.contact_telephone = "844 123 4567"
    portal.contact_answer_days = 5
    portal.save()
    main, footer = client.get(path).content.decode().split("<footer")
    for part in (main, footer):
        assert 'href="mailto:atencion@instituto.example"' in part
        assert 'href="tel:+528441234567"' in part
        assert "Respondemos en 5 días hábiles" in part


def test_the_questions_page_explains_the_words_of_the_ballot(client):
    content = unescape(client.get("/preguntas/").content.decode())
    for word in ("Planilla", "Propietaria", "Suplente", "Lineamientos"):
        assert f"<b>{word}</b>:" in content
    assert "primero va lo que más se parece a tu búsqueda" in content
    assert FaqPage.objects.get().body in {page[4] for page in FIRST_PAGES}


# Words that address the reader as «usted». «Su» is not one of them, because quotations of the
# official questionnaire speak of another person.
_USTED = re.compile(
    r"\b(usted(?:es)?|ingrese|haga clic|seleccione|escoja|aseg[uú]rese|introduzca|digite|presione"
    r"|oprima)\b",
    re.IGNORECASE,
)


# Common words that no search looks for; nobody reads them.
LISTS_OF_WORDS = {"cms/catalogs/common_words.py", "search/engines/elasticsearch/schema.py"}


def test_every_text_that_people_read_addresses_them_as_tu():
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
        if name not in LISTS_OF_WORDS
        for match in _USTED.finditer((ROOT / name).read_text(encoding="utf-8"))
    ]
    assert found == []
