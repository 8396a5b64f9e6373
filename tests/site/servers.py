"""Real servers of a test: gunicorn as the image starts it, on a free port."""

import contextlib
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator

from tests import own_database

GUNICORN = (
    *(sys.executable, "-m", "gunicorn", "conoceles_site.wsgi:application"),
    *("--config", "python:conoceles_site.gunicorn"),
)


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(happens: Callable[[], bool], *, seconds: float, what: str) -> None:
    """Wait until something is so; how long a busy machine takes is no part of a test."""
    give_up = time.monotonic() + seconds
    while not happens():
        assert time.monotonic() < give_up, what
        time.sleep(0.05)


def answers(address: str) -> bool:
    """Whether a site answers at an address, whatever it says."""
    try:
        urllib.request.urlopen(address, timeout=5).read()
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True


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
