"""A real worker applies files: killed half-way, and asked by two people at once."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from tests import own_database
from tests.waiting import wait_until

DATABASE = "uploads"
WORKER = [sys.executable, "manage.py", "procrastinate", "worker"]
# UPLOAD_ROWS=10000 is the register of a whole state; the rules do not depend on how many rows.
ROWS = int(os.environ.get("UPLOAD_ROWS", "700"))
# Rows of the file that each of them sent.
PEOPLE = {"ana": ROWS, "beto": ROWS + 1}


@pytest.fixture
def env(django_db_setup: None, tmp_path: Path) -> Iterator[dict[str, str]]:
    """A database where Ana and Beto have each sent a file of the same process."""
    env = own_database.create(DATABASE, tmp_path)
    ask(env, "begin", str(ROWS))
    yield env
    own_database.drop(DATABASE)


def ask(env: dict[str, str], *what: str) -> dict[str, str]:
    """Have another process do something to the files; returns what it answers."""
    command = [sys.executable, "-m", "tests.imports.send_uploads", *what]
    done = subprocess.run(
        command, cwd=own_database.ROOT, env=env, check=True, capture_output=True, text=True
    )
    answer: dict[str, str] = json.loads(done.stdout.splitlines()[-1])
    return answer


def work(env: dict[str, str]) -> None:
    subprocess.run([*WORKER, "--one-shot"], cwd=own_database.ROOT, env=env, check=True)


def both_press(env: dict[str, str]) -> tuple[str, str]:
    """Ana and Beto apply their files at the same moment; returns who was first, and who was not."""
    with ThreadPoolExecutor(len(PEOPLE)) as pool:
        said = dict(
            zip(PEOPLE, pool.map(lambda who: ask(env, "apply", who)["answer"], PEOPLE), strict=True)
        )
    (first,) = [who for who in PEOPLE if not said[who]]
    (second,) = [who for who in PEOPLE if said[who]]
    assert f"{first} está aplicando «{first}.xlsx»" in said[second]
    return first, second


def test_a_worker_killed_half_way_leaves_nothing_and_the_next_one_applies_the_whole_file(
    env: dict[str, str],
) -> None:
    work(env)
    assert ask(env, "states") == dict.fromkeys(PEOPLE, "listo")
    first, second = both_press(env)

    with psycopg.connect(env["DATABASE_URL"], autocommit=True) as database:
        killed_while_writing(env, database)
        assert candidacies(database) == 0
        assert ask(env, "states")[first] == "aplicando"
        assert "Escribiendo:" in ask(env, "screen", first)["answer"]
        assert f"{first} está aplicando" in ask(env, "apply", second)["answer"]
        # Meanwhile somebody else sends the file of the first again.
        ask(env, "send", "carla", str(PEOPLE[first]))

        let_the_heart_stop(env, database)
        work(env)

        assert candidacies(database) == PEOPLE[first]
        assert ask(env, "states") == {first: "aplicado", second: "listo", "carla": "listo"}
        # What was checked before the other file came in is checked again, and says so.
        assert "se aplicó otro archivo" in ask(env, "apply", second)["answer"]
        work(env)
        assert ask(env, "apply", second)["answer"] == ""
        work(env)
        assert candidacies(database) == max(PEOPLE.values())
    assert ask(env, "states") == {**dict.fromkeys(PEOPLE, "aplicado"), "carla": "listo"}


def candidacies(database: psycopg.Connection) -> int:
    found = database.execute("select count(*) from candidacies_candidacypage").fetchone()
    assert found is not None
    return int(found[0])


def killed_while_writing(env: dict[str, str], database: psycopg.Connection) -> None:
    """Kill the worker once its progress says that it writes rows."""
    worker = subprocess.Popen(WORKER, cwd=own_database.ROOT, env=env)

    # What the check of a file told before does not count.
    told = """
        select from imports_uploadprogress p join imports_upload u on u.id = p.upload_id
        where u.state = 'aplicando' and p.at > u.state_since and doing = 'Escribiendo' and done > 0
    """

    def writes() -> bool:
        return database.execute(told).fetchone() is not None

    try:
        wait_until(writes, what="no progress was told")
    finally:
        worker.kill()
        worker.wait()


def let_the_heart_stop(env: dict[str, str], database: psycopg.Connection) -> None:
    """Time goes by without a sign of the worker; its job is asked for again, as every minute."""
    database.execute(
        "update procrastinate_workers set last_heartbeat = last_heartbeat - interval '1 minute'"
    )
    rescue = "conoceles_site.worker.retry_stalled_jobs"
    queued = "select from procrastinate_jobs where task_name = %s and status = 'todo'"
    if database.execute(queued, [rescue]).fetchone() is None:
        own_database.run("procrastinate", "defer", rescue, '{"timestamp": 0}', env=env)
    # The rescue runs first; a worker without more to do would end before it returns the job.
    work(env)
