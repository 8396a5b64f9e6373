"""gunicorn finishes its requests before it stops, and replaces its workers."""

import contextlib
import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import own_database
from tests.site.servers import gunicorn
from tests.site.workers import all_workers_of, workers_of
from tests.waiting import wait_until

DATABASE = "serving"
POST = (
    b"POST /acceso/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\nExpect: 100-continue\r\n\r\n"
)
GO_ON = b"HTTP/1.1 100 Continue\r\n\r\n"


@pytest.fixture
def env(django_db_setup: None, tmp_path: Path) -> Iterator[dict[str, str]]:
    yield own_database.create(DATABASE, tmp_path)
    own_database.drop(DATABASE)


def ask(port: int, path: str = "/healthz") -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=60) as sock:
        sock.sendall(
            f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode()
        )
        return sock.recv(65536)


def begin_to_send(port: int) -> socket.socket:
    """A connection whose request the server has begun to read: its body is not complete."""
    sock = socket.create_connection(("127.0.0.1", port), timeout=60)
    sock.sendall(POST)
    assert sock.recv(100) == GO_ON
    sock.sendall(b"a=b")
    return sock


def is_refused(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=5).close()
    except ConnectionRefusedError:
        return True
    return False


def test_a_request_in_flight_is_finished_after_the_order_to_stop(env) -> None:
    with gunicorn(env) as (process, port):
        idle = socket.create_connection(("127.0.0.1", port), timeout=60)
        begun = begin_to_send(port)

        process.terminate()
        wait_until(lambda: is_refused(port), seconds=30, what="it still accepts visitors")
        begun.sendall(b"&c=defg")

        answer = begun.recv(65536)
        assert answer.startswith(b"HTTP/1.1 403")
        assert b"Connection: close" in answer
        assert idle.recv(1) == b""
        assert process.wait(60) == 0


def test_a_client_that_never_finishes_does_not_hold_up_the_stop(env) -> None:
    with gunicorn(env, "--graceful-timeout", "4") as (process, port):
        begun = begin_to_send(port)
        process.terminate()
        assert process.wait(60) == 0
        assert begun.recv(65536) == b""


def test_a_worker_that_served_its_number_of_requests_is_replaced_without_cutting_any(env) -> None:
    with gunicorn(env, "--max-requests", "5", "--max-requests-jitter", "0") as (process, port):
        first = all_workers_of(process.pid)
        sending = begin_to_send(port)

        def all_replaced_but_one() -> bool:
            assert ask(port).startswith(b"HTTP/1.1 200")
            # One worker waits for the client that is still sending.
            return len(first & workers_of(process.pid)) == 1

        wait_until(all_replaced_but_one, seconds=60, what="no worker was replaced")
        sending.sendall(b"&c=defg")
        assert sending.recv(65536).startswith(b"HTTP/1.1 403")


def test_a_killed_worker_is_replaced(env) -> None:
    with gunicorn(env) as (process, port):
        first = all_workers_of(process.pid)
        os.kill(min(first), 9)
        wait_until(
            lambda: len(workers_of(process.pid) - first) == 1, seconds=60, what="no new worker"
        )
        assert ask(port).startswith(b"HTTP/1.1 200")


def test_a_worker_that_is_alone_takes_everybody(env) -> None:
    with gunicorn(env, "--workers", "1") as (process, port), contextlib.ExitStack() as stack:
        for _visitor in range(16):
            stay = socket.create_connection(("127.0.0.1", port), timeout=60)
            stack.enter_context(stay)
            stay.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert stay.recv(65536).startswith(b"HTTP/1.1 200")
        assert len(workers_of(process.pid)) == 1
