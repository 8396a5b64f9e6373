"""Two windows at once: nothing is lost unseen, and a draft is sent once."""

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
    """What both windows saw, case by case, on a database of its own."""
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


def test_of_two_saves_of_one_answer_the_second_is_told(seen: Any) -> None:
    assert len(seen["same_answer"]) == ROUNDS
    for one in seen["same_answer"]:
        assert sorted(one["outcomes"]) == sorted([one["stored"], "DraftMoved"])
        assert one["version"] == 2


def test_two_first_saves_of_different_sections_are_both_kept(seen: Any) -> None:
    assert len(seen["first_saves"]) == ROUNDS
    for one in seen["first_saves"]:
        assert one["outcomes"] == ["saved", "saved"]
        assert one["stored"] == [["motivo_cargo", "propuesta_1"]]


def test_a_draft_is_sent_once(seen: Any) -> None:
    assert len(seen["sendings"]) == ROUNDS
    for one in seen["sendings"]:
        assert sorted(one["outcomes"]) == ["NotOpenForCapture", "sent"]
        assert (one["stored"], one["revisions"]) == (1, 1)
