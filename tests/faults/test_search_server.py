"""The search server and our processes are killed, or refuse: nothing is lost and nothing remains.

A citizen asks for everything throughout, in a process of their own. Each test ends with what an
operator would do: the server runs again, the worker does the jobs that are due, and
`search_reconcile` finds no difference.
"""

import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from procrastinate.exceptions import AlreadyEnqueued

from cms.published.models import PublishedCandidacy
from conoceles_site import search_server
from conoceles_site.search_server import SearchServer
from conoceles_site.worker import retry_stalled_jobs
from search.engines.elasticsearch import client, index, indexing, schema
from tests import database_server, own_database
from tests.faults import public_rows
from tests.faults.citizen import EVERYBODY, Answer, Citizen
from tests.faults.searched import (
    Held,
    assert_nothing_differs,
    forget_heartbeats,
    jobs,
    manage,
    work,
)
from tests.search.faulty_server import faulty_server
from tests.search_server import started
from tests.waiting import wait_until

# The slowest answers are measured.
pytestmark = pytest.mark.alone

DATABASE = "searched"
ROWS = 30
# How many rounds say how slow PostgreSQL is by itself.
MEASURED = 8
# A machine of two cores also starts and kills servers meanwhile.
MARGIN_SECONDS = 0.5


@pytest.fixture(scope="module")
def env(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, str]]:
    """A database that every process of these tests uses, where what is committed stays."""
    env = own_database.create(DATABASE, tmp_path_factory.mktemp("data"))
    within = settings.DATABASES["default"]["NAME"]
    with django_db_blocker.unblock():
        _use(database_server.own_name(DATABASE))
        yield {**env, "DJANGO_SETTINGS_MODULE": "conoceles_site.settings.test"}
        _use(within)
    own_database.drop(DATABASE)


def _use(database: str) -> None:
    connection.close()
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = database


@pytest.fixture(scope="module")
def ids(env: dict[str, str]) -> list[int]:
    """Candidacies whose answers are public."""
    return public_rows.register(ROWS)


@pytest.fixture(scope="module")
def server(
    django_test_environment: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SearchServer]:
    """A search server that these tests kill."""
    folder = tmp_path_factory.mktemp("search")
    yield started(folder)
    if left := search_server.running(folder):
        left.stop()


@pytest.fixture(scope="module")
def asking(env: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Citizen]:
    citizen = Citizen(env, tmp_path_factory.mktemp("citizen") / "site.log")
    yield citizen
    citizen.leave()


@pytest.fixture(scope="module")
def slowest_of_postgresql(asking: Citizen, ids: list[int]) -> float:
    """Seconds of the slowest answer of an installation without a search server."""
    public_rows.publish(ids)
    asking.begin("", _address(ids[0]))
    before = len(asking.rounds)
    wait_until(lambda: len(asking.rounds) >= before + MEASURED, what="the citizen waits")
    answers = asking.pause()
    assert {answer.status for answer in answers} == {200}
    return max(answer.seconds for round_ in asking.rounds[before:] for answer in round_)


def _address(candidacy_id: int) -> str:
    row = PublishedCandidacy.objects.get(pk=candidacy_id)
    return f"{row.pk}/{row.slug}"


@pytest.fixture
def well(
    env: dict[str, str],
    ids: list[int],
    server: SearchServer,
    slowest_of_postgresql: float,
    settings: Any,
) -> SearchServer:
    """The server runs, and its index holds every public row."""
    search_server.start(server.folder)
    settings.ELASTICSEARCH_URL = server.url
    client.forget()
    public_rows.publish(ids)
    for name in index.ours():
        index.remove(name)
    indexing.rebuild()
    return server


@dataclass
class Scene:
    """A citizen who asks, and what they must be shown.

    Attributes:
        public: the candidacies that are public now.
        since: from when on.
    """

    citizen: Citizen
    public: list[int]
    since: float = 0.0

    def withdraw(self, number: int) -> list[int]:
        """Withdraw the last candidacies: from the commit on nothing shows or counts them."""
        gone = self.public[-number:]
        public_rows.withdraw(gone)
        self.public, self.since = self.public[:-number], time.monotonic()
        return gone

    def change(self, number: int) -> None:
        """Correct the age of the first candidacies."""
        public_rows.change(self.public[:number])

    def is_right(self) -> None:
        """Whoever asks now is shown and told of exactly those who are public."""
        _assert_shows(self.citizen.goes_round(), self.public)


@pytest.fixture
def scene(
    well: SearchServer, asking: Citizen, ids: list[int], slowest_of_postgresql: float
) -> Iterator[Callable[[str], Scene]]:
    """A scene with a citizen whose site has a search server at some address."""
    begun: list[Scene] = []

    def begin(url: str) -> Scene:
        asking.begin(url, _address(ids[0]))
        begun.append(Scene(asking, list(ids)))
        return begun[0]

    yield begin
    answers = asking.pause()
    assert {answer.status for answer in answers} == {200}
    slowest = max(answers, key=lambda answer: answer.seconds)
    most = settings.ELASTICSEARCH_SECONDS + slowest_of_postgresql + MARGIN_SECONDS
    assert slowest.seconds <= most, slowest
    [whole] = begun
    for answer in answers:
        if answer.began > whole.since:
            assert set(answer.shown) <= set(whole.public), answer.what


def _assert_shows(answers: Sequence[Answer], public: Sequence[int]) -> None:
    by_name = {answer.what: answer for answer in answers}
    assert {answer.status for answer in answers} == {200}
    assert by_name[EVERYBODY].shown == sorted(public)
    for answer in (by_name[EVERYBODY], by_name["facetas"]):
        assert answer.total == len(public)
        counted = {name: sum(values.values()) for name, values in answer.facets.items()}
        assert counted == dict.fromkeys(answer.facets, len(public))
    for what in ("página", "fragmento", "sugerencias", "candidatura", "dentro"):
        assert set(by_name[what].shown) <= set(public), what
        assert by_name[what].shown, what
    assert set(by_name["similares"].shown) <= set(public)


def test_the_server_is_killed_while_candidacies_are_published_changed_and_withdrawn(
    well: SearchServer, scene: Callable[[str], Scene], capfd: Any, caplog: Any
) -> None:
    now = scene(well.url)
    now.is_right()
    search_server.start(well.folder).kill()
    now.change(2)
    gone = now.withdraw(3)
    now.is_right()
    capfd.readouterr()

    work()

    assert jobs() == ["todo"] * 5
    assert "Persona" not in "".join([*capfd.readouterr(), caplog.text])
    [down, *_others] = manage("search_doctor")["problems"]
    assert "no contesta (ConnectionError)" in down
    search_server.start(well.folder)
    now.is_right()
    differing = manage("search_doctor")
    assert (differing["stale"], differing["gone"]) == (2, len(gone))
    work()
    assert jobs() == []
    assert_nothing_differs(ROWS - 3)
    now.is_right()


def test_the_server_is_killed_in_the_middle_of_a_rebuild(
    well: SearchServer, scene: Callable[[str], Scene], env: dict[str, str]
) -> None:
    now = scene(well.url)
    before = index.ours()
    with Held(_with(env, well), database_server.own_name(DATABASE), "search_rebuild") as rebuild:
        rebuild.make_the_index()
        search_server.start(well.folder).kill()
        gone = now.withdraw(2)
        assert rebuild.go_on() == 1
    now.is_right()

    search_server.start(well.folder)

    assert set(before) < set(index.ours())
    assert set(gone) < set(index.marks(schema.alias()))
    now.is_right()
    assert manage("search_rebuild")["documents"] == ROWS - 2
    work()
    assert not set(before) & set(index.ours())
    assert_nothing_differs(ROWS - 2)
    now.is_right()


def test_the_process_of_a_rebuild_is_killed_and_changes_go_to_both_indexes(
    well: SearchServer, scene: Callable[[str], Scene], env: dict[str, str]
) -> None:
    now = scene(well.url)
    with Held(_with(env, well), database_server.own_name(DATABASE), "search_rebuild") as rebuild:
        rebuild.make_the_index()
    now.change(2)
    now.is_right()
    work()

    assert indexing.difference() == indexing.Difference(documents=ROWS)
    [problem] = manage("search_doctor")["problems"]
    assert "Una reconstrucción quedó a medias" in problem
    manage("search_rebuild")
    assert len(index.ours()) == 1
    assert_nothing_differs(ROWS)
    now.is_right()


def test_a_worker_is_killed_while_it_writes_what_was_published(
    well: SearchServer, scene: Callable[[str], Scene], env: dict[str, str]
) -> None:
    now = scene(well.url)
    now.withdraw(1)
    worker = ("procrastinate", "worker", "--one-shot", "--queues", indexing.QUEUE)
    with Held(_with(env, well), database_server.own_name(DATABASE), *worker):
        now.is_right()

    assert jobs() == ["doing"]
    now.is_right()
    forget_heartbeats()
    with suppress(AlreadyEnqueued):  # A worker that starts enqueues it too.
        retry_stalled_jobs.defer(timestamp=0)  # type: ignore[call-arg]
    work("default")
    work()
    assert jobs() == []
    assert_nothing_differs(ROWS - 1)
    now.is_right()


def test_a_full_disk_keeps_changes_waiting(
    well: SearchServer, scene: Callable[[str], Scene]
) -> None:
    now = scene(well.url)
    _block(value=True)
    now.change(1)
    now.withdraw(1)
    work()
    assert jobs() == ["todo"] * 2
    assert "Libera espacio" in manage("search_doctor")["problems"][0]
    now.is_right()

    _block(value=None)
    work()

    assert_nothing_differs(ROWS - 1)
    now.is_right()


def test_a_red_index_keeps_changes_waiting_and_a_rebuild_replaces_it(
    well: SearchServer, scene: Callable[[str], Scene], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index, "SHARD_SECONDS", 1)
    now = scene(well.url)
    _lose_the_shards(well.folder)
    now.is_right()
    now.withdraw(2)
    work()
    assert jobs() == ["todo"] * 2
    assert "El índice está en rojo" in manage("search_doctor")["problems"][0]
    now.is_right()

    manage("search_rebuild")
    work()

    assert_nothing_differs(ROWS - 2)
    now.is_right()


@pytest.mark.parametrize("fault", ["html", "cut", "late", "sluggish", "dripping"])
def test_what_stands_before_the_server_is_slow_or_answers_nonsense(
    well: SearchServer, scene: Callable[[str], Scene], settings: Any, fault: str
) -> None:
    with faulty_server(well.url) as between:
        settings.ELASTICSEARCH_URL = between.url
        now = scene(between.url)
        now.is_right()
        between.fault = fault
        now.is_right()
        now.withdraw(1)
        if fault in {"html", "cut"}:  # The worker has more patience than citizens.
            work()
        assert jobs() == ["todo"]
        now.is_right()
        between.fault = ""
        work()
        assert jobs() == []
        assert_nothing_differs(ROWS - 1)
        now.is_right()
        now.citizen.pause()


def _with(env: dict[str, str], server: SearchServer) -> dict[str, str]:
    return {**env, "ELASTICSEARCH_URL": server.url}


def _block(*, value: bool | None) -> None:
    index.patient().indices.put_settings(
        index=schema.alias(), settings={"index.blocks.read_only_allow_delete": value}
    )


def _lose_the_shards(folder: Path) -> None:
    """Make the index red: the files of its shards are lost while it is closed."""
    indices = index.patient().indices
    [of_index] = indices.get_settings(index=schema.alias()).values()
    indices.close(index=schema.alias())
    [shard] = folder.glob(f"data/**/indices/{of_index['settings']['index']['uuid']}/0")
    shutil.rmtree(shard)
    indices.open(index=schema.alias(), wait_for_active_shards="0")
    wait_until(
        lambda: index.patient().cluster.health(index=schema.alias())["status"] == "red",
        what="the index is not red",
    )
