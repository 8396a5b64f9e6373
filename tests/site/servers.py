"""Real servers for tests: gunicorn as the image starts it, on a free port."""

import contextlib
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from tests import own_database
from tests.waiting import free_port, wait_until

GUNICORN = (
    *(sys.executable, "-m", "gunicorn", "conoceles_site.wsgi:application"),
    *("--config", "python:conoceles_site.gunicorn"),
)


def answers(address: str) -> bool:
    """Whether a site answers at an address, also with an error."""
    try:
        urllib.request.urlopen(address, timeout=5).read()
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True


def wait_for(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until a server that was just started answers at an address without an error."""

    def serves() -> bool:
        assert server.poll() is None, log.read_text()
        try:
            urllib.request.urlopen(address, timeout=5).read()
        except OSError:
            return False
        return True

    wait_until(serves, what=f"{address} does not answer")


@contextlib.contextmanager
def gunicorn(env: dict[str, str], *options: str) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """A running site and its port; ended by SIGTERM."""
    port = free_port()
    process = subprocess.Popen(
        [*GUNICORN, "--bind", f"127.0.0.1:{port}", *options], cwd=own_database.ROOT, env=env
    )
    try:
        wait_until(
            lambda: answers(f"http://127.0.0.1:{port}/healthz") or process.poll() is not None,
            seconds=120,
            what="gunicorn did not start",
        )
        assert process.poll() is None, "gunicorn ended"
        yield process, port
    finally:
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(60)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
