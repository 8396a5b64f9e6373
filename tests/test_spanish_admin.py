"""The whole admin speaks Spanish: what Wagtail's own translation leaves out is ours."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import wagtail
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils.translation import trans_real

PACKAGE = Path(wagtail.__file__).parent
MESSAGES = Path(settings.LOCALE_PATHS[0]) / "es" / "LC_MESSAGES"
OURS = MESSAGES / "django.po"
OURS_IN_SCRIPTS = MESSAGES / "djangojs.po"
# Parts of Wagtail that are not installed here, or that nobody sees.
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
    """Wagtail's English messages of every part that is installed."""
    return [
        path
        for path in PACKAGE.rglob(f"locale/en/LC_MESSAGES/{file}")
        if not ABSENT & set(path.relative_to(PACKAGE).parts)
    ]


def script_catalogue() -> dict[str, str | list[str]]:
    """What a browser is given for the admin's scripts, which is where their words come from."""
    script = Client().get(reverse("wagtailadmin_javascript_catalog")).content.decode()
    found = re.search(r"const newcatalog = (\{.*?\});\n", script, re.DOTALL)
    assert found is not None
    catalogue: dict[str, str | list[str]] = json.loads(found[1])
    return catalogue


def test_every_word_of_the_admin_has_its_spanish():
    catalogue = trans_real.translation(settings.LANGUAGE_CODE)._catalog
    files = english("django.po")
    assert len(files) > 8

    missing = {
        entry["msgid"]
        for path in files
        for entry in entries(path)
        if key_of(entry) not in catalogue or not catalogue[key_of(entry)]
    }

    assert missing == set()


def test_every_word_of_the_admins_scripts_has_its_spanish():
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


def test_the_compiled_translations_are_the_ones_that_are_written():
    catalogue = trans_real.translation(settings.LANGUAGE_CODE)._catalog

    for entry in entries(OURS):
        written = entry.get("msgstr") or entry["msgstr[0]"]
        assert catalogue[key_of(entry)] == written, entry["msgid"]


def test_the_compiled_translations_of_scripts_are_the_ones_that_are_written():
    catalogue = script_catalogue()

    for entry in entries(OURS_IN_SCRIPTS):
        given = catalogue[entry["msgid"]]
        written = entry.get("msgstr") or [entry["msgstr[0]"], entry["msgstr[1]"]]
        assert given == written, entry["msgid"]
