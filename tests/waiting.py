"""Waiting for something to be so: the one place where a test sleeps."""

import socket
import time
from collections.abc import Callable


def wait_until(happens: Callable[[], object], *, what: str, seconds: float = 120) -> None:
    """Wait until something is so.

    Args:
        what: said if it never happens.
        seconds: how long to wait at most. It is no expectation: a busy machine takes its time.
    """
    give_up = time.monotonic() + seconds
    while not happens():
        assert time.monotonic() < give_up, what
        time.sleep(0.05)


def pause(seconds: float) -> None:
    """Let time go by where it is part of what is tested, as with a client that is slow.

    What happens sooner or later is waited for with `wait_until`.
    """
    time.sleep(seconds)


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
