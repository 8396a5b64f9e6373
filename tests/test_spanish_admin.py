"""The whole admin is in Spanish: our translation fills the gaps of Wagtail's."""

import ast
import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import wagtail
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils.translation import trans_real

from cms.accounts.services import create_staff

PACKAGE = Path(wagtail.__file__).parent
MESSAGES = Path(settings.LOCALE_PATHS[0]) / "es" / "LC_MESSAGES"
OURS = MESSAGES / "django.po"
OURS_IN_SCRIPTS = MESSAGES / "djangojs.po"
# Parts of Wagtail that are not installed here, or that no user sees.
ABSENT = {
    "api",
    "forms",
    "frontend_cache",
    "locales",
    "modeladmin",
    "search_promotions",
    "simple_translation",
    "styleguide",
    "table_block",
    "typed_table_block",
}


def entries(path: Path) -> Iterator[dict[str, str]]:
    """The messages of a .po file: msgid, msgid_plural, msgctxt, msgstr or msgstr[n]."""
    for block in path.read_text(encoding="utf-8").split("\n\n"):
        entry: dict[str, str] = {}
        field = ""
        for line in block.splitlines():
            if line.startswith("#"):
                continue
            named = re.match(r'(msg\w+(?:\[\d\])?) (".*")$', line)
            if named:
                field, text = named[1], named[2]
                entry[field] = ast.literal_eval(text)
            elif line.startswith('"'):
                entry[field] += ast.literal_eval(line)
        if entry.get("msgid"):
            yield entry


def key_of(entry: dict[str, str]) -> str | tuple[str, int]:
    context = f"{entry['msgctxt']}\x04" if "msgctxt" in entry else ""
    key = context + entry["msgid"]
    return (key, 0) if "msgid_plural" in entry else key


def english(file: str) -> list[Path]:
    """The files with the English messages of every installed part of Wagtail."""
    return [
        path
        for path in PACKAGE.rglob(f"locale/en/LC_MESSAGES/{file}")
        if not ABSENT & set(path.relative_to(PACKAGE).parts)
    ]


def script_catalogue() -> dict[str, str | list[str]]:
    """The catalogue of translations that the browser receives for the scripts of the admin."""
    script = Client().get(reverse("wagtailadmin_javascript_catalog")).content.decode()
    found = re.search(r"const newcatalog = (\{.*?\});\n", script, re.DOTALL)
    assert found is not None
    catalogue: dict[str, str | list[str]] = json.loads(found[1])
    return catalogue


def test_every_message_of_the_admin_is_translated():
    catalogue = vars(trans_real.translation(settings.LANGUAGE_CODE))["_catalog"]
    files = english("django.po")
    assert len(files) == 11

    missing = {
        entry["msgid"]
        for path in files
        for entry in entries(path)
        if key_of(entry) not in catalogue or not catalogue[key_of(entry)]
    }

    assert missing == set()


def test_every_message_of_the_admins_scripts_is_translated():
    catalogue = script_catalogue()
    files = english("djangojs.po")
    assert files

    missing = set()
    for path in files:
        for entry in entries(path):
            context = f"{entry['msgctxt']}\x04" if "msgctxt" in entry else ""
            given = catalogue.get(context + entry["msgid"])
            if not given or ("msgid_plural" in entry and not all(given)):
                missing.add(entry["msgid"])

    assert missing == set()


def test_the_compiled_translations_are_up_to_date():
    catalogue = vars(trans_real.translation(settings.LANGUAGE_CODE))["_catalog"]

    for entry in entries(OURS):
        written = entry.get("msgstr") or entry["msgstr[0]"]
        assert catalogue[key_of(entry)] == written, entry["msgid"]


def test_the_compiled_translations_of_scripts_are_up_to_date():
    catalogue = script_catalogue()

    for entry in entries(OURS_IN_SCRIPTS):
        given = catalogue[entry["msgid"]]
        written = entry.get("msgstr") or [entry["msgstr[0]"], entry["msgstr[1]"]]
        assert given == written, entry["msgid"]


# Forms of «usted», words of Spain, and misspellings. «Su» is left out: it also means his or her.
NOT_OURS = re.compile(
    r"\b(?:usted|ustedes|introduzca|ingrese|seleccione|elija|elimínelo|pulse|haga|intente|escriba|"
    r"confirme|modifique|actualice|asegúrese|corrija|lea|proporcione|reporte|"
    r"por favor|ordenador|fichero|marquilla|slug|despublic\w+|negrilla|italica|eliga|ortro|"
    r"crealas|elemen?tos? hijo|enlance|coleciones|restrición|restriciones|concidencia|gaurdado|"
    r"eleimiar|etiqueda\w*|públicada|tranducción|acá|item|items|login|snippet|snippets)\b",
    re.IGNORECASE,
)
ENGLISH = re.compile(
    r"\b(?:the|this|that|these|those|your|you|are|is|was|of|from|with|for|and|or|not|been|will|"
    r"page|pages|root|search|edit|delete|save|settings|choose|add|view|live|draft|published|home)\b",
    re.IGNORECASE,
)
SAID_TO_NOBODY = {"script", "style", "svg"}


def shown(catalogue: Any, entry: dict[str, str]) -> list[str]:
    """The texts that the admin shows for a message: one, or its singular and its plural."""
    key = key_of(entry)
    return [catalogue[key], catalogue[key[0], 1]] if isinstance(key, tuple) else [catalogue[key]]


def test_the_admin_neither_uses_usted_nor_the_spanish_of_other_countries():
    catalogue = vars(trans_real.translation(settings.LANGUAGE_CODE))["_catalog"]
    scripts = script_catalogue().values()

    said = {
        text
        for path in english("django.po")
        for entry in entries(path)
        for text in shown(catalogue, entry)
    }
    for texts in scripts:
        said |= {texts} if isinstance(texts, str) else set(texts)

    assert sorted(text for text in said if NOT_OURS.search(text)) == []


class Reader(HTMLParser):
    """Collects the visible text of a page, and the text that only a screen reader says."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.unread: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in SAID_TO_NOBODY:
            self.unread.append(tag)
        self.words += [
            value for name, value in attrs if value and name in {"aria-label", "placeholder", "alt"}
        ]

    def handle_endtag(self, tag: str) -> None:
        if self.unread and self.unread[-1] == tag:
            self.unread.pop()

    def handle_data(self, data: str) -> None:
        if not self.unread:
            self.words.append(data)


def words_of(page: str) -> str:
    reader = Reader()
    reader.feed(page)
    return " ".join(" ".join(reader.words).split())


@pytest.mark.parametrize("role", [None, "comunicacion"])
def test_no_page_of_the_admin_has_english_in_it(client, process, role):
    from cms.portal.models import HomePage, NewsIndexPage

    staff = create_staff(username="uno", role=role or "administracion")
    staff.is_superuser = role is None
    staff.save()
    client.force_login(staff)
    home, index = HomePage.objects.get(), NewsIndexPage.objects.get()
    shared = [
        "/admin/",
        "/admin/pages/",
        f"/admin/pages/{home.pk}/",
        f"/admin/pages/{index.pk}/edit/",
        f"/admin/pages/{index.pk}/history/",
        f"/admin/pages/add/portal/newspage/{index.pk}/",
        f"/admin/pages/{index.pk}/copy/",
        "/admin/pages/search/?q=noticias",
        "/admin/images/",
        "/admin/images/add/",
        "/admin/documents/",
        "/admin/documents/multiple/add/",
        "/admin/account/",
        "/admin/reports/site-history/",
        "/admin/reports/locked/",
    ]
    own = [
        "/admin/users/",
        "/admin/groups/",
        "/admin/collections/",
        "/admin/sites/",
        "/admin/redirects/",
        "/admin/workflows/list/",
        "/admin/avance/",
        "/admin/settings/catalogs/portalsettings/",
    ]

    found = {}
    for address in shared + (own if role is None else []):
        response = client.get(address, follow=True)
        assert response.status_code == 200, address
        words = words_of(response.content.decode())
        english_words = {
            words[max(0, found_word.start() - 40) : found_word.end() + 40]
            for found_word in ENGLISH.finditer(words)
        }
        if english_words:
            found[address] = english_words

    assert found == {}


def addresses_of_ours() -> list[str]:
    """Every list and every form of the admin that is the institute's, to add and to edit a row."""
    from wagtail.admin.viewsets import viewsets
    from wagtail.admin.viewsets.model import ModelViewSet

    found = [reverse(f"register:{name}") for name in ("index",)]
    found += [reverse("uploads:index"), reverse("uploads:new"), reverse("moderation:queue")]
    for one in viewsets.viewsets:
        if not isinstance(one, ModelViewSet) or not one.model.__module__.startswith("cms."):
            continue
        found.append(reverse(one.get_url_name("index")))
        found.append(reverse(one.get_url_name("add")))
        row = one.model.objects.order_by("pk").first()
        if row is not None:
            found.append(reverse(one.get_url_name("edit"), args=[row.pk]))
    return found


@pytest.fixture
def ours(client, actor, make_candidacy, superuser) -> dict[str, str]:
    """The pages of the lists and forms of ours that an account with every permission is shown."""
    from cms.catalogs.models import Hypocoristic, ProtectedWord, SynonymGroup
    from cms.imports.models import ImportPolicy, OwnProfile

    make_candidacy()
    ImportPolicy.objects.create(process=actor.process, two_people=True)
    OwnProfile.objects.create(name="propio", title="Propio", content={"a": 1})
    ProtectedWord.objects.get_or_create(word="pyme")
    assert SynonymGroup.objects.exists()
    assert Hypocoristic.objects.exists()
    superuser.role, superuser.username = "instancia_interna", "raiz"
    superuser.save()
    client.force_login(superuser)
    pages = {address: client.get(address) for address in addresses_of_ours()}
    return {
        address: page.content.decode() for address, page in pages.items() if page.status_code == 200
    }


def test_no_list_and_no_form_of_ours_has_english_in_it(ours: dict[str, str]) -> None:
    assert len(ours) > 30
    # Names of things that are data: a profile and a questionnaire are written as JSON.
    told = {
        address: re.sub(r"<textarea.*?</textarea>", "", page, flags=re.DOTALL)
        for address, page in ours.items()
    }
    assert {
        address: sorted({found[0] for found in ENGLISH.finditer(words_of(page))})
        for address, page in told.items()
        if ENGLISH.search(words_of(page))
    } == {}


FIELD = re.compile(
    r"<div class=\"w-field__wrapper.*?(?=<div class=\"w-field__wrapper|</form>)", re.DOTALL
)
NAMED = re.compile(r'data-contentpath="(\w+)"')
HELPED = re.compile(r'<div class="help">\s*\S')


def without_help(page: str) -> list[str]:
    """The fields of the form of a page that say nothing beside them; filters are no such form."""
    start = max(page.find("data-edit-form"), page.find('enctype="multipart/form-data"'))
    fields = FIELD.finditer(page[start:] if start > 0 else "")
    read = [(NAMED.search(field[0]), HELPED.search(field[0])) for field in fields]
    return [name[1] for name, helped in read if name and not helped]


def test_each_field_of_ours_says_beside_it_what_it_changes(ours: dict[str, str]) -> None:
    asked = [address for address, page in ours.items() if "data-edit-form" in page]
    assert len(asked) > 12

    silent = {address: without_help(page) for address, page in ours.items()}

    assert {address: names for address, names in silent.items() if names} == {}


@pytest.mark.parametrize("page_type", ["newspage", "contentpage", "faqpage"])
def test_each_field_of_a_page_says_beside_it_where_it_is_read(
    client, process, superuser, page_type
):
    from cms.portal.models import HomePage, NewsIndexPage

    client.force_login(superuser)
    parent = NewsIndexPage if page_type == "newspage" else HomePage
    address = f"/admin/pages/add/portal/{page_type}/{parent.objects.get().pk}/"

    page = client.get(address).content.decode()

    own = {"date", "summary", "body", "image", "image_alt"}
    assert own & set(NAMED.findall(page)) >= {"summary", "body"}
    assert own & set(without_help(page)) == set()


def test_each_field_of_the_settings_says_beside_it_where_it_is_read(client, process, superuser):
    client.force_login(superuser)
    page = client.get("/admin/settings/catalogs/portalsettings/", follow=True).content.decode()

    assert "contact_email" in NAMED.findall(page)
    assert without_help(page) == []
