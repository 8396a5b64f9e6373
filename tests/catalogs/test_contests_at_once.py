"""Somebody removes a contest while somebody else registers in it: whoever is second waits."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connections, transaction

from cms.accounts.models import User
from cms.catalogs import contests
from cms.catalogs.contests import ContestsRefused
from cms.catalogs.models import Contest, Office, PoliticalActor, Process, ProcessOffice

pytestmark = pytest.mark.usefixtures("committed")
SECONDS = 20


@pytest.fixture
def contest(committed: None) -> Contest:
    process = Process.objects.create(slug="oaxaca-2027", name="Oaxaca 2027", entity_code="20")
    office = ProcessOffice.objects.create(
        process=process, office=Office.objects.get(code="gubernatura")
    )
    User.objects.create_superuser(username="root", password="palabra-de-prueba-4")
    contests.take_statewide(process_office=office, by=User.objects.get(username="root"))
    PoliticalActor.objects.create(process=process, key="pd", name="Partido", kind="partido")
    return office.contests.get()


def thread(work: Callable[[], None]) -> threading.Thread:
    """A thread with a connection of its own to the database of this test."""
    here = connections["default"]

    def run() -> None:
        connections["default"] = here.copy()
        try:
            work()
        finally:
            connections["default"].close()

    return threading.Thread(target=run)


def register(contest: Contest) -> None:
    from cms.candidacies.services import register_candidacy

    window = contest.process_office
    register_candidacy(
        process=window.process,
        territory=contest.territory,
        office=window.office,
        actor=window.process.actors.get(),
        name="Graciela Cenizo Tepozán",
        seat_kind="propietaria",
    )


def remove(contest: Contest) -> None:
    contests.remove_contests(
        process_office=contest.process_office,
        contest_ids=[contest.pk],
        by=User.objects.get(username="root"),
    )


def test_who_removes_waits_for_who_registers_and_is_refused(contest: Contest) -> None:
    outcomes: list[Any] = []
    begun, may_end = threading.Event(), threading.Event()

    def registering() -> None:
        with transaction.atomic():
            register(contest)
            begun.set()
            may_end.wait(SECONDS)

    def removing() -> None:
        try:
            remove(contest)
        except ContestsRefused as refused:
            outcomes.append(refused)

    first = thread(registering)
    second = thread(removing)
    first.start()
    assert begun.wait(SECONDS)
    second.start()
    second.join(1)
    assert second.is_alive()
    may_end.set()
    first.join(SECONDS)
    second.join(SECONDS)
    assert len(outcomes) == 1
    assert Contest.objects.filter(pk=contest.pk).exists()


def test_who_registers_waits_for_who_removes_and_makes_the_contest_anew(contest: Contest) -> None:
    begun, may_end = threading.Event(), threading.Event()

    def removing() -> None:
        with transaction.atomic():
            remove(contest)
            begun.set()
            may_end.wait(SECONDS)

    def registering() -> None:
        register(contest)

    first = thread(removing)
    second = thread(registering)
    first.start()
    assert begun.wait(SECONDS)
    second.start()
    second.join(1)
    assert second.is_alive()
    may_end.set()
    first.join(SECONDS)
    second.join(SECONDS)
    assert Contest.objects.filter(territory=contest.territory).count() == 1
