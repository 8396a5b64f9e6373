"""`docs/interface.md` names everything that others may call: variables, commands, addresses…"""

import re
from pathlib import Path

import pytest

from api.urls import urlpatterns as api_patterns
from cms.catalogs.public_paths import PUBLIC_PATHS
from cms.catalogs.search_parameters import RESERVED_PARAMETERS
from cms.imports.report import ImportReport, RowNote, RowProblem

ROOT = Path(__file__).resolve().parents[2]
INTERFACE = (ROOT / "docs" / "interface.md").read_text("utf-8")
READS_VARIABLE = re.compile(
    r"(?:env\.\w+|switch|site_address|required|whole_number|server_address|_text|setdefault)"
    r"\(\s*\"([A-Z][A-Z0-9_]+)\""
)
# Addresses that only our own pages request.
OF_PAGES_ONLY = {"actor_colours", "favicon"}


def named(word: str) -> bool:
    return re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", INTERFACE) is not None


def variables() -> list[str]:
    texts = (path.read_text("utf-8") for path in (ROOT / "conoceles_site").rglob("*.py"))
    return sorted({name for text in texts for name in READS_VARIABLE.findall(text)})


def test_every_variable_of_the_environment_is_named():
    found = variables()
    assert {"CONOCELES_ROLE", "DATABASE_URL", "TIME_ZONE", "PORT"} <= set(found)
    assert [name for name in found if not named(name)] == []


def test_every_target_of_make_is_named():
    targets = re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text("utf-8"), re.M)
    assert "lint" in targets
    assert [name for name in targets if not named(f"make {name}")] == []


def test_every_command_of_ours_is_named():
    ours = (ROOT / "cms", ROOT / "conoceles_site", ROOT / "search")
    commands = {path.stem for room in ours for path in room.rglob("management/commands/[a-z]*.py")}
    assert "load_demo" in commands
    # The worker runs this one each minute in place of Wagtail's command of the same name.
    assert [name for name in sorted(commands - {"publish_scheduled"}) if not named(name)] == []


@pytest.mark.parametrize(
    "written",
    [
        ImportReport(process="pel-2024").as_json(),
        RowProblem(1, "", "", "", "").as_json(),
        RowNote(1, "", None, "").as_json(),
    ],
)
def test_every_key_of_an_import_is_named(written):
    assert [key for key in written if not named(key)] == []


def test_every_public_address_and_parameter_is_named():
    pages = {name: page for name, page in PUBLIC_PATHS.items() if name not in OF_PAGES_ONLY}
    starts = {name: f"/{page.route.split('<')[0]}" for name, page in pages.items()}
    assert [name for name, start in starts.items() if start not in INTERFACE] == []
    assert [name for name in sorted(RESERVED_PARAMETERS) if not named(name)] == []


def test_every_address_of_the_api_is_named():
    routes = [str(pattern.pattern) for pattern in api_patterns]
    starts = [f"/{route.split('<')[0]}" for route in routes if not route.startswith("^")]
    assert "/candidaturas/" in starts
    assert [start for start in starts if start not in INTERFACE] == []
