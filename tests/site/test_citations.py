"""`make lint` refuses citations of documents that are not in the repository, and only those."""

import subprocess
from pathlib import Path

import pytest

from conoceles_site import citations

ROOT = Path(__file__).resolve().parents[2]
SOURCES = """# Fuentes

| nombre corto | nombre completo |
|---|---|
| Lineamientos | Lineamientos para el uso del Sistema |
| LGIPE | Ley General de Instituciones y Procedimientos Electorales |
"""
FILES = {
    "docs/fuentes.md": SOURCES,
    "docs/adr/0007-when-things-are-public.md": "# 0007\n",
    "README.md": "# Conóceles\n",
    "cms/catalogs/models.py": "class Process:\n    slug = ''\n",
    "cms/catalogs/__init__.py": "",
    ".gitignore": "var/\n",
    "var/notes.md": "Nobody else has this.\n",
}


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    for name, content in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    return tmp_path


def cited(clone: Path, path: str, content: str) -> list[str]:
    target = clone / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(content, encoding="utf-8")
    repository = citations.Repository.at(clone)
    return [problem.cited for problem in citations.problems_of(repository, path)]


@pytest.mark.parametrize(
    ("path", "content", "found"),
    [
        ("cms/a.py", '"""As design.md says."""\n', "design.md"),
        ("cms/a.py", "x = 1  # contract.md, section 4\n", "contract.md"),
        ("cms/a.py", "x = 1\n# Lines of\n# plan-de-trabajo-2024.txt\n", "plan-de-trabajo-2024.txt"),
        ("cms/a.py", "x = 1  # see ../shared/law.md\n", "../shared/law.md"),
        ("cms/a.py", "x = 1  # see /work/shared/law.md\n", "/work/shared/law.md"),
        ("cms/a.py", "x = 1  # ADR 0099\n", "ADR 0099"),
        ("cms/a.py", "x = 1  # ADRs 0007 and 0098\n", "ADR 0098"),
        ("cms/a.py", "x = 1  # ADR 7\n", "ADR 7"),
        ("cms/a.py", "x = 1  # as issue 9 asks\n", "issue 9"),
        ("cms/a.py", "x = 1  # design, section 2\n", "design, section 2"),
        ("cms/a.py", '"""Source: LGIPE 251; work plan 1."""\n', "work plan 1"),
        ("cms/a.py", '"""Source: the rules of somebody."""\n', "rules of somebody"),
        ("cms/a.py", "x = 1  # LGXYZ 12 forbids it\n", "LGXYZ"),
        ("cms/a.py", 'HELP = "Consulta docs/manual.md"\n', "docs/manual.md"),
        ("tests/test_a.py", "x = 1  # see ../shared/data\n", "../shared"),
        ("templates/a.html", "{# See ui.md #}", "ui.md"),
        ("search/a.sql", "-- domain.md §4\n", "domain.md"),
        ("conoceles_site/a.js", "// wagtail-notes.md\n", "wagtail-notes.md"),
        ("conoceles_site/a.css", "/* style.md */\n", "style.md"),
        ("Makefile", "# docs/none.md\n", "docs/none.md"),
        ("pyproject.toml", "# ../shared/stack\n", "../shared"),
        ("docs/a.md", "[ver](nada.md)\n", "nada.md"),
        ("docs/a.md", "[ver](adr/)\n[ver](imagenes/plano.svg)\n", "imagenes/plano.svg"),
        ("docs/a.md", "En `cms/catalogs/nothing.py`.\n", "cms/catalogs/nothing.py"),
        ("docs/a.md", "En `cms.catalogs.models.Nothing`.\n", "cms.catalogs.models.Nothing"),
        ("docs/a.md", "Es de var/notes.md.\n", "var/notes.md"),
    ],
)
def test_a_citation_of_what_a_clone_lacks_is_refused(clone, path, content, found):
    assert found in cited(clone, path, content)


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("cms/a.py", '"""ADR 0007. Source: Lineamientos, art. 18; LGIPE 251 (silence)."""\n'),
        (
            "cms/a.py",
            '"""Source: LGIPE 22. The rest is ours. See docs/adr/0007 and docs/adr/."""\n',
        ),
        ("cms/a.py", 'NAME = "acta.pdf"  # what somebody uploads\n'),
        ("cms/a.py", '"""/robots.txt, and https://example.org/design.md."""\n'),
        ("cms/a.py", "x = 1  # the contract of a layer, and whose design it is; 2 shared cores\n"),
        ("tests/test_a.py", 'OFFICIAL = "../shared/data/file.csv"\n'),
        ("docs/a.md", "[1](../README.md) [2](adr/0007-when-things-are-public.md#x) [3](#y)\n"),
        ("docs/a.md", "[web](https://example.org/a.md), `cms/catalogs/`, `cms.catalogs.models`\n"),
        ("docs/a.md", "`cms.catalogs.models.Process`, `README.md`, docs/fuentes.md\n"),
    ],
)
def test_citations_of_what_a_clone_has_and_texts_that_are_not_citations_pass(clone, path, content):
    assert cited(clone, path, content) == []


def test_lint_says_the_file_the_line_and_the_remedy(clone, capsys):
    (clone / "cms" / "a.py").write_text("x = 1\n\n# As design.md says\n", encoding="utf-8")

    assert citations.main(clone) == 1
    assert capsys.readouterr().out == "cms/a.py:3: «design.md»: no está en el repositorio.\n"

    (clone / "cms" / "a.py").unlink()
    assert citations.main(clone) == 0
    assert capsys.readouterr().out == ""


def test_lint_looks_for_citations():
    assert "-m conoceles_site.citations" in (ROOT / "Makefile").read_text(encoding="utf-8")
