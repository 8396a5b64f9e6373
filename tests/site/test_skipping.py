"""Tests whose file or program is absent are skipped on a laptop, and fail in CI."""

import json
import os
import subprocess
import sys

import pytest

from tests.database_server import ROOT

# A test of each place that may skip → what makes absent what it needs.
ABSENT = {
    "tests/search/test_official_file.py::test_facets_come_in_a_neutral_order": (
        "from tests import conftest; conftest.OFFICIAL_FILE = ROOT / 'absent.csv'"
    ),
    "tests/site/test_roles.py::test_one_process_may_serve_both_halves": (
        "os.environ['PATH'] = str(ROOT / 'absent')"
    ),
    "tests/site/test_debian_postgres.py::test_two_migrations_of_an_empty_database_both_succeed": (
        "from tests.site import test_debian_postgres; test_debian_postgres.OLDEST = 1_000_000"
    ),
}
# Runs these tests; prints the exit status, and how the preparation of each test ended.
RUN = f"""
import json
import os
import pytest
from tests.database_server import ROOT

class Absent:
    def __init__(self):
        self.outcomes = {{}}

    def pytest_collection_finish(self):
        {"; ".join(ABSENT.values())}

    def pytest_runtest_logreport(self, report):
        self.outcomes.setdefault(report.nodeid, report.outcome)

absent = Absent()
status = pytest.main(["-q", "-p", "no:xdist", *{list(ABSENT)}], plugins=[absent])
print()
print(json.dumps([status, absent.outcomes]))
"""


@pytest.mark.parametrize(
    ("ci", "status", "outcome"),
    [({}, 0, "skipped"), ({"CI": "1"}, 1, "failed")],
    ids=["laptop", "CI"],
)
def test_what_is_absent_is_skipped_on_a_laptop_and_fails_in_ci(
    ci: dict[str, str], status: int, outcome: str
) -> None:
    # The pytest that runs inside must not take itself for a worker of this one.
    ours = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    ours.pop("CI", None)
    done = subprocess.run(
        [sys.executable, "-c", RUN],
        cwd=ROOT,
        env=ours | ci,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]

    assert json.loads(done.stdout.splitlines()[-1]) == [status, dict.fromkeys(ABSENT, outcome)]
