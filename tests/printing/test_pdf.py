"""Documents: accessible, the same again, and never refused for a sign that no font has."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
import typst

from cms import printing

AT = datetime(2027, 5, 1, 12, tzinfo=UTC)
TEMPLATE = """#import "base.typ": *
#show: printed
= #data.name
#paragraphs(data.words)
"""
NASTY = "Ñandú «x» #let a = 1 $b$ *c* _d_ @e <f> \\ 👩🏽‍🌾 漢字\n\nÜltima línea"


@pytest.fixture
def template(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A folder of templates with one of the test."""
    shutil.copy(printing._TEMPLATES / "base.typ", tmp_path)
    written = tmp_path / "prueba.typ"
    written.write_text(TEMPLATE, encoding="utf-8")
    monkeypatch.setattr(printing, "_TEMPLATES", tmp_path)
    printing._template.cache_clear()
    yield written
    printing._template.cache_clear()


def test_what_somebody_typed_is_text_whatever_it_holds(template):
    made = printing.pdf("prueba", {"name": NASTY, "words": NASTY}, title=NASTY, at=AT)

    assert made.startswith(b"%PDF")
    assert b"pdfuaid:part>1<" in made
    assert made == printing.pdf("prueba", {"name": NASTY, "words": NASTY}, title=NASTY, at=AT)


def test_a_sign_that_no_font_has_is_one_square():
    assert printing.as_printed({"a": ["👩🏽‍🌾 y 漢", 3]}) == {"a": ["□ y □", 3]}
    assert printing.as_printed("José Ñ. Şükrü") == "José Ñ. Şükrü"


def test_a_picture_without_its_words_is_refused(template):
    template.write_text(TEMPLATE + '#image("qr.svg")', encoding="utf-8")
    pictures = {"qr.svg": printing.qr("https://example.mx/a")}
    data = {"name": "a", "words": "b"}

    with pytest.raises(typst.TypstError):
        printing.pdf("prueba", data, title="a", at=AT, pictures=pictures)

    template.write_text(TEMPLATE + '#image("qr.svg", alt: "código")', encoding="utf-8")
    printing._template.cache_clear()
    assert printing.pdf("prueba", data, title="a", at=AT, pictures=pictures)


def test_a_training_copy_says_so_on_paper(template, settings):
    data = {"name": "a", "words": "b"}
    real = printing.pdf("prueba", data, title="a", at=AT)

    settings.CONOCELES_TRAINING = True

    assert printing.pdf("prueba", data, title="a", at=AT) != real
