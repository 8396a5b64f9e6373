"""Two servers, each with two processes, on one database: none shows what another has withdrawn.

Every process is asked before each change, so that it keeps the page; and the very next request to
each of them shows the change. So it is with the memory of each process, and with Redis.
"""

import contextlib
import signal
import subprocess
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from cms.accounts.models import User
from cms.catalogs.models import ProcessOffice
from cms.moderation.services import approve_submission, publish_waiting
from cms.published.models import PublishedCandidacy
from tests import database_server, own_database
from tests.faults.scene import TEXT, VALIDATORS, set_scene
from tests.site.servers import gunicorn
from tests.site.workers import Answer, Reader, readers
from tests.waiting import free_port, wait_until

SERVERS = 2
STORES = ("memory", "redis")
# One candidacy for each test that changes one.
APPROVED, WITHDRAWN, ENDED, SILENCED, WHILE_REDIS_HANGS, WITHOUT_REDIS = range(6)
CANDIDACIES = 6
# How long after now a date begins to count: the pages are read before.
SOON = timedelta(seconds=3)
# How long each process waits for a Redis that hangs.
REDIS_SECONDS = 1


@pytest.fixture(scope="module", params=STORES)
def store(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def env(
    store: str,
    django_db_setup: None,
    django_db_blocker: Any,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[dict[str, str]]:
    """A database that these tests and the servers share, where what is committed stays."""
    name = f"servers_{store}"
    env = own_database.create(name, tmp_path_factory.mktemp("data"))
    within = settings.DATABASES["default"]["NAME"]
    with django_db_blocker.unblock():
        _use(database_server.own_name(name))
        yield env
        _use(within)
    own_database.drop(name)


def _use(database: str) -> None:
    connection.close()
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = database


@pytest.fixture(scope="module")
def redis(store: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A Redis without a disk, and its address; neither where the store is memory."""
    if store == "memory":
        yield SimpleNamespace(url="", process=None)
        return
    port = free_port()
    process = subprocess.Popen(
        ["redis-server", "--port", str(port), "--save", "", "--bind", "127.0.0.1"],
        cwd=tmp_path_factory.mktemp("redis"),
        stdout=subprocess.DEVNULL,
    )
    yield SimpleNamespace(url=f"redis://127.0.0.1:{port}/0", process=process)
    process.kill()
    process.wait()


@pytest.fixture(scope="module")
def scene(env: dict[str, str]) -> list[dict[str, Any]]:
    """Candidacies whose questionnaires are under review."""
    made: list[dict[str, Any]] = set_scene(CANDIDACIES)["submissions"]
    return made


@pytest.fixture(scope="module")
def everywhere(
    env: dict[str, str], redis: Any, scene: list[dict[str, Any]]
) -> Iterator[list[Reader]]:
    """A reader for each process of both servers."""
    with contextlib.ExitStack() as stack:
        found: list[Reader] = []
        for _server in range(SERVERS):
            process, port = stack.enter_context(gunicorn({**env, "REDIS_URL": redis.url}))
            found += stack.enter_context(readers(process.pid, port))
        yield found


class Pages:
    """Where a candidacy is shown, as every process answers."""

    def __init__(self, everywhere: list[Reader], number: int) -> None:
        self._everywhere = everywhere
        self.row = PublishedCandidacy.objects.select_related("territory").get(
            name=f"Persona Ficticia {number}"
        )
        self.own = self.row.get_absolute_url()
        self.ballot = f"/municipios/{self.row.territory.slug}/"
        self.api = f"/api/v1/candidaturas/{self.row.pk}/"
        self.lists = (self.ballot, "/api/v1/candidaturas/?por_pagina=100", "/buscar/?q=persona")

    def all(self, path: str) -> list[Answer]:
        """What each process answers, one after the other."""
        return [reader.ask(path) for reader in self._everywhere]

    def keep(self) -> list[Answer]:
        """Have every process keep every page, and see that all show the candidacy."""
        given: list[Answer] = []
        for _time in range(2):
            for path in (self.own, self.api, *self.lists):
                answers = self.all(path)
                given += answers
                assert [answer.status for answer in answers] == [200] * len(self._everywhere)
                assert all(self.row.name in answer.text for answer in answers), path
        return given

    def assert_gone(self) -> None:
        """The next answer of every process does not know the candidacy."""
        for path in (self.own, self.api):
            answers = self.all(path)
            assert [answer.status for answer in answers] == [404] * len(self._everywhere)
            assert not any(self.row.name in answer.text for answer in answers)
        for path in self.lists:
            assert not any(self.row.name in answer.text for answer in self.all(path)), path


@pytest.fixture
def pages(everywhere: list[Reader]) -> Callable[[int], Pages]:
    """A function that gives the pages of a candidacy, which every process keeps."""

    def kept(number: int) -> Pages:
        found = Pages(everywhere, number)
        found.keep()
        return found

    return kept


def publish(scene: list[dict[str, Any]], number: int) -> None:
    """Approve the answers of a candidacy."""
    validator = User.objects.get(username=VALIDATORS[0])
    submission = scene[number]
    approve_submission(submission_id=submission["id"], seal=submission["seal"], validator=validator)


def office_of(row: PublishedCandidacy) -> ProcessOffice:
    return ProcessOffice.objects.get(pk=row.process_office_id)


@contextlib.contextmanager
def dated(row: PublishedCandidacy, **dates: datetime) -> Iterator[None]:
    """Give the office of a candidacy other dates, and its own ones back afterwards."""
    office = office_of(row)
    before = {name: getattr(office, name) for name in dates}
    ProcessOffice(**{**_fields(office), **dates}).save()
    yield
    ProcessOffice(**{**_fields(office), **before}).save()


def _fields(office: ProcessOffice) -> dict[str, Any]:
    return {field.attname: getattr(office, field.attname) for field in office._meta.fields}


def test_an_approval_is_shown_by_every_process(scene: list[Any], pages: Any) -> None:
    shown = pages(APPROVED)
    assert not any(TEXT in answer.text for answer in shown.all(shown.own))
    silent = [answer.text.count("Sin información capturada") for answer in shown.all(shown.ballot)]

    publish(scene, APPROVED)

    assert all(TEXT in answer.text for answer in shown.all(shown.own))
    assert all(TEXT in answer.text for answer in shown.all(shown.api))
    now = [answer.text.count("Sin información capturada") for answer in shown.all(shown.ballot)]
    assert now == [count - 1 for count in silent]


def test_a_withdrawal_is_shown_by_every_process(pages: Any) -> None:
    shown = pages(WITHDRAWN)

    shown.row.delete()

    shown.assert_gone()


def test_a_pause_and_its_end_are_shown_by_every_process(pages: Any) -> None:
    shown = pages(APPROVED)

    with dated(shown.row, visible_from=timezone.now() + timedelta(days=1)):
        shown.assert_gone()

    shown.keep()


def test_the_end_of_a_pause_that_comes_by_itself_is_shown_by_every_process(pages: Any) -> None:
    shown = pages(APPROVED)
    begins = timezone.now() + SOON

    with dated(shown.row, visible_from=begins):
        shown.assert_gone()
        wait_until(lambda: timezone.now() > begins, what="the date does not come")
        shown.keep()


def test_the_end_of_publication_is_shown_by_every_process(scene: list[Any], pages: Any) -> None:
    publish(scene, ENDED)
    ends = timezone.now() + SOON
    shown = pages(ENDED)

    with dated(shown.row, public_until=ends):
        assert all(TEXT in answer.text for answer in shown.all(shown.own))
        assert all(TEXT in answer.text for answer in shown.all(shown.api))
        wait_until(lambda: timezone.now() > ends, what="the date does not come")
        for path, status in ((shown.own, 200), (shown.api, 410)):
            answers = shown.all(path)
            assert {answer.status for answer in answers} == {status}
            assert not any(TEXT in answer.text for answer in answers)
        assert all(shown.row.name in answer.text for answer in shown.all(shown.own))


def test_what_a_silence_holds_back_is_shown_by_every_process_after_its_end(
    scene: list[dict[str, Any]], pages: Any
) -> None:
    shown = pages(SILENCED)
    day = timedelta(days=1)

    with dated(shown.row, frozen_from=timezone.now() - day, frozen_until=timezone.now() + day):
        publish(scene, SILENCED)
        publish_waiting()
        shown.keep()
        assert not any(TEXT in answer.text for answer in shown.all(shown.own))
        office = office_of(shown.row)
        office.frozen_until = timezone.now()
        office.save()
        assert publish_waiting() == 1
        assert all(TEXT in answer.text for answer in shown.all(shown.own))
        assert all(TEXT in answer.text for answer in shown.all(shown.api))

    shown.keep()


def test_what_began_to_be_silenced_stays_and_may_be_withdrawn(pages: Any) -> None:
    shown = pages(SILENCED)
    day = timedelta(days=1)

    with dated(shown.row, frozen_from=timezone.now(), frozen_until=timezone.now() + day):
        assert all(TEXT in answer.text for answer in shown.all(shown.own))
        shown.row.delete()
        shown.assert_gone()


def test_a_common_store_that_hangs_delays_few_pages_and_nothing_is_stale(
    redis: Any, pages: Any
) -> None:
    """Each process waits for it once, and then again after every pause: most pages do not wait."""
    shown = pages(WHILE_REDIS_HANGS)
    with hanging(redis.process):
        answers = shown.keep()
        shown.row.delete()
        shown.assert_gone()

    at_once = [answer for answer in answers if answer.seconds < REDIS_SECONDS]
    assert len(at_once) > len(answers) / 2, [answer.seconds for answer in answers]
    shown.assert_gone()


@contextlib.contextmanager
def hanging(process: "subprocess.Popen[bytes] | None") -> Iterator[None]:
    """A process stands still, and goes on afterwards; None: nobody does."""
    if process is not None:
        process.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        if process is not None:
            process.send_signal(signal.SIGCONT)


def test_a_withdrawal_is_shown_also_when_the_common_store_has_gone(
    store: str, redis: Any, pages: Any
) -> None:
    shown = pages(WITHOUT_REDIS)
    if redis.process is not None:
        redis.process.kill()
        redis.process.wait()
        shown.keep()

    shown.row.delete()

    shown.assert_gone()
