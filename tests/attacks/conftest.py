"""One site for every attack: gunicorn with its real configuration, started once."""

import json
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests import own_database
from tests.attacks.scene import Scene

DATABASE = "conoceles_attacks"
HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever is measured here needs the machine for itself."""
    for item in items:
        if HERE in item.path.parents and "scene" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.alone)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    for _attempt in range(600):
        assert server.poll() is None, log.read_text()
        try:
            urllib.request.urlopen(address, timeout=5).read()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("the server did not start")


@pytest.fixture(scope="session")
def scene(
    tmp_path_factory: pytest.TempPathFactory, django_db_setup: None, django_db_blocker: Any
) -> Iterator[Scene]:
    """The site of all roles over the demonstration, with everybody of it signed in."""
    data_dir = tmp_path_factory.mktemp("attacks")
    port = _free_port()
    env = own_database.create(DATABASE, data_dir) | {"PORT": str(port)}
    own_database.run("load_demo", "--format", "json", env=env)
    passwords = json.loads((data_dir / "keys" / "demo_passwords.json").read_text())
    signed_in = subprocess.run(
        [sys.executable, "-m", "tests.attacks.scene", *passwords],
        cwd=own_database.ROOT,
        env=env,
        capture_output=True,
        check=True,
    )
    log = data_dir / "server.log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            [
                *(sys.executable, "-m", "gunicorn", "conoceles_site.wsgi:application"),
                *("--config", "python:conoceles_site.gunicorn", "--bind", f"127.0.0.1:{port}"),
            ],
            cwd=own_database.ROOT,
            env=env,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        _wait_for(f"http://127.0.0.1:{port}/readyz", server, log)
        yield Scene(port, env, server, log, json.loads(signed_in.stdout), passwords)
    finally:
        server.send_signal(signal.SIGTERM)
        try:
            server.wait(40)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
        own_database.drop(DATABASE)
