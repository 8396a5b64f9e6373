"""/readyz answers 503 when files cannot be written, costs little, and leaves no file behind."""

import threading
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import storages
from django.db import connection
from django.test.utils import CaptureQueriesContext

from conoceles_site import health
from tests.waiting import wait_until

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    health.files.forget()
    health.migrations.forget()


def folder(alias: str) -> Path:
    storage: Any = storages[alias]
    return Path(storage.location)


@pytest.mark.parametrize("alias", health.WRITTEN)
def test_it_is_not_ready_while_a_file_is_in_the_place_of_the_folder(
    client: Any, alias: str
) -> None:
    folder(alias).parent.mkdir(parents=True, exist_ok=True)
    folder(alias).write_text("no soy una carpeta")
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["dependencias"]["archivos"] == "no se pueden escribir"
    folder(alias).unlink()
    health.files.forget()
    assert client.get("/readyz").status_code == 200


def test_every_store_that_is_written_is_checked(settings: Any) -> None:
    assert set(settings.STORAGES) - {"staticfiles"} == set(health.WRITTEN)


def test_the_check_leaves_no_file_behind(client: Any) -> None:
    assert client.get("/readyz").status_code == 200
    for alias in health.WRITTEN:
        assert list(folder(alias).iterdir()) == []


def test_asking_again_costs_one_query(client: Any) -> None:
    client.get("/readyz")
    with CaptureQueriesContext(connection) as asked:
        for _time in range(10):
            assert client.get("/readyz").status_code == 200
    assert [query["sql"] for query in asked.captured_queries] == ["select 1"] * 10


def test_a_wrong_finding_is_checked_again_soon() -> None:
    answers = iter(["mal", "ok"])
    finding = health.Finding(lambda: next(answers), seconds=60, seconds_when_wrong=0.05)
    assert finding.now() == "mal"
    wait_until(lambda: finding.now() == "ok", what="it stays wrong")


def test_only_one_thread_checks_again_and_the_others_do_not_wait_for_it() -> None:
    calls: list[int] = []
    go_on = threading.Event()

    def find() -> str:
        calls.append(1)
        if len(calls) > 1:
            go_on.wait(10)
        return "ok"

    finding = health.Finding(find, seconds=0, seconds_when_wrong=0)
    assert finding.now() == "ok"
    slow = threading.Thread(target=finding.now)
    slow.start()
    wait_until(lambda: len(calls) == 2, what="nobody finds it out again")
    assert [finding.now() for _time in range(5)] == ["ok"] * 5
    assert len(calls) == 2
    go_on.set()
    slow.join()


def test_a_page_explains_that_the_disk_fails(
    client: Any, candidacy_to_capture: Any, party_that_captures: Any
) -> None:
    from django.core.files.base import ContentFile

    from tests.odd_pictures import photo, saved

    folder("photographs").parent.mkdir(parents=True, exist_ok=True)
    folder("photographs").write_text("no soy una carpeta")
    client.force_login(party_that_captures, backend="django.contrib.auth.backends.ModelBackend")
    response = client.post(
        f"/captura/{candidacy_to_capture.pk}/foto_contacto/",
        {"fotografia_archivo": ContentFile(saved(photo()), name="f.jpg"), "quedarse": "1"},
    )
    assert response.status_code == 503
    assert "Los archivos no están disponibles" in response.content.decode()


@pytest.fixture
def candidacy_to_capture(make_candidacy: Any) -> Any:
    return make_candidacy()


@pytest.fixture
def party_that_captures(liaison: Any) -> Any:
    from cms.privacy import selectors, services

    notice = selectors.notice_in_force()
    services.accept_notice(user=liaison, notice_hash=selectors.notice_hash(notice))
    return liaison
