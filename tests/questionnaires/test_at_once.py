"""Two windows at the same time: no answer is lost without notice, and a draft is sent once."""

import json
import subprocess
import sys
from typing import Any

import pytest

from tests import own_database

DATABASE = "two_windows"
ROUNDS = 8


@pytest.fixture(scope="module")
def seen(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """What both windows saw in each case, on a database of their own."""
    env = own_database.create(DATABASE, tmp_path_factory.mktemp("data"))
    done = subprocess.run(
        [sys.executable, "-m", "tests.questionnaires.at_once", str(ROUNDS)],
        cwd=own_database.ROOT,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    own_database.drop(DATABASE)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_second_of_two_saves_of_the_same_answer_is_refused(seen: Any) -> None:
    assert len(seen["same_answer"]) == ROUNDS
    for found in seen["same_answer"]:
        assert sorted(found["outcomes"]) == sorted([found["stored"], "DraftMoved"])
        assert found["version"] == 2


def test_two_first_saves_of_different_sections_are_both_kept(seen: Any) -> None:
    assert len(seen["first_saves"]) == ROUNDS
    for found in seen["first_saves"]:
        assert found["outcomes"] == ["saved", "saved"]
        assert found["stored"] == [["motivo_cargo", "propuesta_1"]]


def test_a_draft_is_sent_once(seen: Any) -> None:
    assert len(seen["sendings"]) == ROUNDS
    for found in seen["sendings"]:
        assert sorted(found["outcomes"]) == ["NotOpenForCapture", "sent"]
        assert (found["stored"], found["revisions"]) == (1, 1)
