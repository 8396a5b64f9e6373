"""Functions and files are short enough to be read at once; tests assert exact outcomes."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.database_server import ROOT

LONGEST_FUNCTION = 50
LONGEST_FILE = 500
FOLDERS = ("cms", "search", "api", "conoceles_site", "bench", "tests")
CODE = sorted(
    path
    for folder in FOLDERS
    for path in (ROOT / folder).rglob("*.py")
    if "migrations" not in path.parts
)
TESTS = [path for path in CODE if path.is_relative_to(ROOT / "tests")]
COMMITTED = "the fixture «committed»"
# What no test uses → what to use instead. Some are vague; the others empty every table when they
# end, even of what the migrations wrote, so that the tests after them fail.
REFUSED = {
    "max_num_queries": "django_assert_num_queries",
    "raises(Exception)": "the error's class",
    "transaction=True": COMMITTED,
    "transactional_db": COMMITTED,
    "TransactionTestCase": COMMITTED,
    "live_server": COMMITTED,
}
WAITS = ROOT / "tests" / "waiting.py"


def _functions(path: Path) -> Iterator[tuple[str, int]]:
    """The name and the number of lines of each function of a file."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, (node.end_lineno or node.lineno) - node.lineno + 1


def _calls(path: Path) -> set[str]:
    """Every name that a file calls, such as `time.sleep`."""
    calls = (
        node.func
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
    )
    return {ast.unparse(function) for function in calls}


def test_no_function_is_long() -> None:
    long = [
        f"{path.relative_to(ROOT)}: {name}, {lines}"
        for path in CODE
        for name, lines in _functions(path)
        if lines > LONGEST_FUNCTION
    ]
    assert len(CODE) > len(FOLDERS)
    assert long == []


def test_no_file_is_long() -> None:
    lines = {
        path.relative_to(ROOT).as_posix(): len(path.read_text(encoding="utf-8").splitlines())
        for path in CODE
    }
    assert {name: count for name, count in lines.items() if count > LONGEST_FILE} == {}


@pytest.mark.parametrize("refused", REFUSED)
def test_no_test_is_vague_or_empties_the_database_of_the_others(refused: str) -> None:
    found = [
        str(path.relative_to(ROOT))
        for path in TESTS
        if path != Path(__file__) and refused in path.read_text(encoding="utf-8")
    ]
    assert found == [], f"use {REFUSED[refused]}"


def test_only_waiting_py_sleeps() -> None:
    sleeping = [
        str(path.relative_to(ROOT))
        for path in TESTS
        for call in _calls(path)
        if call.endswith(("sleep", "wait_for_timeout"))
    ]
    assert set(sleeping) == {str(WAITS.relative_to(ROOT))}
