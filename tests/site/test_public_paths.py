"""The addresses of public pages are written in one module, which both halves of the site use."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.template import Context, Template
from django.urls import resolve

from cms.catalogs.public_paths import CANDIDACY, MUNICIPALITY, PHOTOGRAPH, PUBLIC_PATHS, SEARCH

ROOT = Path(__file__).resolve().parents[2]
# «/buscar», «/municipios», «/actores.css»…; «portal/sitemap.xml» is the name of a template.
FIRST_PARTS = {page.route.split("<")[0].rstrip("/") for page in PUBLIC_PATHS.values()} - {""}
SPELT = re.compile(rf"(?<!portal)/(?:{'|'.join(map(re.escape, FIRST_PARTS))})(?![\w-])")
WHERE_SPELT = ROOT / "cms" / "catalogs" / "public_paths.py"


def _tracked(*endings: str) -> Iterator[Path]:
    names = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "--", *(f"*{end}" for end in endings)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    for name in names:
        if not name.startswith(("tests/", "bench/")) and "/migrations/" not in name:
            yield ROOT / name


def _texts_of(source: str) -> Iterator[str]:
    """The strings of a module without its docstrings; of an f-string, the fixed parts."""
    nodes = list(ast.walk(ast.parse(source)))
    docstrings = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
    for node in nodes:
        if id(node) in docstrings or not isinstance(node, ast.Constant):
            continue
        if isinstance(node.value, str):
            yield node.value


def test_no_other_module_spells_a_public_address():
    spelt = {
        path.relative_to(ROOT).as_posix(): found
        for path in _tracked(".py")
        if path != WHERE_SPELT
        and (found := [text for text in _texts_of(path.read_text("utf-8")) if SPELT.search(text)])
    }
    assert spelt == {}


def test_no_template_and_no_script_spells_a_public_address():
    spelt = {
        path.relative_to(ROOT).as_posix(): found[0]
        for path in _tracked(".html", ".xml", ".txt", ".js")
        if "vendor" not in path.parts and (found := SPELT.search(path.read_text("utf-8")))
    }
    assert spelt == {}


def test_the_portal_serves_the_address_that_a_link_has():
    assert SEARCH.path() == "/buscar/"
    assert MUNICIPALITY.path("san-pedro") == "/municipios/san-pedro/"
    assert CANDIDACY.path(12, "ana-ruiz") == "/candidaturas/12/ana-ruiz/"
    photograph = "0a1b2c3d-0a1b-0a1b-0a1b-0a1b2c3d4e5f-s.jpg"
    for page, values, kept in (
        (SEARCH, (), {}),
        (MUNICIPALITY, ("san-pedro",), {"slug": "san-pedro"}),
        (CANDIDACY, (12, "ana-ruiz"), {"candidacy_id": 12, "slug": "ana-ruiz"}),
        (PHOTOGRAPH, (photograph,), {"name": photograph}),
    ):
        match = resolve(page.path(*values))
        assert (match.url_name, match.kwargs) == (page.name, kept)


def test_a_value_cannot_change_the_rest_of_an_address():
    assert MUNICIPALITY.path("../admin?a=1#b") == "/municipios/..%2Fadmin%3Fa%3D1%23b/"


@pytest.mark.parametrize("values", [(), (12,), (12, "ana", "otra")])
def test_an_address_needs_a_value_for_each_of_its_arguments(values):
    with pytest.raises(TypeError, match="«candidacy» takes 2 values"):
        CANDIDACY.path(*values)


@pytest.mark.parametrize(
    ("serves", "base", "expected"),
    [
        (True, "", "/municipios/torreon/"),
        (True, "https://conoceles.example.mx", "/municipios/torreon/"),
        (False, "https://conoceles.example.mx", "https://conoceles.example.mx/municipios/torreon/"),
        (False, "", ""),
    ],
)
def test_a_template_of_either_half_links_to_a_public_page(settings, serves, base, expected):
    settings.SERVE_PUBLIC_SITE, settings.PUBLIC_BASE_URL = serves, base
    template = Template('{% public_page "municipality" slug %}')
    assert template.render(Context({"slug": "torreon"})) == expected
