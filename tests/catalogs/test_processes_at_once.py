"""Two people set the same process up at the same time: nothing is made twice, and nothing fails."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse

from cms.accounts.models import User
from cms.catalogs import contests, offices
from cms.catalogs.models import Office, Process, ProcessOffice, Territory

pytestmark = pytest.mark.usefixtures("committed")
BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def root(committed: None) -> User:
    return User.objects.create_superuser(username="root", password="palabra-de-prueba-4")


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """What each gives, each with a connection of its own to the database of this test."""
    here = connections["default"]

    def run(work: Callable[[], Any]) -> Any:
        connections["default"] = here.copy()
        try:
            return work()
        finally:
            connections["default"].close()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def test_a_process_whose_form_is_sent_twice_at_once_is_made_once(root: User) -> None:
    def send() -> int:
        client = Client()
        client.force_login(root, backend=BACKEND)
        return client.post(reverse("process:add"), {"name": "Oaxaca 2027"}).status_code

    assert sorted(at_once(send, send, send)) == [200, 200, 302]
    assert Process.objects.count() == 1


def test_the_municipalities_of_an_entity_are_taken_by_two_at_once(root: User) -> None:
    first, second = (
        Process.objects.create(slug=slug, name=slug, entity_code="11") for slug in ("a", "b")
    )
    code = Office.objects.get(code="presidencia_municipal")
    windows = [ProcessOffice.objects.create(process=one, office=code) for one in (first, second)]

    def take(window: ProcessOffice) -> int:
        return contests.take_municipalities(process_office=window, by=root)

    found = at_once(lambda: take(windows[0]), lambda: take(windows[0]), lambda: take(windows[1]))
    assert sorted(found) == [0, 46, 46]
    assert Territory.objects.filter(kind="municipio", entity_code="11").count() == 46


def test_offices_are_added_by_two_at_once(root: User) -> None:
    process = Process.objects.create(slug="a", name="A")
    chosen = list(Office.objects.filter(code__in=["gubernatura", "regiduria"]))

    def add() -> int:
        return len(
            offices.add_offices(process=process, offices=chosen, with_silence=False, by=root)
        )

    assert sorted(at_once(add, add)) == [0, 2]
    assert process.offices.count() == 2


def test_an_entity_does_not_change_while_its_municipalities_are_taken(root: User) -> None:
    process = Process.objects.create(slug="a", name="A", entity_code="11")
    code = Office.objects.get(code="presidencia_municipal")
    window = ProcessOffice.objects.create(process=process, office=code)
    client = Client()
    client.force_login(root, backend=BACKEND)
    sent = {"name": "A", "slug": "a", "entity_code": "05"}

    at_once(
        lambda: contests.take_municipalities(process_office=window, by=root),
        lambda: client.post(reverse("process:edit", args=[process.pk]), sent),
    )

    process.refresh_from_db()
    held_in = set(window.contests.values_list("territory__entity_code", flat=True))
    assert held_in == {process.entity_code}
