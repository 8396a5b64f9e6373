"""A training copy says in everything that leaves it that its data are fictitious (ADR 0060)."""

import io
import json
from typing import Any

import openpyxl
import pytest
from django.core import checks
from django.http import HttpResponse
from django.test import Client

from cms.catalogs import training
from conoceles_site import page_store, refusals
from conoceles_site.training import HEADER, marked
from tests.security.scene import ANONYMOUS, Scene
from tests.security.walk import Address, addresses
from tests.security.walk_checks import scene  # noqa: F401

BACKEND = "django.contrib.auth.backends.ModelBackend"
MARK = "Copia de capacitación: datos ficticios"


@pytest.fixture
def training_copy(settings: Any) -> None:
    """This installation is a training copy."""
    settings.CONOCELES_TRAINING = True


def _unmarked(role: str, address: Address, response: Any) -> list[str]:
    """What of an answer does not say that the data are fictitious."""
    named = f"{address.name} for {role}: {response.status_code}"
    kind = response.get("Content-Type", "").partition(";")[0]
    disposition = response.get("Content-Disposition", "")
    if "filename" in disposition and training.FILE_PREFIX not in disposition:
        return [f"{named} {disposition}"]
    if response.status_code not in {301, 302, 304} and response.get(HEADER) is None:
        return [f"{named} has no header"]
    if response.streaming or kind not in {"text/html", "application/json"}:
        return []
    text = response.content.decode()
    if kind == "application/json":
        is_dialogue = '"step"' in text and '"html"' in text
        return [f"{named} dialogue"] if is_dialogue and MARK not in json.loads(text)["html"] else []
    # A fragment is put into a page that says it.
    is_page = "<body" in text or "<!doctype" in text.lower()
    return [named] if is_page and MARK not in text else []


@pytest.mark.django_db
def test_every_page_dialogue_and_file_says_that_the_data_are_fictitious(
    training_copy: None,
    scene: Scene,  # noqa: F811
) -> None:
    clients = {ANONYMOUS: Client(raise_request_exception=False)}
    for role in ("superuser", "liaison"):
        clients[role] = Client(raise_request_exception=False)
        clients[role].force_login(scene.accounts[role], backend=BACKEND)
    pages, unmarked = 0, []
    for address in addresses(scene):
        for role, client in clients.items():
            if role != "superuser" and address.path.startswith("/admin/"):
                continue
            response = client.get(address.path)
            pages += response.status_code == 200
            unmarked += _unmarked(role, address, response)
    assert unmarked == []
    assert pages > 200


def test_elsewhere_nothing_is_marked(client: Client, process: Any) -> None:
    for path in ("/", "/acceso/", "/no/hay/", "/api/v1/procesos/"):
        response = client.get(path)
        assert HEADER not in response
        assert "X-Robots-Tag" not in response
        assert "ficticios" not in response.content.decode()


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/no/hay/", 404),
        ("/buscar/?q=%ff", 400),
        ("/admin/no/hay/", 302),
        ("/?q=" + "x" * 9000, 414),
    ],
)
def test_errors_are_marked(
    training_copy: None, client: Client, process: Any, path: str, status: int
) -> None:
    response = client.get(path)
    assert response.status_code == status
    assert status == 302 or response.content.decode().count(MARK) == 1


@pytest.mark.parametrize("status", [400, 408, 413, 414, 431, 500, 503])
def test_what_the_web_worker_refuses_is_marked(settings: Any, status: int) -> None:
    assert MARK not in refusals.answer(status).decode()
    settings.CONOCELES_TRAINING = True
    page, problem = refusals.answer(status), refusals.answer(status, path=b"/api/v1/")
    assert MARK in page.decode()
    head, body = problem.split(b"\r\n\r\n", 1)
    assert json.loads(body)["aviso"] == MARK
    assert f"Content-Length: {len(body)}".encode() in head


def test_failures_of_ours_are_marked(training_copy: None, rf: Any) -> None:
    from conoceles_site import errors

    for answer in (
        errors.server_error(rf.get("/")),
        errors.out_of_reach(rf.get("/")),
        errors.refused(rf.get("/"), 405),
    ):
        assert answer.content.decode().count(MARK) == 1
    assert json.loads(errors.refused(rf.get("/api/v1/"), 500).content)["aviso"] == MARK


def test_the_api_says_it_in_its_documents_and_keeps_their_members(
    settings: Any, client: Client, make_candidacy: Any
) -> None:
    make_candidacy()
    usual = client.get("/api/v1/candidaturas/").json()
    settings.CONOCELES_TRAINING = True
    said = Client().get("/api/v1/candidaturas/?pagina=1").json()
    assert said.pop("aviso") == MARK
    assert said.keys() == usual.keys()


def test_robots_stay_away(training_copy: None, client: Client, process: Any) -> None:
    assert client.get("/robots.txt").content.decode() == "User-agent: *\nDisallow: /\n"
    home = client.get("/")
    assert home["X-Robots-Tag"] == "noindex, nofollow"
    assert '<meta name="robots" content="noindex">' in home.content.decode()


def test_what_was_kept_or_copied_before_is_not_taken_for_a_page_of_the_copy(
    settings: Any, client: Client, make_candidacy: Any
) -> None:
    page_store.release.cache_clear()
    address = f"/candidaturas/{make_candidacy().pk}/"
    before = client.get(address, follow=True)
    path = before.request["PATH_INFO"]
    assert client.get(path, headers={"If-None-Match": before["ETag"]}).status_code == 304
    settings.CONOCELES_TRAINING = True
    page_store.release.cache_clear()
    after = client.get(path, headers={"If-None-Match": before["ETag"]})
    assert after.status_code == 200
    assert after.content.decode().count(MARK) == 1
    assert after["ETag"] != before["ETag"]
    page_store.release.cache_clear()


def test_a_page_that_says_it_is_not_marked_twice_and_its_length_is_right() -> None:
    page = HttpResponse("<!doctype html><body class='x'><main id='m'><h1>á</h1></main></body>")
    page["Content-Length"], page["ETag"] = "5", '"x"'
    marked(page)
    once = page.content
    assert once.decode().count(MARK) == 1
    assert page["Content-Length"] == str(len(once))
    assert "ETag" not in page
    marked(page)
    assert page.content == once


@pytest.mark.parametrize(
    ("disposition", "expected"),
    [
        (
            'attachment; filename="avance.xlsx"',
            'attachment; filename="datos-ficticios-avance.xlsx"',
        ),
        ("attachment; filename=a.csv", "attachment; filename=datos-ficticios-a.csv"),
        (
            "attachment; filename*=utf-8''cr%C3%ADtico.pdf",
            "attachment; filename*=utf-8''datos-ficticios-cr%C3%ADtico.pdf",
        ),
    ],
)
def test_a_file_says_it_in_its_name(disposition: str, expected: str) -> None:
    response = HttpResponse(b"a,b\n", content_type="text/csv")
    response["Content-Disposition"] = disposition
    assert marked(response)["Content-Disposition"] == expected
    assert response.content == b"a,b\n"


def test_each_sheet_of_the_progress_says_it(
    training_copy: None, client: Client, superuser: Any, make_candidacy: Any
) -> None:
    make_candidacy()
    client.force_login(superuser, backend=BACKEND)
    response = client.post("/admin/avance/descargar/", {"proceso": "pel-2024"})
    book = openpyxl.load_workbook(io.BytesIO(response.getvalue()))
    assert {sheet["A1"].value.partition(".")[0] for sheet in book} == {MARK}


def test_an_installation_that_starts_as_a_training_copy_says_so(settings: Any) -> None:
    def warnings() -> list[str]:
        return [f"{found.id}" for found in checks.run_checks() if "conoceles" in f"{found.id}"]

    assert warnings() == []
    settings.CONOCELES_TRAINING = True
    assert warnings() == ["conoceles.W001"]
