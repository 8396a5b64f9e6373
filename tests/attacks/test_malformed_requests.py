"""Ten thousand malformed requests to every address, by every method and role, cause no error 500.

A request that fails is printed with its number; `malformed.request_number` makes it again.
"""

import io
import sys
from collections import Counter
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.files.images import ImageFile
from django.core.signals import got_request_exception
from django.db import transaction
from django.test import Client
from PIL import Image

from tests.attacks.held import grown, held
from tests.attacks.malformed import Malformed, addresses, request_number
from tests.database_server import ROOT
from tests.moderation.samples import accept_notice_in_force, send

REQUESTS = 10_000
# Unbounded caches may grow by these entries in the second half: far fewer than the requests.
MOST_GROWTH = 40
STAFF = ("revision_curricular", "instancia_interna", "comunicacion", "administracion", "consulta")


@dataclass
class Site:
    """The site that the requests are sent to: keys of existing rows, and a session per role."""

    ids: list[int]
    sessions: dict[str, str]


def _image() -> Any:
    from wagtail.images import get_image_model

    file = io.BytesIO()
    Image.new("RGB", (40, 30), "#445566").save(file, "PNG")
    return get_image_model().objects.create(
        title="Imagen", file=ImageFile(file, name="imagen.png"), description="Una imagen"
    )


def _session_of(user: Any) -> str:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client.cookies["sessionid"].value


@pytest.fixture
def site(make_candidacy: Any, liaison: Any, superuser: Any, complete_answers: Any) -> Site:
    """A sample of each object: public, under review, captured; and an account of every role."""
    from wagtail.models import Collection, Page, Revision, TaskState, WorkflowState

    from cms.accounts.models import User
    from cms.accounts.services import create_staff

    accept_notice_in_force(liaison)
    reviewed = make_candidacy()
    captured = make_candidacy(name="Rosa Mezquite Sauz", office="sindicatura")
    submission = send(reviewed, complete_answers, liaison)
    image = _image()
    users = {"liaison": liaison, "superuser": superuser}
    users |= {role: create_staff(username=f"prueba.{role}", role=role) for role in STAFF}
    rows = [reviewed, captured, submission, image, *users.values()]
    models = (Page, Revision, TaskState, WorkflowState, Collection, User)
    ids = {row.pk for row in rows} | {row.pk for model in models for row in model.objects.all()[:9]}
    sessions = {role: _session_of(user) for role, user in users.items()}
    return Site(sorted(ids), {"anonymous": ""} | sessions)


def _where(error: BaseException | None) -> str:
    """The type of an error, where it was raised, and the last line of our code on its way."""
    if error is None:
        return "answered 500 without an exception"
    frames = []
    trace = error.__traceback__
    while trace is not None:
        frames.append(f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}")
        trace = trace.tb_next
    ours = [frame for frame in frames if frame.startswith(str(ROOT)) and "/.venv/" not in frame]
    last = (frames or ["?"])[-1]
    through = ours[-1] if ours else "nothing of ours"
    return f"{type(error).__name__}: {str(error)[:120]!r} at {last} through {through}"


class Faults:
    """The errors of a run, each with the request that causes it."""

    def __init__(self) -> None:
        self.error: BaseException | None = None
        self.found: list[str] = []
        self.statuses: Counter[int] = Counter()
        got_request_exception.connect(self.note)

    def note(self, **_signal: Any) -> None:
        self.error = sys.exc_info()[1]

    def ask(self, client: Client, asked: Malformed, site: Site) -> None:
        """Send a request, undo its changes, and record it if it failed."""
        self.error = None
        session = asked.session if asked.session is not None else site.sessions[asked.role]
        cookie = f"sessionid={session}" if session else ""
        headers = {"HTTP_COOKIE": cookie, **asked.headers}
        with transaction.atomic():
            response = client.generic(
                asked.method, asked.path, asked.body, asked.content_type, **headers
            )
            if response.streaming:
                b"".join(response)
            transaction.set_rollback(True)
        self.statuses[response.status_code] += 1
        if response.status_code >= 500:
            self.found.append(f"{response.status_code} {asked}\n      {_where(self.error)}")


@pytest.fixture(autouse=True)
def requests_as_they_are_served(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the test client make our class of request, as the server does, and not Django's."""
    from django.test import client

    from conoceles_site.wellformed import Utf8Request

    monkeypatch.setattr(client, "WSGIRequest", Utf8Request)


@pytest.mark.django_db
def test_no_malformed_request_causes_an_error(site: Site) -> None:
    client = Client(raise_request_exception=False)
    known = addresses()
    faults = Faults()
    roles = sorted(site.sessions)
    before: dict[str, int] = {}
    for number in range(REQUESTS):
        if number == REQUESTS // 2:
            before = held()
        faults.ask(client, request_number(number, known, site.ids, roles), site)
    grew = {name: more for name, more in grown(before, held()).items() if more > MOST_GROWTH}

    assert {address.split("/")[1] for address in known} == {
        *("", "acceso", "actores.css", "admin", "api", "buscar", "candidaturas", "captura"),
        *("ayuda", "documentos", "favicon.ico", "fotos", "media", "municipios"),
        *("robots.txt", "sitemap.xml"),
    }
    assert faults.statuses.total() == REQUESTS
    assert not faults.found, "\n".join([str(faults.statuses), *faults.found])
    # The requests name rows by their keys, which are others in each database, and so are the rarer
    # answers: these are the frequent ones.
    assert {200, 302, 400, 403, 404, 405} <= set(faults.statuses)
    assert grew == {}
