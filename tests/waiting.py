"""Waits for conditions; the only module of the tests that sleeps."""

import socket
import time
from collections.abc import Callable


def wait_until(happens: Callable[[], object], *, what: str, seconds: float = 120) -> None:
    """Wait until a condition is true.

    Args:
        what: the message of the failure if it never is.
        seconds: the longest wait. It is generous, since the machine may be busy.
    """
    give_up = time.monotonic() + seconds
    while not happens():
        assert time.monotonic() < give_up, what
        time.sleep(0.05)


def pause(seconds: float) -> None:
    """Let time go by where it is part of the test, as with a slow client.

    To wait for a condition, use `wait_until`.
    """
    time.sleep(seconds)


def free_port() -> int:
    """A port on which no process listens now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
