"""What collecting makes of static files, and how they are served where there is no Caddy."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import brotli
import pytest
from django.conf import settings
from django.core.files.storage import FileSystemStorage
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.test import RequestFactory, override_settings

from cms.portal.templatetags.portal import icon
from conoceles_site import static_files
from tests.database_server import ROOT

OWN = ROOT / "conoceles_site" / "static"
STORAGE = {"staticfiles": {"BACKEND": "conoceles_site.static_files.StaticFiles"}}
IMPORT = re.compile(r'@import url\("([^"]+)"\)')


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    root = tmp_path_factory.mktemp("reunidos") / "static"
    with override_settings(
        STATIC_ROOT=root,
        STORAGES={**settings.STORAGES, **STORAGE},
        WHITENOISE_USE_FINDERS=False,
        WHITENOISE_AUTOREFRESH=False,
    ):
        static_files.collect(root)
        yield root


def hashed(name: str) -> str:
    """The name that a file was collected with."""
    return static(name).removeprefix("/static/")


def served(path: str, **headers: str) -> HttpResponse:
    """What the middleware answers; 418 if it leaves the request to others."""
    middleware = static_files.StaticFilesMiddleware(lambda _request: HttpResponse(status=418))
    return middleware(RequestFactory().get(path, headers=headers))


def body(response: Any) -> bytes:
    return b"".join(response.streaming_content)


def test_the_site_has_one_style_sheet_with_the_rules_of_all(collected: Path) -> None:
    written = (collected / hashed("css/site.css")).read_text()
    assert "@import" not in written
    names = IMPORT.findall((OWN / "css/site.css").read_text())
    assert len(names) > 20
    place = 0
    for name in names:
        rules = re.sub(r"/\*.*?\*/\s*", "", (OWN / "css" / name).read_text(), flags=re.DOTALL)
        last = rules.strip().splitlines()[-2]
        place = written.index(last, place)
    assert written.startswith("@layer tokens, base, layout, components, utilities, print;")
    assert written.count("@layer components {") == len([n for n in names if "/" in n])
    assert "@media print {\n@layer print {" in written


def test_the_fonts_that_a_page_preloads_are_those_of_the_style_sheet(collected: Path) -> None:
    page = render_to_string("500.html") + render_to_string("base.html")
    preloaded = re.findall(r'<link rel="preload" href="/static/([^"]+)"', page)
    sheet = (collected / hashed("css/site.css")).read_text()
    used = re.findall(r'url\("\.\./(fonts/[^"]+)"\)', sheet)
    assert sorted(preloaded) == sorted(used)
    assert len(used) == 2
    assert all((collected / font).exists() for font in used)


def test_every_file_that_a_page_names_carries_the_hash_of_its_content(collected: Path) -> None:
    page = render_to_string("base.html") + icon("search")
    named = re.findall(r'"/static/([^"#]+)[#"]', page)
    assert {name.partition(".")[0] for name in named} >= {"css/site", "js/portal", "icons/sprite"}
    for name in named:
        assert static_files.HASHED.search(name), name
        found = served(f"/static/{name}")
        assert found.status_code == 200
        assert found["Cache-Control"] == "max-age=31536000, public, immutable"
        assert found["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [("gzip, deflate, br, zstd", "br"), ("gzip", "gzip"), ("identity", None), ("", None)],
)
def test_files_are_sent_as_they_were_compressed(collected: Path, accepted, encoding) -> None:
    found = served(f"/static/{hashed('css/site.css')}", accept_encoding=accepted)
    assert found.get("Content-Encoding") == encoding
    assert found["Vary"] == "Accept-Encoding"
    if encoding == "br":
        assert brotli.decompress(body(found)) == (collected / hashed("css/site.css")).read_bytes()


def test_a_file_without_a_hash_or_with_another_one_is_not_kept_for_long(collected: Path) -> None:
    assert served("/static/css/site.css")["Cache-Control"] == "max-age=60, public"
    assert served("/static/css/site.000000000000.css").status_code == 418


def test_addresses_that_are_no_files_are_left_to_others(collected: Path) -> None:
    for path in ("/", "/static/", "/static/../manage.py", "/static/%00", "/staticcss/site.css"):
        assert served(path).status_code == 418, path


def test_collecting_again_is_for_files_that_changed(collected: Path, monkeypatch) -> None:
    def fail(*_args: object, **_options: object) -> None:
        raise AssertionError("collected again")

    monkeypatch.setattr(static_files, "call_command", fail)
    static_files.collect(collected)
    digest = collected.with_name("static.digest")
    digest.write_text("of other files")
    with pytest.raises(AssertionError, match="collected again"):
        static_files.collect(collected)
    assert not digest.exists()


@pytest.mark.parametrize(
    "text", ['.a { background: url("flor.svg"); }', '@import url("b.css") layer(x);']
)
def test_a_style_sheet_whose_addresses_would_break_is_refused(tmp_path: Path, text) -> None:
    (tmp_path / "css/components").mkdir(parents=True)
    shutil.copy(OWN / "css/print.css", tmp_path / "css/print.css")
    (tmp_path / "css/components/a.css").write_text(text)
    (tmp_path / "css/site.css").write_text('@import url("components/a.css") layer(components);')
    source = FileSystemStorage(tmp_path)
    names = ("css/site.css", "css/components/a.css")
    storage = static_files.StaticFiles(location=tmp_path / "reunidos", base_url="/static/")
    with pytest.raises(static_files.ImportCannotMove, match=r"components/a\.css"):
        list(storage.post_process({name: (source, name) for name in names}))
