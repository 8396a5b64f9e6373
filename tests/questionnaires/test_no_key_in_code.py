"""The code names no question and no section of a questionnaire: their keys are data."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from cms.questionnaires.loading import shipped_definitions

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("api", "bench", "cms", "conoceles_site", "search", "templates")
SUFFIXES = {".css", ".html", ".js", ".py", ".sql", ".txt", ".xml"}
# Files that may name keys: the definitions, the profiles of official files, the made-up answers of
# the demonstration and the benchmarks, and the migrations, which upgrade older installations.
DATA = re.compile(
    r"cms/questionnaires/definitions_data/|cms/imports/profiles_data/|cms/demo/|/migrations/|^bench/generated"
)
QUOTED = r"""["'«]({})["'»]"""
# Places where the same word means something else: (file, word) → its meaning there.
HOMONYMS = {
    ("cms/moderation/models.py", "fotografia"): "the reason of an observation",
    ("conoceles_site/settings/test.py", "x"): "a letter that fills a key",
    ("templates/components/site_header.html", "x"): "an icon",
    ("templates/compiled/portal/search.html", "x"): "an icon",
}


def keys() -> set[str]:
    """The keys of every question and section in the definitions that ship."""
    found: set[str] = set()
    for content in shipped_definitions():
        for section in content["sections"]:
            found |= {section["key"], *(question["key"] for question in section["questions"])}
    return found


def quoted_keys(root: Path) -> Iterator[tuple[str, int, str]]:
    """Yield (file, line, key) for every quoted key in the code below a folder."""
    pattern = re.compile(QUOTED.format("|".join(sorted(keys(), key=len, reverse=True))))
    for room in ROOMS:
        for path in sorted((root / room).rglob("*")):
            name = path.relative_to(root).as_posix()
            if path.suffix not in SUFFIXES or DATA.search(name) or "node_modules" in name:
                continue
            lines = path.read_text(encoding="utf-8").splitlines()
            for number, line in enumerate(lines, 1):
                for match in pattern.finditer(line):
                    yield name, number, match[1]


def test_the_code_names_no_key_of_a_question_or_section() -> None:
    found = list(quoted_keys(ROOT))

    unexpected = [
        f"{name}:{number} «{key}»" for name, number, key in found if (name, key) not in HOMONYMS
    ]
    assert unexpected == []
    assert {(name, key) for name, _number, key in found} == set(HOMONYMS), "a homonym is gone"


@pytest.mark.parametrize(
    ("name", "line", "is_reported"),
    [
        ("cms/portal/profile.py", 'FIRST = {"motivo_cargo": 0}', True),
        ("templates/portal/page.html", "{% if chapter != 'estudios' %}", True),
        ("search/engines/find.sql", "WHERE answer ->> 'pregunta' = 'x'", True),
        ("cms/portal/profile.py", "motive = 'motivo_cargos'", False),
        ("cms/questionnaires/definitions_data/new.json", '"motivo_cargo"', False),
    ],
)
def test_a_key_that_is_written_into_the_code_is_reported(
    tmp_path: Path, name: str, line: str, is_reported: bool
) -> None:
    for room in ROOMS:
        (tmp_path / room).mkdir()
    file = tmp_path / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"\n{line}\n")

    found = [(found_in, number) for found_in, number, _key in quoted_keys(tmp_path)]
    assert found == ([(name, 2)] if is_reported else [])
