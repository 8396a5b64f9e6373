"""`make run` restarts processes that die, and Ctrl-C leaves none of them running."""

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode

import pytest

from cms.accounts.models import Role
from conoceles_site import embedded_postgres
from tests import own_database
from tests.waiting import free_port, pause, wait_until

pytestmark = pytest.mark.alone


@dataclass
class Running:
    """A running `make run`."""

    process: subprocess.Popen[bytes]
    port: int
    data_dir: Path
    log: Path

    def is_ready(self) -> bool:
        try:
            answer = urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=5)
            return bool(json.load(answer)["listo"])
        except (OSError, ValueError):
            return False

    def page(self) -> int:
        """The status of a public page; 0 while the site does not answer."""
        address = f"http://127.0.0.1:{self.port}/municipios/"
        try:
            return int(urllib.request.urlopen(address, timeout=5).status)
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return 0

    def postmaster(self) -> int:
        """The process id of the embedded database; 0 while it does not run."""
        file = embedded_postgres.cluster_folder(self.data_dir) / "postmaster.pid"
        with contextlib.suppress(OSError, IndexError):
            return int(file.read_text().split()[0])
        return 0

    def processes(self, words: str = "") -> list[int]:
        """The ids of all processes with this data folder whose command contains these words."""
        mark = f"CONOCELES_DATA_DIR={self.data_dir}".encode()
        found = []
        for folder in Path("/proc").iterdir():
            with contextlib.suppress(OSError, ValueError):
                command = (folder / "cmdline").read_bytes().replace(b"\0", b" ")
                ours = mark in (folder / "environ").read_bytes().split(b"\0")
                ours = ours or os.fsencode(self.data_dir) in command
                if ours and command and words.encode() in command:
                    found.append(int(folder.name))
        return found


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    data_dir = tmp_path_factory.mktemp("datos")
    port, log = free_port(), data_dir / "run.log"
    env = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    env |= {
        "CONOCELES_DATA_DIR": str(data_dir),
        "PORT": str(port),
        "DEMO": "0",
        "CONOCELES_SECOND_FACTOR": "off",
        "DJANGO_SETTINGS_MODULE": "conoceles_site.settings.development",
    }
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "conoceles_site.serve"],
            cwd=own_database.ROOT,
            env=env,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    run = Running(process, port, data_dir, log)
    try:
        wait_until(
            lambda: "Listo" in log.read_text() or process.poll() is not None,
            seconds=300,
            what="it did not start",
        )
        assert process.poll() is None, log.read_text()
        yield run
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
            process.wait(90)
        embedded_postgres.stop(data_dir)


def test_an_empty_site_works_and_its_administrator_sets_a_password(running: Running) -> None:
    browser = Browser(running.port)
    for path, status in (
        ("/", 200),
        ("/buscar/?q=agua", 200),
        ("/municipios/", 200),
        ("/municipios/torreon/", 200),
        ("/nada/", 404),
    ):
        assert browser.get(path)[0] == status, path
    printed = re.search(r"Cuenta creada: administracion / (\S+)", running.log.read_text())
    assert printed is not None
    assert browser.sign_in("administracion", printed.group(1)).endswith("/admin/")

    listed = browser.get("/admin/users/")[1]
    own = re.search(r'href="(/admin/users/edit/\d+/|/admin/users/\d+/)"', listed)
    assert own is not None
    form = {
        "username": "administracion",
        "role": Role.ADMINISTRATOR,
        "is_active": "on",
        "password1": "una-palabra-propia-24",
        "password2": "una-palabra-propia-24",
    }
    answered = browser.post(own.group(1), form)[1]
    assert "Se guardó la cuenta" in answered
    again = Browser(running.port)
    assert again.sign_in("administracion", "una-palabra-propia-24").endswith("/admin/")


class Browser:
    """A client that keeps cookies and follows redirects."""

    def __init__(self, port: int) -> None:
        self.base = f"http://localhost:{port}"
        self.jar = CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))
        self.address = ""

    def get(self, path: str, form: dict[str, str] | None = None) -> tuple[int, str]:
        body = None if form is None else urlencode(form).encode()
        request = urllib.request.Request(self.base + path, body, {"Referer": self.base + path})
        try:
            with self.opener.open(request, timeout=60) as answer:
                self.address = answer.url
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def post(self, path: str, form: dict[str, str]) -> tuple[int, str]:
        token = next(cookie.value for cookie in self.jar if cookie.name == "csrftoken")
        return self.get(path, {**form, "csrfmiddlewaretoken": str(token)})

    def sign_in(self, username: str, password: str) -> str:
        """Sign in; return the address of the page that follows."""
        self.get("/acceso/?next=/admin/")
        self.post("/acceso/?next=/admin/", {"login": username, "password": password})
        return self.address


def test_the_site_is_back_when_its_database_is_killed(running: Running) -> None:
    wait_until(running.is_ready, seconds=60, what="it is not ready")
    first = running.postmaster()
    os.kill(first, signal.SIGKILL)
    wait_until(
        lambda: running.postmaster() not in {0, first} and running.page() == 200,
        seconds=60,
        what="the site stayed down",
    )


def test_the_server_and_the_queue_come_back_when_they_are_killed(running: Running) -> None:
    for words in ("gunicorn", "procrastinate"):
        first = set(running.processes(words))
        assert first
        for pid in first:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

        def came_back(words: str = words, first: set[int] = first) -> bool:
            return bool(set(running.processes(words)) - first)

        wait_until(
            came_back,
            seconds=60,
            what=f"{words} did not come back",
        )
        wait_until(running.is_ready, seconds=60, what="it is not ready")


def test_ctrl_c_leaves_nothing_running_even_while_the_database_is_down(running: Running) -> None:
    wait_until(running.is_ready, seconds=60, what="it is not ready")
    os.kill(running.postmaster(), signal.SIGKILL)
    # A terminal also sends the signal to the whole group; an impatient user sends it twice.
    for _time in range(2):
        os.killpg(running.process.pid, signal.SIGINT)
        pause(0.2)
    assert running.process.wait(90) == 0
    assert "Terminado" in running.log.read_text()
    wait_until(lambda: not running.processes(), seconds=15, what=str(running.processes()))
