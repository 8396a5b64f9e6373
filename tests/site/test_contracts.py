"""The import contracts hold, and an import against them is refused."""

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LINT = [
    str(Path(sys.executable).parent / "lint-imports"),
    "--no-cache",
    "--config",
    "pyproject.toml",
]


def test_importing_questionnaires_in_the_portal_breaks_the_contract(tmp_path):
    copy = tmp_path / "copy"
    copy.mkdir()
    for name in ("cms", "search", "api", "pyproject.toml"):
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, copy / name)
    before = subprocess.run(LINT, cwd=copy, capture_output=True, text=True, check=False)
    assert before.returncode == 0, before.stdout
    views = copy / "cms" / "portal" / "ballot.py"
    views.write_text(views.read_text() + "\nimport cms.questionnaires.answers\n")
    after = subprocess.run(LINT, cwd=copy, capture_output=True, text=True, check=False)
    assert after.returncode != 0
    assert "BROKEN" in after.stdout
