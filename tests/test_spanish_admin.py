"""The whole admin speaks Spanish: what Wagtail's own translation leaves out is ours."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import wagtail
from django.conf import settings
from django.utils.translation import trans_real

PACKAGE = Path(wagtail.__file__).parent
OURS = Path(settings.LOCALE_PATHS[0]) / "es" / "LC_MESSAGES" / "django.po"
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


def test_every_word_of_the_admin_has_its_spanish():
    catalogue = trans_real.translation(settings.LANGUAGE_CODE)._catalog
    files = [
        path
        for path in PACKAGE.rglob("locale/en/LC_MESSAGES/django.po")
        if not ABSENT & set(path.relative_to(PACKAGE).parts)
    ]
    assert len(files) > 8

    english = {
        entry["msgid"]
        for path in files
        for entry in entries(path)
        if key_of(entry) not in catalogue or not catalogue[key_of(entry)]
    }

    assert english == set()


def test_the_compiled_translations_are_the_ones_that_are_written():
    catalogue = trans_real.translation(settings.LANGUAGE_CODE)._catalog

    for entry in entries(OURS):
        written = entry.get("msgstr") or entry["msgstr[0]"]
        assert catalogue[key_of(entry)] == written, entry["msgid"]
