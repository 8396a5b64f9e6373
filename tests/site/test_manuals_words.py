"""What the manuals name and show exists: buttons, menus, pictures, links. Nothing is left over."""

import re
from functools import cache
from pathlib import Path

import pytest
from django.utils.text import slugify

from conoceles_site.manual_pictures.screens import SCREENS
from conoceles_site.manuals.catalog import MANUALS
from conoceles_site.manuals.reading import FOLDER, PICTURES, read
from tests.database_server import ROOT

SLUGS = [manual.slug for manual in MANUALS]
OURS = ("cms", "search", "conoceles_site", "templates")
ENDINGS = {".py", ".html", ".js", ".json", ".txt"}
LARGEST_PICTURE = 150_000
PLACES_OF_LIBRARIES = ("wagtail", "allauth", "django")


@cache
def _words_of_screens() -> str:
    """All that a screen may say: our code and templates, and the Spanish of the libraries."""
    import django

    ours = [
        path
        for folder in OURS
        for path in (ROOT / folder).rglob("*")
        if path.suffix in ENDINGS and "manual_pictures" not in path.parts
    ]
    libraries = Path(django.__file__).parents[1]
    catalogues = [ROOT / "conoceles_site" / "locale" / "es" / "LC_MESSAGES" / "django.po"]
    for name in PLACES_OF_LIBRARIES:
        catalogues += (libraries / name).rglob("locale/es/LC_MESSAGES/*.po")
        catalogues += (libraries / name).rglob("locale/es_MX/LC_MESSAGES/*.po")
    texts = [path.read_text(encoding="utf-8", errors="ignore") for path in (*ours, *catalogues)]
    # Long texts of code and of catalogues are written on several lines.
    joined = re.sub(r'"\s*\n\s*"', "", "\n".join(texts))
    return re.sub(r"\s+", " ", joined)


def _is_on_a_screen(name: str) -> bool:
    # Menus begin names with a capital that the code writes small.
    first, rest = name[0], re.escape(name[1:])
    pattern = rf"(?<!\w)[{first.lower()}{first.upper()}]{rest}(?!\w)"
    return re.search(pattern, _words_of_screens()) is not None


@pytest.mark.parametrize("slug", SLUGS)
def test_what_is_in_bold_is_on_a_screen(slug: str) -> None:
    named = {part for words in read(slug).named for part in words.split(" › ")}
    assert named
    assert sorted(name for name in named if not _is_on_a_screen(name)) == []


def test_a_name_that_no_screen_has_would_be_found() -> None:
    assert not _is_on_a_screen("Botón que nunca existió")
    assert _is_on_a_screen("Guardar y continuar")


def test_each_picture_is_taken_exists_is_used_and_has_words() -> None:
    taken = {screen.file for screen in SCREENS}
    stored = {path.name for path in PICTURES.iterdir()}
    used = [picture for slug in SLUGS for picture in read(slug).pictures]
    assert taken == stored == {picture.name for picture in used}
    assert len(taken) == len(SCREENS)
    wordless = [picture.name for picture in used if len(picture.alt.split()) < 4]
    assert wordless == []
    large = {path.name for path in PICTURES.iterdir() if path.stat().st_size > LARGEST_PICTURE}
    assert large == set()


def test_each_file_is_a_manual_and_each_link_leads_somewhere() -> None:
    assert {path.stem for path in FOLDER.glob("*.md")} == set(SLUGS)
    for slug in SLUGS:
        source = (FOLDER / f"{slug}.md").read_text(encoding="utf-8")
        for target in re.findall(r"(?<!!)\[[^\]]+\]\(([^)]+)\)", source):
            name, _sharp, anchor = target.partition("#")
            other = name.removesuffix(".md") or slug
            assert other in SLUGS, f"{slug}: {target}"
            anchors = {found for found, _heading in read(other).contents}
            assert not anchor or anchor in anchors, f"{slug}: {target}"


@pytest.mark.parametrize("slug", SLUGS)
def test_sections_have_names_of_their_own_and_the_manual_one_title(slug: str) -> None:
    written = read(slug)
    anchors = [anchor for anchor, _heading in written.contents]
    assert len(anchors) == len(set(anchors)) > 2
    assert next(block["level"] for block in written.blocks if block["kind"] == "heading") == 1
    assert slugify(written.title) not in anchors
