"""Two validators decide a submission at once, in two processes: only one decision counts."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests import own_database

DATABASE = "deciding"
ROUNDS = 20
MIXED_ROUNDS = 5


@pytest.fixture(scope="module")
def scene(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A separate database with submissions under review, and the environment to use it."""
    folder = tmp_path_factory.mktemp("data")
    env = own_database.create(DATABASE, folder)
    made = subprocess.run(
        [sys.executable, "-m", "tests.faults.scene", str(ROUNDS + MIXED_ROUNDS)],
        cwd=own_database.ROOT,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stderr
    yield {"env": env, **json.loads(made.stdout)}
    own_database.drop(DATABASE)


class Desk:
    """A validator who decides in another process."""

    def __init__(self, validator: str, env: dict[str, str], log: Path) -> None:
        self._log = log.open("w")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.approve_at_once", validator],
            cwd=own_database.ROOT,
            env=env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
        )
        assert self._read() == "ready", log.read_text()

    def _read(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()

    def order(self, submission: dict[str, Any], do: str, at: float) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({**submission, "do": do, "at": at}) + "\n")
        self._process.stdin.flush()

    def answer(self) -> dict[str, str]:
        answer: dict[str, str] = json.loads(self._read())
        return answer

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(timeout=60)
        self._log.close()


@pytest.fixture(scope="module")
def desks(scene: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Desk]]:
    """Two validators, in two processes, who wait for orders."""
    folder = tmp_path_factory.mktemp("desks")
    both = [Desk(name, scene["env"], folder / name) for name in scene["validators"]]
    yield both
    for desk in both:
        desk.close()


def at_once(desks: list[Desk], submission: dict[str, Any], *what: str) -> list[dict[str, str]]:
    """Have both decide at the same instant of the machine's clock; return their outcomes."""
    at = time.monotonic() + 0.05
    for desk, do in zip(desks, what, strict=True):
        desk.order(submission, do, at)
    return [desk.answer() for desk in desks]


def left_behind(scene: Any, submission: dict[str, Any]) -> dict[str, int]:
    """What both left in the database: publications, decisions, log entries, revisions, versions."""
    with psycopg.connect(scene["env"]["DATABASE_URL"]) as connection:
        row = connection.execute(
            """
            select
              (select count(*) from wagtailcore_page p where p.id = q.page_id and p.live
                 and p.live_revision_id = s.revision_id),
              (select count(*) from moderation_decision d where d.submission_id = s.id),
              (select count(*) from wagtailcore_pagelogentry l
                 where l.page_id = q.page_id and l.action like 'moderation.%%'),
              (select count(*) from wagtailcore_pagelogentry l
                 where l.page_id = q.page_id and l.action = 'wagtail.publish'),
              (select count(*) from wagtailcore_revision r
                 where r.object_id = q.page_id::text
                 and r.base_content_type_id = rev.base_content_type_id),
              (select version - 1 from published_publishedcandidacy c
                 where c.candidacy_id = q.candidacy_id)
            from questionnaires_submission s
            join questionnaires_questionnaire q on q.id = s.questionnaire_id
            join wagtailcore_revision rev on rev.id = s.revision_id
            where s.id = %s
            """,
            [submission["id"]],
        ).fetchone()
    names = ("published", "decisions", "entries", "wagtail_entries", "revisions", "rewritten")
    assert row is not None
    return dict(zip(names, row, strict=True))


@pytest.mark.parametrize("number", range(ROUNDS))
def test_two_approvals_at_once_publish_once(scene: Any, desks: list[Desk], number: int) -> None:
    submission = scene["submissions"][number]

    answers = at_once(desks, submission, "approve", "approve")

    assert sorted(answer["outcome"] for answer in answers) == ["AlreadyDecided", "done"]
    refusal = next(answer for answer in answers if answer["outcome"] != "done")
    assert refusal["explanation"].startswith(
        "Otra persona ya decidió este envío. No se cambió nada"
    )
    assert left_behind(scene, submission) == {
        "published": 1,
        "decisions": 1,
        "entries": 1,
        "wagtail_entries": 0,
        "revisions": 1,
        "rewritten": 1,
    }


@pytest.mark.parametrize("number", range(ROUNDS, ROUNDS + MIXED_ROUNDS))
def test_of_an_approval_and_a_return_at_once_only_one_counts(
    scene: Any, desks: list[Desk], number: int
) -> None:
    submission = scene["submissions"][number]

    answers = at_once(desks, submission, "approve", "return")

    assert sorted(answer["outcome"] for answer in answers) == ["AlreadyDecided", "done"]
    left = left_behind(scene, submission)
    approved = answers[0]["outcome"] == "done"
    assert (left["published"], left["rewritten"]) == ((1, 1) if approved else (0, 0))
    assert (left["decisions"], left["entries"]) == (1, 1)
