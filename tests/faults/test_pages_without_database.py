"""PostgreSQL is killed while the site is read: what is kept is answered, the rest has to wait.

The site is real, with two processes, and so are its readers: one in each process reads what is
kept, another one what never was. PostgreSQL is a cluster of these tests' own, since it is killed.
"""

import contextlib
import http.client
import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import psycopg
import pytest

from conoceles_site import embedded_postgres
from tests import own_database
from tests.faults import own_cluster
from tests.faults.own_cluster import folder_of
from tests.site.servers import gunicorn
from tests.site.workers import Answer, Reader, readers
from tests.waiting import wait_until

# How soon after PostgreSQL is back everything must be answered again is measured.
pytestmark = pytest.mark.alone

DATABASE = "killed"
CANDIDACIES = 6
# Those that are withdrawn right before PostgreSQL dies, and right after it is back.
BEFORE, AFTER = 0, 1
BACK_SECONDS = 3
# How many rounds of every reader the outage lasts, at least.
ROUNDS = 15
RETRY = "vuelve a intentarlo en 10 segundos"


@pytest.fixture(scope="module")
def env(
    django_db_setup: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, str]]:
    """A migrated cluster of its own, with candidacies."""
    with own_cluster.running(DATABASE, tmp_path_factory.mktemp("killed")) as env:
        made = subprocess.run(
            [sys.executable, "-m", "tests.faults.scene", str(CANDIDACIES)],
            cwd=own_database.ROOT,
            env=env,
            capture_output=True,
            text=True,
            check=False,
        )
        assert made.returncode == 0, made.stderr
        assert len(json.loads(made.stdout)["submissions"]) == CANDIDACIES
        yield env


def committed(env: dict[str, str], statement: str, *values: Any) -> list[Any]:
    """What a statement returns, once it is committed."""
    info = embedded_postgres.connection_info(folder_of(env))
    with psycopg.connect(info, autocommit=True) as connection:
        cursor = connection.execute(statement.encode(), values)
        return cursor.fetchall() if cursor.description else []


def withdraw(env: dict[str, str], number: int) -> None:
    """Take a candidacy out of what is public."""
    committed(env, "delete from published_publishedcandidacy where candidacy_id = %s", number)


@dataclass
class Witness:
    """Somebody who reads page after page, on one connection, until told to stop.

    Attributes:
        addresses: what is asked, in turns.
        seen: when each answer was asked for (monotonic), its address, and the answer itself.
    """

    reader: Reader
    addresses: Iterator[str]
    seen: list[tuple[float, str, Answer]] = field(default_factory=list)
    broken: list[Exception] = field(default_factory=list)
    _stopping: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        for address in self.addresses:
            if self._stopping.is_set():
                return
            asked = time.monotonic()
            try:
                self.seen.append((asked, address, self.reader.ask(address)))
            except (OSError, http.client.HTTPException) as error:
                self.broken.append(error)
                return

    def since(self, instant: float) -> list[tuple[str, Answer]]:
        """What was answered to requests that began after an instant."""
        return [(address, answer) for asked, address, answer in self.seen if asked > instant]

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join(60)


def again_and_again(addresses: list[str]) -> Iterator[str]:
    while True:
        yield from addresses


def never_asked(kind: str) -> Iterator[str]:
    """Searches, on the page and in the API, that nobody has made before."""
    for number in count():
        yield f"/buscar/?q={kind}{number}"
        yield f"/api/v1/candidaturas/?q={kind}{number}"


@dataclass(frozen=True)
class Site:
    """A running site, with readers in each process: of kept pages, of new ones, and a checker.

    Attributes:
        pages: candidacy id → address.
        kept: the pages that are always there.
    """

    env: dict[str, str]
    pages: dict[int, str]
    kept: list[str]
    of_kept: list[Reader]
    of_new: list[Reader]
    checking: list[Reader]


@pytest.fixture
def site(env: dict[str, str]) -> Iterator[Site]:
    rows = committed(
        env, "select candidacy_id, slug from published_publishedcandidacy order by candidacy_id"
    )
    pages = {number: f"/candidaturas/{number}/{slug}/" for number, slug in rows}
    always = [page for place, page in enumerate(pages.values()) if place > AFTER]
    with contextlib.ExitStack() as stack:
        process, port = stack.enter_context(gunicorn(env))
        first = stack.enter_context(readers(process.pid, port))
        second = stack.enter_context(readers(process.pid, port))
        checking = stack.enter_context(readers(process.pid, port))
        for reader in first:
            for address in [*pages.values()] * 2:
                assert reader.ask(address).status == 200
        yield Site(env, pages, always, first, second, checking)


def test_what_is_kept_is_answered_while_postgresql_is_dead_and_nothing_is_stale(site: Site) -> None:
    withdrawn, later = list(site.pages)[BEFORE], list(site.pages)[AFTER]
    of_kept = [Witness(reader, again_and_again(site.kept)) for reader in site.of_kept]
    of_new = [
        Witness(reader, never_asked(f"palabra{place}x")) for place, reader in enumerate(site.of_new)
    ]
    witnesses = of_kept + of_new
    wait_until(lambda: all(one.seen for one in witnesses), what="nobody reads")

    withdraw(site.env, withdrawn)
    own_cluster.kill(site.env)
    dead = time.monotonic()
    wait_until(
        lambda: all(len(one.since(dead)) > ROUNDS or one.broken for one in witnesses),
        what="the readers wait",
    )
    alive = time.monotonic()
    embedded_postgres.start(folder_of(site.env))
    back = time.monotonic()
    withdraw(site.env, later)
    at_once = [reader.ask(site.pages[later]).status for reader in site.checking]
    wait_until(
        lambda: all(one.since(back + BACK_SECONDS) or one.broken for one in witnesses),
        what="the readers wait",
    )
    for witness in witnesses:
        witness.stop()

    assert [error for one in witnesses for error in one.broken] == []
    assert_kept_pages_were_always_there(of_kept)
    assert_new_ones_were_asked_to_wait(of_new, dead, alive, back)
    assert set(at_once) <= {404, 503}
    for reader in site.checking:
        answers = [reader.ask(site.pages[number]) for number in (withdrawn, later)]
        assert [answer.status for answer in answers] == [404, 404]


def assert_kept_pages_were_always_there(witnesses: list[Witness]) -> None:
    other = [
        (address, answer.status)
        for one in witnesses
        for _asked, address, answer in one.seen
        if answer.status != 200
    ]
    assert other == []


def assert_new_ones_were_asked_to_wait(
    witnesses: list[Witness], dead: float, alive: float, back: float
) -> None:
    """503 with words while PostgreSQL was dead, never 500, and 200 soon after it was back."""
    for witness in witnesses:
        assert {answer.status for _asked, _address, answer in witness.seen} == {200, 503}
        during = [answer for asked, _address, answer in witness.seen if dead < asked < alive]
        assert {answer.status for answer in during} == {503}
        for answer in during:
            assert int(answer.headers["retry-after"]) > 0
            assert answer.headers["cache-control"] == "no-store"
            assert RETRY in answer.text.lower()
        after = witness.since(back + BACK_SECONDS)
        assert {answer.status for _address, answer in after} == {200}
