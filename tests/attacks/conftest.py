"""One site for every attack: gunicorn with its real configuration, started once."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests import own_database
from tests.attacks.scene import Scene
from tests.site.servers import wait_for
from tests.site.workers import all_workers_of
from tests.waiting import free_port

DATABASE = "attacks"
HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that measure the site: they need the machine for themselves."""
    for item in items:
        if HERE in item.path.parents and "scene" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.alone)


@pytest.fixture(scope="session")
def scene(
    tmp_path_factory: pytest.TempPathFactory, django_db_setup: None, django_db_blocker: Any
) -> Iterator[Scene]:
    """One site that serves both halves, with the demonstration and all its accounts signed in."""
    data_dir = tmp_path_factory.mktemp("attacks")
    port = free_port()
    env = own_database.create_with_demo(DATABASE, data_dir) | {"PORT": str(port)}
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
        wait_for(f"http://127.0.0.1:{port}/readyz", server, log)
        all_workers_of(server.pid)
        yield Scene(port, env, server, log, json.loads(signed_in.stdout), passwords)
    finally:
        server.send_signal(signal.SIGTERM)
        try:
            server.wait(40)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
        own_database.drop(DATABASE)
